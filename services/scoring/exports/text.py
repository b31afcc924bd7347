"""Words for slugs in Bahasa Indonesia."""

from __future__ import annotations

from shared.contracts.affairs import AFFAIR_NAMES

_WORDS = {
    "rsud": "RSUD",
    "upt": "UPT",
    "bumd": "BUMD",
    "digital": "Digital",
    "non_digital": "Non digital",
    "tata_kelola": "Tata kelola pemerintahan daerah",
    "pelayanan_publik": "Pelayanan publik",
    "bentuk_lainnya": "Bentuk lainnya sesuai urusan",
    "submitted": "Diajukan",
    "returned": "Dikembalikan",
    "verified": "Terverifikasi",
    "withdrawn": "Ditarik",
    "perangkat_daerah": "Perangkat daerah",
    "desa_kelurahan": "Desa/Kelurahan",
    "belum_diketahui": "Belum diketahui",
    "up": "naik",
    "down": "turun",
    "same": "tetap",
    "new": "baru",
}


def word(slug: str | None) -> str:
    """The words for a slug of a closed list; the slug itself, capitalised, when it has none."""
    if slug is None:
        return ""
    return _WORDS.get(slug) or AFFAIR_NAMES.get(slug) or slug.replace("_", " ").capitalize()
