"""The sheet `Perangkat Daerah`."""

from __future__ import annotations

from shared.tables.choices import AGENCY_KINDS
from shared.tables.sheet import CellKind, Choice, Column, Sheet

EVERY_YEAR = "all"
"""The value of `obliged_from` for an agency that owes for every year."""

AGENCIES = Sheet(
    "agencies",
    "Perangkat Daerah",
    (
        Column(
            "name",
            "Nama perangkat daerah",
            synonyms=("nama", "perangkat daerah", "opd", "nama opd", "skpd", "nama skpd", "nama unit", "unit kerja"),
            required=True,
            width=44,
        ),
        Column(
            "kind",
            "Jenis",
            CellKind.CHOICE,
            ("jenis perangkat daerah", "kategori", "bentuk"),
            required=True,
            choices=AGENCY_KINDS,
        ),
        Column(
            "parent",
            "Induk",
            synonyms=("perangkat daerah induk", "opd induk", "dinas induk", "induk organisasi"),
            width=32,
            help="Nama perangkat daerah induknya, misalnya dinas dari sebuah puskesmas.",
        ),
        Column(
            "obliged_from",
            "Wajib sejak tahun",
            CellKind.YEAR,
            ("wajib sejak", "tahun wajib", "mulai wajib", "berlaku sejak tahun"),
            choices=(Choice(EVERY_YEAR, "semua tahun", ("semua", "selalu")),),
            help="Tahun kewajiban pertama, atau: semua tahun. Kosong: tahun berjalan.",
        ),
        Column(
            "retired_on",
            "Ditutup tanggal",
            CellKind.DAY,
            ("tanggal ditutup", "ditutup", "tanggal tutup", "dihapus tanggal", "tanggal penghapusan"),
            help="Hari pertama perangkat daerah ini tidak ada lagi.",
        ),
        Column(
            "successor",
            "Penerus",
            synonyms=("diteruskan oleh", "perangkat daerah penerus", "digabung ke", "bergabung ke", "dilebur ke"),
            width=32,
            help="Nama perangkat daerah yang meneruskan tugasnya.",
        ),
        Column("id", "ID", CellKind.ID, ("id perangkat daerah",), width=38, help="Biarkan kosong untuk yang baru."),
    ),
    ("opd", "skpd", "perangkat daerah dan unit", "daftar perangkat daerah", "daftar opd", "unit kerja"),
)
