"""The sheet `Penghargaan`: piagam, certificates and incentives that agencies and the region received. No person is
named."""

from __future__ import annotations

from shared.tables.sheet import CellKind, Choice, Column, Sheet

REGION_ITSELF = "Pemerintah daerah"
"""What stands instead of an agency's name for an award to the region."""

AWARDS = Sheet(
    "awards",
    "Penghargaan",
    (
        Column("year", "Tahun", CellKind.YEAR, ("tahun penghargaan",), required=True, width=8),
        Column(
            "kind",
            "Jenis",
            CellKind.CHOICE,
            ("jenis penghargaan",),
            required=True,
            choices=(
                Choice("piagam", "Piagam", ("piagam penghargaan",)),
                Choice("sertifikat", "Sertifikat"),
                Choice("insentif", "Insentif", ("reward", "uang pembinaan")),
                Choice("lainnya", "Lainnya", ("lain-lain",)),
            ),
        ),
        Column(
            "title",
            "Penghargaan",
            synonyms=("nama penghargaan", "judul penghargaan", "bentuk penghargaan"),
            required=True,
            width=44,
        ),
        Column(
            "giver",
            "Pemberi",
            synonyms=("pemberi penghargaan", "penyelenggara", "diberikan oleh"),
            required=True,
            width=36,
        ),
        Column(
            "agency_name",
            "Perangkat daerah",
            synonyms=("opd", "nama opd", "skpd", "nama perangkat daerah"),
            width=40,
            help=f"Kosong, atau {REGION_ITSELF}: penghargaan untuk daerah sendiri.",
        ),
        Column("innovation_name", "Nama inovasi", synonyms=("inovasi", "judul inovasi"), width=40),
        Column("number", "Nomor", synonyms=("nomor piagam", "nomor sertifikat", "nomor penghargaan"), width=24),
        Column("dated", "Tanggal", CellKind.DAY, ("tanggal penghargaan", "tanggal piagam"), width=20),
        Column("agency", "ID perangkat daerah", width=38, help="Diisi oleh sistem.", rare=True),
        Column("innovation", "ID inovasi", width=38, help="Diisi oleh sistem.", rare=True),
        Column("id", "ID", CellKind.ID, ("id penghargaan",), width=38, help="Biarkan kosong untuk yang baru."),
    ),
    ("daftar penghargaan", "rekap penghargaan", "piagam dan penghargaan"),
)
