"""The words for what is shown by a slug: message ids, translated where they are printed."""

from __future__ import annotations

from collections.abc import Mapping

from services.portal.curator.work.board.cell import CellState
from services.portal.figures import words
from services.portal.pages.language import N_, _
from shared.contracts.affairs import AFFAIR_NAMES
from shared.contracts.vocabulary import InnovationStatus

STAGE, NATURE, FORM = words.STAGES, words.NATURES, words.FORMS
CLASSIFICATION, KIND = words.CLASSIFICATIONS, words.AGENCY_KINDS
STATUS: Mapping[str, str] = {
    InnovationStatus.DRAFT: N_("Draf"),
    InnovationStatus.SUBMITTED: N_("Menunggu verifikasi"),
    InnovationStatus.RETURNED: N_("Dikembalikan"),
    InnovationStatus.VERIFIED: N_("Terverifikasi"),
    InnovationStatus.WITHDRAWN: N_("Ditarik"),
}
STATUS_LOOK: Mapping[str, str] = {
    InnovationStatus.DRAFT: "neutral",
    InnovationStatus.SUBMITTED: "info",
    InnovationStatus.RETURNED: "warning",
    InnovationStatus.VERIFIED: "success",
    InnovationStatus.WITHDRAWN: "neutral",
}
CELL: Mapping[str, str] = {
    CellState.OVERDUE: N_("Terlambat"),
    CellState.WAITING: N_("Menunggu verifikasi"),
    CellState.OPEN: N_("Belum ada inovasi"),
    CellState.LATE: N_("Terpenuhi, terlambat"),
    CellState.FULFILLED: N_("Terpenuhi"),
    CellState.EXEMPT: N_("Dikecualikan"),
    CellState.NONE: N_("Tidak ada kewajiban"),
}
USE: Mapping[str, str] = {
    "live": N_("Dipakai"),
    "dormant": N_("Tidur"),
    "stopped": N_("Berhenti"),
}
ACTION: Mapping[str, str] = {
    "drafted": N_("Draf dibuat"),
    "edited": N_("Isian diubah"),
    "submitted": N_("Diajukan"),
    "returned": N_("Dikembalikan kurator"),
    "verified": N_("Diverifikasi kurator"),
    "withdrawn": N_("Ditarik"),
    "withdrawal_asked": N_("Perangkat daerah meminta penarikan"),
    "withdrawal_taken_back": N_("Permintaan penarikan dibatalkan"),
    "withdrawal_declined": N_("Permintaan penarikan ditolak kurator"),
    "deleted": N_("Draf dihapus"),
    "reassigned": N_("Dipindahkan kurator"),
    "redacted": N_("Berkas disensor"),
    "imported": N_("Diimpor"),
}
DECIDED: Mapping[str, str] = {
    "points": N_("poin kematangan"),
    "other_maturity": N_("kematangan yang lain"),
    "first_submission": N_("diajukan lebih dahulu"),
    "shared": N_("peringkat bersama"),
}
ALIKE: Mapping[str, str] = {
    "same": N_("Kemungkinan besar inovasi yang sama"),
    "close": N_("Sangat mirip"),
    "related": N_("Membahas hal yang sama"),
}


def choices(of: Mapping[str, str]) -> list[tuple[str, str]]:
    """The options of a list: value and word, in the language of the request."""
    return [(str(value), _(word)) for value, word in of.items()]


def affair(slug: str) -> str:
    """The official name of an affair (urusan)."""
    return AFFAIR_NAMES.get(slug, slug)
