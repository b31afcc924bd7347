"""The column heads of a scorecard's sheet: written by `scorecard_book.py`, read back by `workbook_reading.py`."""

from __future__ import annotations

SHEET = "Kartu Skor"
NAME = "Nama inovasi"
NATURE = "Jenis"
DIGITAL, NON_DIGITAL = "Digital", "Non digital"

NUMBER = "No"
CLAIMED_LEVEL = "Isian level"
VALUE = "Isian nilai"
UNIT = "Satuan"
BASIS = "Basis"
PROOFS = "Jumlah data pendukung"

HEADS: tuple[str, ...] = (
    NUMBER,
    "Variabel",
    "Indikator",
    "Bobot",
    "Wajib",
    CLAIMED_LEVEL,
    VALUE,
    UNIT,
    BASIS,
    PROOFS,
    "Tanggal data pendukung",
    "Level",
    "Poin",
    "Level terverifikasi",
    "Poin terverifikasi",
    "Data pendukung yang diminta",
    "Kekurangan",
    "Langkah berikutnya",
    "Penjelasan",
)
"""In the order of the sheet. Those from `Isian level` to `Jumlah data pendukung` are what an agency fills in."""

REQUIRED: tuple[str, ...] = (NUMBER, CLAIMED_LEVEL, VALUE, UNIT, BASIS, PROOFS)
"""Without these the sheet cannot be read."""
