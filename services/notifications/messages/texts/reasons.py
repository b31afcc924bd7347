"""Words for what a reason is about, in lists and exports."""

from __future__ import annotations

from shared.contracts.message import ON_REQUEST, Reason
from shared.contracts.vocabulary import ReasonKind

_WORDS = {
    ON_REQUEST: "Pengingat dari kantor kurator",
    "opened-again": "Kewajiban terbuka kembali",
    "returned": "Inovasi dikembalikan",
    "verified": "Inovasi diverifikasi",
    "scored": "Inovasi dinilai",
    "confirm": "Konfirmasi kontak",
    "unreachable": "Kontak tidak dapat dihubungi",
    "moved": "Tenggat berubah",
    "cancelled": "Tenggat dibatalkan",
    "registry-behind": "Data penyampaian belum lengkap",
    "weekly": "Laporan mingguan",
    "endpoint-disabled": "Penerima webhook dinonaktifkan",
    "follow-up": "Pertanyaan tindak lanjut inovasi",
    "follow-up-lapsed": "Pertanyaan tindak lanjut tidak dijawab",
    "right-ends": "Pelindungan kekayaan intelektual berakhir",
    "staff-leaves": "Pelaksana inovasi tidak ada lagi",
    "withdrawal-asked": "Permohonan penarikan inovasi",
    "withdrawal-declined": "Permohonan penarikan ditolak",
    "withdrawn": "Inovasi ditarik kurator",
    "ideas-received": "Gagasan masyarakat menunggu keputusan",
    "idea-handed-over": "Gagasan masyarakat diserahkan",
}
_BEFORE, _OVERDUE = "before-", "overdue"


def reason_words(reason: Reason) -> str:
    """`Pengingat 14 hari sebelum tenggat`, `Melewati tenggat 8 hari`, `Inovasi dikembalikan`. A stage of a region's own
    ladder is named by its days."""
    if reason.kind is not ReasonKind.DUTY or reason.what in _WORDS:
        return _WORDS.get(reason.what, reason.what)
    if reason.what.startswith(_BEFORE):
        return f"Pengingat {reason.what.removeprefix(_BEFORE)} hari sebelum tenggat"
    days = reason.what.removeprefix(_OVERDUE).removeprefix("-")
    return f"Melewati tenggat {days} hari" if days else "Melewati tenggat"
