"""What a person reads: one letter with every alert of a message, in Bahasa Indonesia, as text and as HTML.

Wording stays at the level of the agency; the system reports, it never threatens or decides (UU 27/2022: no more
personal data than the salutation needs).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from services.notifications.messages.alert import ReminderStage
from shared import indonesian
from shared.contracts.message import Alert
from shared.contracts.obligation import ObligationState
from shared.contracts.vocabulary import CountsWhen

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape  # noqa: PLC0415 - slow to import

    return Environment(
        loader=PackageLoader("services.notifications"),
        autoescape=select_autoescape(("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@dataclass(frozen=True)
class Letter:
    """message: `<person>/<n>`; mail: the id that stays the same when it has to be handed over once more; alerts: what
    it tells; to, name: personal data, for the provider only."""

    message: str
    mail: str
    alerts: tuple[Alert, ...]
    to: str
    name: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class ToldAlert:
    """One alert with what its words need."""

    alert: Alert
    agency: str
    obligation: ObligationState
    counts_when: CountsWhen


@dataclass(frozen=True)
class Item:
    """One alert in words."""

    agency: str
    year: int
    sentence: str
    deadline: str
    progress: str


def subject_of(told: Sequence[ToldAlert]) -> str:
    """The subject line; a digest says how many."""
    overdue = [each for each in told if each.alert.stage == ReminderStage.OVERDUE]
    if len(told) > 1:
        passed = f", {len(overdue)} melewati tenggat" if overdue else ""
        return f"Kewajiban satu inovasi: {len(told)} pengingat{passed}"
    only = told[0]
    if overdue:
        return f"Kewajiban satu inovasi {only.obligation.year} {only.agency} melewati tenggat"
    return (
        f"Pengingat: inovasi {only.obligation.year} {only.agency}, tenggat {indonesian.day(only.obligation.deadline)}"
    )


def item_of(told: ToldAlert, today: date) -> Item:
    """One alert in words, as of the local day `today`."""
    duty = told.obligation
    left = (duty.deadline - today).days
    if told.alert.stage == ReminderStage.OVERDUE:
        sentence = "Tenggat telah lewat dan kewajiban belum terpenuhi."
    elif left == 0:
        sentence = "Kewajiban belum terpenuhi dan hari ini adalah tenggatnya."
    else:
        sentence = f"Kewajiban belum terpenuhi; tersisa {left} hari sampai tenggat."
    done = "diverifikasi" if told.counts_when is CountsWhen.VERIFIED else "disampaikan"
    progress = f"Tercatat {len(duty.counted)} dari {duty.minimum} inovasi yang {done}."
    return Item(told.agency, duty.year, sentence, indonesian.day(duty.deadline), progress)


def compose(
    *, message: str, mail: str, to: str, name: str, region: str, told: Sequence[ToldAlert], today: date, reply_to: bool
) -> Letter:
    """The letter. told: at least one, in the order in which they are to be read."""
    subject = subject_of(told)
    words = {
        "name": name,
        "region": region,
        "subject": subject,
        "items": [item_of(each, today) for each in told],
        "reply_to": reply_to,
    }
    return Letter(
        message=message,
        mail=mail,
        alerts=tuple(each.alert for each in told),
        to=to,
        name=name,
        subject=subject,
        text=_templates().get_template("alert.txt").render(words),
        html=_templates().get_template("alert.html").render(words),
    )
