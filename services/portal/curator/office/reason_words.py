"""The words for what an alert is about, why it waits, and by which way it goes: message ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.portal.agency.sent import reason_in_words
from services.portal.pages.language import N_, _
from shared.contracts.message import ON_REQUEST, Reason

CHANNEL = {"email": N_("Surel"), "whatsapp": N_("WhatsApp")}

WHAT = {
    ON_REQUEST: N_("Pengingat dari kantor kurator"),
    "before-30": N_("Pengingat 30 hari sebelum tenggat"),
    "before-7": N_("Pengingat 7 hari sebelum tenggat"),
    "overdue": N_("Melewati tenggat"),
    "opened-again": N_("Kewajiban terbuka kembali"),
    "moved": N_("Tenggat berubah"),
    "returned": N_("Inovasi dikembalikan"),
    "verified": N_("Inovasi diverifikasi"),
    "scored": N_("Inovasi dinilai"),
    "confirm": N_("Konfirmasi kontak"),
    "weekly": N_("Laporan mingguan"),
}
"""What can be previewed and filtered by."""

DEFERRED = {
    "log": N_("mode uji: tidak ada yang dikirim"),
    "stopped": N_("pengiriman dihentikan"),
    "allow-list": N_("hanya untuk alamat uji"),
    "held": N_("ditahan setelah pemulihan"),
    "quiet": N_("menunggu jam kerja"),
    "person-cap": N_("batas harian orang ini tercapai"),
    "region-cap": N_("batas harian daerah tercapai"),
    "unwritten": N_("belum ditulis"),
}


def words_of(reason: Mapping[str, Any]) -> str:
    """A reason as notifications answers it, in a few words."""
    found = Reason.model_validate(dict(reason))
    curators = {
        "weekly": N_("Laporan mingguan"),
        "withdrawal-asked": N_("Permintaan penarikan"),
        "ideas-received": N_("Gagasan masyarakat diterima"),
        "endpoint-disabled": N_("Penerima peristiwa dinonaktifkan"),
        "registry-behind": N_("Bukti penyampaian belum lengkap"),
    }
    return _(curators[found.what]) if found.what in curators else reason_in_words(found)
