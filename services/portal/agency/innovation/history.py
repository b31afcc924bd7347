"""What happened to an innovation, in words. Pure. People are told apart only as oneself and others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.portal.agency.innovation.detail import Innovation
from services.portal.pages.language import N_, _

_WORDS = {
    "drafted": N_("Rancangan dibuat"),
    "edited": N_("Isian diubah"),
    "submitted": N_("Diajukan"),
    "returned": N_("Dikembalikan kurator"),
    "verified": N_("Diverifikasi kurator"),
    "withdrawn": N_("Ditarik"),
    "withdrawal_asked": N_("Penarikan dimohonkan"),
    "withdrawal_taken_back": N_("Permohonan penarikan dibatalkan"),
    "withdrawal_declined": N_("Permohonan penarikan ditolak kurator"),
    "deleted": N_("Dihapus"),
    "reassigned": N_("Dipindahkan kurator"),
    "redacted": N_("Berkas dihapus karena memuat data pribadi"),
    "imported": N_("Dibawa masuk dari tabel"),
}


@dataclass(frozen=True)
class Happened:
    """reason: empty without one; own: by the person who reads this."""

    at: datetime
    text: str
    reason: str
    own: bool


def told(innovation: Innovation, account: str) -> list[Happened]:
    """The newest first."""
    return [
        Happened(each.at, _(_WORDS.get(each.action, each.action)), each.reason or "", each.by == account)
        for each in reversed(innovation.history)
    ]
