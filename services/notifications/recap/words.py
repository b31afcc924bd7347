"""The words of the recap in Bahasa Indonesia. Pure."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.recap.facts import CommitmentFacts, DecreeFacts, DutyBrief, InnovationFacts
from services.notifications.recap.recap import Recap, RecapDeadline
from shared import indonesian
from shared.contracts.vocabulary import AgencyKind, InnovationStatus, ObligationStatus

FACTS_ONLY = "Laporan ini memuat fakta yang tercatat. Penghargaan dan sanksi diputuskan oleh pejabat yang berwenang."
NONE = "–"

_KINDS = {AgencyKind.RSUD: "RSUD", AgencyKind.UPT: "UPT", AgencyKind.BUMD: "BUMD"}
_STATUSES = {
    ObligationStatus.OPEN: "Belum terpenuhi",
    ObligationStatus.FULFILLED: "Terpenuhi",
    ObligationStatus.OVERDUE: "Lewat tenggat",
    ObligationStatus.EXEMPTED: "Dikecualikan",
}
_PHASES = {ObligationPhase.WAITING: "Menunggu verifikasi", ObligationPhase.REGISTRY: "Menunggu data penyampaian"}
_GROUNDS = {
    "decree": "Dikecualikan (SK)",
    "retired": "Sudah bubar",
    "not_obliged": "Tidak wajib",
    "cancelled": "Tenggat dibatalkan",
}
_INNOVATIONS = {
    InnovationStatus.DRAFT: "Draf",
    InnovationStatus.SUBMITTED: "Diajukan",
    InnovationStatus.RETURNED: "Dikembalikan",
    InnovationStatus.VERIFIED: "Terverifikasi",
    InnovationStatus.WITHDRAWN: "Ditarik",
}


def kind_words(kind: AgencyKind) -> str:
    """`Dinas`, `RSUD`."""
    return _KINDS.get(kind, kind.value.capitalize())


def status_words(duty: DutyBrief | None) -> str:
    """`Terpenuhi`, `Terpenuhi (tidak wajib)`, `Lewat tenggat`, `Menunggu verifikasi`, `Dikecualikan (SK)`, `Belum ada
    tenggat`."""
    if duty is None:
        return NONE
    if duty.status is None:
        return "Belum ada tenggat"
    if duty.status is ObligationStatus.EXEMPTED:
        return _GROUNDS.get(duty.ground or "", _STATUSES[duty.status])
    if duty.voluntary:
        return f"{_STATUSES[duty.status]} (tidak wajib)"
    return _PHASES.get(duty.phase, _STATUSES[duty.status])


def asked_words(status: ObligationStatus) -> str:
    """The words of a status that was asked for."""
    return _STATUSES[status]


def time_words(duty: DutyBrief | None) -> str:
    """`Tepat waktu`, `Terlambat 9 hari`, `Terlambat` on the day of the deadline itself, else nothing; also of one that
    owes nothing."""
    if duty is None or duty.status is None or duty.voluntary:
        return ""
    if duty.late:
        return f"Terlambat {duty.days_late} hari" if duty.days_late else "Terlambat"
    return "Tepat waktu" if duty.on_time else ""


def duty_words(duty: DutyBrief | None) -> str:
    """Both in one: `Lewat tenggat 14 hari`, `Terpenuhi, tepat waktu`, `Terpenuhi, terlambat 5 hari`."""
    status, timing = status_words(duty), time_words(duty)
    if duty is not None and duty.status is ObligationStatus.OVERDUE:
        return f"{status} {duty.days_late} hari" if duty.days_late else status
    return f"{status}, {timing[:1].lower()}{timing[1:]}" if timing else status


def innovation_words(innovation: InnovationFacts) -> str:
    """The name with the status unless it is verified: `SPIRIT`, `Gestur (diajukan)`, `(draf)`."""
    status = _INNOVATIONS[innovation.status].lower()
    if innovation.status is InnovationStatus.VERIFIED and innovation.name:
        return innovation.name
    return f"{innovation.name} ({status})" if innovation.name else f"({status})"


def innovation_status(status: InnovationStatus) -> str:
    """`Terverifikasi`."""
    return _INNOVATIONS[status]


def points(value: Decimal | None) -> str:
    """`80,5`."""
    return NONE if value is None else indonesian.number(value)


def decree_words(decree: DecreeFacts | None) -> str:
    """`100.3.3.2/417/2026, 2 November 2026`."""
    if decree is None:
        return ""
    return f"{decree.number}, {indonesian.day(decree.dated)}" if decree.dated else decree.number


def commitment_words(commitment: CommitmentFacts | None) -> str:
    """`000.9/12/2026, 3 Februari 2026; 1 dari 2 terwujud`."""
    if commitment is None:
        return ""
    signed = f"{commitment.number}, {indonesian.day(commitment.dated)}"
    return f"{signed}; {commitment.taken_up} dari {commitment.promised} terwujud" if commitment.promised else signed


def moment_words(day: date, hour: time | None) -> str:
    """`31 Desember 2026`, or with an hour `31 Desember 2026 pukul 14.00`."""
    return f"{indonesian.day(day)} pukul {indonesian.hour(hour)}" if hour else indonesian.day(day)


def deadline_words(deadline: RecapDeadline | None) -> str:
    """`31 Desember 2026 (SE 1/2026)`."""
    if deadline is None:
        return "belum ditetapkan"
    words = moment_words(deadline.date, deadline.hour) + (f" ({deadline.basis})" if deadline.basis else "")
    return f"{words}, dibatalkan" if deadline.cancelled else words


def filter_words(recap: Recap) -> str:
    """What was asked for: `Dinas, Kecamatan; Lewat tenggat; hanya yang terlambat`; nothing when all were."""
    parts = [
        ", ".join(kind_words(each) for each in recap.kinds),
        ", ".join(asked_words(each) for each in recap.statuses),
        {True: "hanya yang terlambat", False: "tanpa yang terlambat", None: ""}[recap.late],
    ]
    return "; ".join(each for each in parts if each)
