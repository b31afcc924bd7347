"""An agency's duty in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.portal.model.views.duty import DutyView
from services.portal.pages.formats import day
from services.portal.pages.language import N_, _
from shared import indonesian
from shared.contracts.vocabulary import ObligationStatus

_SOON = 30  # days
_GROUNDS = {
    "decree": N_("Dikecualikan dengan surat keputusan."),
    "retired": N_("Perangkat daerah ini sudah tidak ada pada batas waktu."),
    "not_obliged": N_("Perangkat daerah ini tidak diwajibkan untuk tahun ini."),
    "cancelled": N_("Batas waktu tahun ini dibatalkan."),
}


@dataclass(frozen=True)
class DutyWords:
    """state: a word for the tag; kind: of the tag; countdown: how many days are left or over, empty where that means
    nothing; text: what it means for the agency; urgent: something must be done now."""

    year: int
    state: str
    kind: str
    countdown: str
    text: str
    deadline: str
    urgent: bool = False


def in_words(duty: DutyView, today: date) -> DutyWords:
    """The duty on a local day."""
    left = duty.days_left(today)
    deadline = day(duty.deadline)
    if duty.hour is not None:
        deadline = _("%(day)s pukul %(hour)s") % {"day": deadline, "hour": indonesian.hour(duty.hour)}
    state, kind, countdown, text = _state(duty, left)
    lacking = bool(duty.missing) and duty.waiting is None
    urgent = duty.status is ObligationStatus.OVERDUE or (lacking and left <= _SOON)
    return DutyWords(duty.year, state, kind, countdown, text, deadline, urgent)


def _state(duty: DutyView, left: int) -> tuple[str, str, str, str]:  # noqa: PLR0911 - one for each state
    match duty.status:
        case ObligationStatus.FULFILLED if duty.late:
            return _("Terpenuhi, terlambat"), "warning", "", _("Kewajiban terpenuhi sesudah batas waktu.")
        case ObligationStatus.FULFILLED:
            return _("Terpenuhi"), "success", "", _("Tidak ada yang perlu dilakukan lagi untuk tahun ini.")
        case ObligationStatus.EXEMPTED:
            return _("Dikecualikan"), "neutral", "", _(_GROUNDS.get(duty.ground or "", _GROUNDS["decree"]))
        case ObligationStatus.OVERDUE:
            over = _("Lewat %(days)s hari") % {"days": -left} if left < 0 else _("Lewat batas waktu")
            text = _("Ajukan segera; pengajuan sesudah batas waktu dicatat terlambat.")
            return _("Terlambat"), "error", over, text
    if duty.waiting == "verification":
        return _("Menunggu verifikasi"), "info", "", _("Inovasi sudah diajukan; kurator memeriksanya.")
    if duty.waiting == "registry":
        return _("Menunggu kepastian"), "info", "", _("Sedang dipastikan apa yang diajukan sebelum batas waktu.")
    text = _("Belum cukup inovasi yang diajukan: kurang %(number)s.") % {"number": duty.missing}
    return _("Belum terpenuhi"), "warning" if left <= _SOON else "info", _countdown(left), text


def _countdown(left: int) -> str:
    if left == 0:
        return _("Hari terakhir")
    return _("%(days)s hari lagi") % {"days": left} if left > 0 else _("Lewat batas waktu")
