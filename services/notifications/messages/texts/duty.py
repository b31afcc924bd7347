"""What is said about a duty: the days that are left, that the deadline has passed, that it was opened again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from services.notifications.messages.texts.details import DutyDetails
from services.notifications.messages.texts.statement import Statement, Urgency
from services.notifications.messages.texts.wording import moment, named, shortened, soon, time_left
from shared import indonesian
from shared.contracts.message import ON_REQUEST
from shared.contracts.vocabulary import CountsWhen, Zone

OPENED_AGAIN = "opened-again"

_PROGRESS = {
    "none": "Belum ada rancangan inovasi yang tercatat.",
    "draft": "Rancangan inovasi sudah ada dan belum disampaikan.",
    "returned": "Inovasi yang dikembalikan menunggu perbaikan dan penyampaian kembali.",
}
_ASKED = "Kantor kurator mengirim pengingat ini di luar jadwal."
_AWAITS_CURATOR = "Inovasi yang sudah disampaikan menunggu verifikasi."


@dataclass(frozen=True)
class _Words:
    """what: what the reader must know first; brief: the same, for a short message."""

    urgency: Urgency
    subject: str
    heading: str
    what: tuple[str, ...]
    brief: str
    template: str


def duty_statement(details: DutyDetails, zone: Zone, today: date) -> Statement:
    """As of the local day `today`: the words follow the days that are left, not the stage's name."""
    words = _words(details, zone, today)
    return Statement(
        alert=details.alert,
        urgency=words.urgency,
        days=(details.deadline - today).days,
        subject=words.subject,
        heading=words.heading,
        paragraphs=(*words.what, *_how(details, today)),
        facts=_facts(details, zone),
        template=words.template,
        variables=(
            shortened(details.agency),
            str(details.year),
            moment(details.deadline, details.hour, zone),
        ),
        brief=words.brief,
    )


def _words(details: DutyDetails, zone: Zone, today: date) -> _Words:
    if details.alert.reason.what == OPENED_AGAIN:
        return _opened_again(details, zone, today)
    words = _overdue(details, today) if _is_past(details, today) else _before(details, zone, today)
    if details.alert.reason.what == ON_REQUEST:
        return replace(words, what=(*words.what, _ASKED), brief=f"{words.brief} {_ASKED}")
    return words


def _before(details: DutyDetails, zone: Zone, today: date) -> _Words:
    name, year = shortened(details.agency), details.year
    when = time_left(details.deadline, details.hour, zone, today)
    if (details.deadline - today).days > 1:
        urgency = Urgency.BEFORE
        subject = f"Pengingat: inovasi {year} {name}, tenggat {indonesian.day(details.deadline)}"
    else:
        urgency = Urgency.TODAY
        subject = f"Pengingat: tenggat inovasi {year} {name} {soon(details.deadline, details.hour, zone, today)}"
    return _Words(
        urgency=urgency,
        subject=subject,
        heading=f"{details.agency}: kewajiban inovasi tahun {year}",
        what=(f"Kewajiban inovasi tahun {year} tercatat belum terpenuhi. {when}", _state(details)),
        brief=f"{when} {_state(details)}",
        template="satu_pengingat_kewajiban",
    )


def _overdue(details: DutyDetails, today: date) -> _Words:
    days = (today - details.deadline).days
    passed = f"Tenggat telah lewat {days} hari" if days > 0 else "Tenggat telah lewat"
    return _Words(
        urgency=Urgency.OVERDUE,
        subject=f"Kewajiban inovasi {details.year} {shortened(details.agency)} melewati tenggat",
        heading=f"{details.agency}: kewajiban inovasi tahun {details.year} melewati tenggat",
        what=(f"{passed} dan kewajiban tercatat belum terpenuhi.", _state(details)),
        brief=f"{_state(details)} Penyampaian setelah tenggat tetap diterima dan dicatat.",
        template="satu_kewajiban_lewat_tenggat",
    )


def _opened_again(details: DutyDetails, zone: Zone, today: date) -> _Words:
    when = time_left(details.deadline, details.hour, zone, today)
    return _Words(
        urgency=Urgency.OPENED_AGAIN,
        subject=f"Kewajiban inovasi {details.year} {shortened(details.agency)} terbuka kembali",
        heading=f"{details.agency}: kewajiban inovasi tahun {details.year} terbuka kembali",
        what=(f"{_cause(details)} {when}", _state(details)),
        brief=f"{_cause(details, short=True)} {when}",
        template="satu_kewajiban_terbuka_kembali",
    )


def _cause(details: DutyDetails, *, short: bool = False) -> str:
    innovation = named(shortened(details.innovation) if short else details.innovation)
    match details.opened_by:
        case "returned":
            cause = f"{innovation} dikembalikan untuk diperbaiki"
        case "withdrawn":
            cause = f"{innovation} ditarik"
        case "moved":
            cause = f"{innovation} dipindahkan ke perangkat daerah atau tahun lain"
        case "exemption":
            cause = "Pengecualian dari kewajiban dicabut"
        case _:
            return f"Kewajiban tahun {details.year} terbuka kembali."
    return f"{cause}, sehingga kewajiban tahun {details.year} terbuka kembali."


def _state(details: DutyDetails) -> str:
    counted = "diverifikasi" if details.counts_when is CountsWhen.VERIFIED else "disampaikan"
    sentence = f"Tercatat {details.counted} dari {details.minimum} inovasi yang {counted}."
    awaits = details.progress == "submitted" and details.counts_when is CountsWhen.VERIFIED
    progress = _AWAITS_CURATOR if awaits else _PROGRESS.get(details.progress, "")
    return f"{sentence} {progress}".rstrip()


def _how(details: DutyDetails, today: date) -> tuple[str, ...]:
    if _is_past(details, today):
        return (
            (
                f"Inovasi untuk tahun {details.year} masih dapat disampaikan dan akan dicatat sebagai penyampaian "
                f"setelah tenggat. Caranya: buka Satu Inovasi, buat atau lengkapi rancangan inovasi, pilih "
                f"{details.year} sebagai tahun kewajiban, lalu sampaikan."
            ),
        )
    return ("Inovasi disampaikan melalui Satu Inovasi. Jika sudah disampaikan, pesan ini dapat diabaikan.",)


def _facts(details: DutyDetails, zone: Zone) -> tuple[tuple[str, str], ...]:
    deadline = f"{indonesian.weekday(details.deadline)}, {moment(details.deadline, details.hour, zone)}"
    facts = [("Tenggat", deadline)]
    if details.previous is not None and details.previous != details.deadline:
        facts.append(("Tenggat semula", indonesian.day(details.previous)))
    if details.basis:
        facts.append(("Dasar tenggat", details.basis))
    if details.decree:
        facts.append(("Dasar kewajiban", details.decree))
    return tuple(facts)


def _is_past(details: DutyDetails, today: date) -> bool:
    """Also on the deadline's own day, once its hour has passed."""
    return today > details.deadline or details.alert.reason.what.startswith("overdue")
