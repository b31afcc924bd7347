"""The tables of such an office, as rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

ROWS = [str(number) for number in range(16, 36)]
AGENCY_HEAD = ("Nama OPD", "Jenis", "Induk", "Wajib Sejak")
INNOVATION_HEAD = (
    *("Perangkat Daerah", "Tahun", "Nama Inovasi", "Status", "Tanggal Pengajuan", "Tanggal Verifikasi"),
    *("Tahapan", "Inisiator", "Klasifikasi", "Jenis", "Bentuk", "Urusan", "Pelatihan"),
    *(f"Level {row}" for row in ROWS),
    *(f"Level {row} terverifikasi" for row in ROWS),
)
COMMITMENT_HEAD = ("Perangkat Daerah", "Tahun", "Nomor Perjanjian", "Tanggal Perjanjian", "Inovasi yang dijanjikan")

Row = tuple[object, ...]


def agency(name: str, kind: str, parent: str | None = None) -> Row:
    """A line of the agencies; it owes for every year, if the policy says so."""
    return (name, kind, parent, "semua tahun")


def innovation(
    agency: str,
    name: str,
    submitted: date,
    verified: date,
    *,
    form: str = "Pelayanan publik",
    initiator: str = "OPD",
    classification: str = "Perangkat Daerah",
    training: str | None = None,
    rows: int = 10,
) -> Row:
    """A line of the innovations, verified. training: that it was made in; rows: so many of the form's rows are at
    level 3, claimed and verified: more rows are more points."""
    levels = [3 if number < rows else None for number in range(len(ROWS))]
    form_of_2026 = ("Penerapan", initiator, classification, "Digital", form, "Kesehatan", training)
    return (agency, submitted.year, name, "Terverifikasi", submitted, verified, *form_of_2026, *levels, *levels)


def sheets(
    agencies: Iterable[Row], innovations: Iterable[Row] = (), commitments: Iterable[Row] = ()
) -> dict[str, list[Row]]:
    """The workbook, without sheets that have no lines."""
    tables = {
        "Perangkat Daerah": [AGENCY_HEAD, *agencies],
        "Inovasi": [INNOVATION_HEAD, *innovations],
        "Perjanjian Inovasi": [COMMITMENT_HEAD, *commitments],
    }
    return {title: rows for title, rows in tables.items() if len(rows) > 1}
