"""The sheet `Hasil resmi`: scores and predicates that the ministry gave in national rounds."""

from __future__ import annotations

from shared.tables.sheet import CellKind, Column, Sheet

OFFICIAL = Sheet(
    "official",
    "Hasil resmi",
    (
        Column("innovation", "ID inovasi", synonyms=("id",), width=38, help="Diisi oleh sistem; boleh kosong."),
        Column(
            "name",
            "Nama inovasi",
            synonyms=("inovasi", "judul inovasi", "nama inovasi daerah"),
            width=48,
            help="Untuk hasil daerah sendiri: nama daerah.",
        ),
        Column("agency", "Perangkat daerah", synonyms=("opd", "nama opd", "skpd"), width=40),
        Column(
            "score", "Skor", CellKind.NUMBER, ("nilai", "skor kematangan", "nilai kematangan", "indeks"), required=True
        ),
        Column("predicate", "Predikat", synonyms=("kategori",), width=20),
        Column("dated", "Tanggal", CellKind.DAY, ("tanggal penetapan", "tanggal pengumuman"), required=True),
        Column("source", "Sumber", synonyms=("dasar", "nomor surat", "nomor keputusan"), required=True, width=48),
        Column("year", "Tahun", CellKind.YEAR, ("tahun penilaian", "tahun iga"), width=8, help="Tahun penilaian."),
    ),
    ("hasil", "hasil penilaian", "nilai resmi"),
)
