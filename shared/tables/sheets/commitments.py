"""The sheet `Perjanjian Inovasi`: what the heads of agencies have signed."""

from __future__ import annotations

from shared.tables.sheet import CellKind, Column, Sheet

COMMITMENTS = Sheet(
    "commitments",
    "Perjanjian Inovasi",
    (
        Column(
            "agency",
            "Perangkat daerah",
            synonyms=("nama perangkat daerah", "opd", "nama opd", "skpd"),
            required=True,
            width=40,
        ),
        Column("year", "Tahun", CellKind.YEAR, ("tahun perjanjian",), required=True, width=8),
        Column(
            "number",
            "Nomor perjanjian",
            synonyms=("nomor", "nomor surat", "no perjanjian", "nomor perjanjian inovasi"),
            required=True,
            width=24,
        ),
        Column(
            "signed_on",
            "Tanggal perjanjian",
            CellKind.DAY,
            ("tanggal", "tanggal ditandatangani", "ditandatangani tanggal", "tanggal penandatanganan"),
            required=True,
        ),
        Column(
            "promised",
            "Inovasi yang dijanjikan",
            CellKind.NAMES,
            ("inovasi", "judul inovasi", "nama inovasi", "rencana inovasi", "janji inovasi"),
            width=50,
            help="Beberapa inovasi dipisahkan dengan ;",
        ),
    ),
    ("perjanjian", "komitmen", "perjanjian inovasi daerah", "komitmen inovasi"),
)
