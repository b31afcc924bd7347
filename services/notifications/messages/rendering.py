"""Renders the text of a message, with all its alerts, in Bahasa Indonesia, as plain text and as HTML.

The wording addresses the agency, reports, and neither threatens nor decides. It uses no more personal data than the
salutation needs (UU 27/2022).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from services.notifications.messages.alert import ReminderStage
from services.notifications.messages.rendered import RenderedMessage
from shared import indonesian
from shared.contracts.message import Alert
from shared.contracts.obligation import ObligationState
from shared.contracts.vocabulary import CountsWhen

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["AlertDetails", "RenderedMessage", "render"]


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
class AlertDetails:
    """An alert with the facts that its text needs. agency: its name."""

    alert: Alert
    agency: str
    obligation: ObligationState
    counts_when: CountsWhen


@dataclass(frozen=True)
class AlertText:
    """The text of one alert."""

    agency: str
    year: int
    sentence: str
    deadline: str
    progress: str


def subject_of(alerts: Sequence[AlertDetails]) -> str:
    """The subject line; for several alerts it says how many."""
    overdue = [each for each in alerts if each.alert.reason.what == ReminderStage.OVERDUE]
    if len(alerts) > 1:
        passed = f", {len(overdue)} melewati tenggat" if overdue else ""
        return f"Kewajiban satu inovasi: {len(alerts)} pengingat{passed}"
    only = alerts[0]
    if overdue:
        return f"Kewajiban satu inovasi {only.obligation.year} {only.agency} melewati tenggat"
    return (
        f"Pengingat: inovasi {only.obligation.year} {only.agency}, tenggat {indonesian.day(only.obligation.deadline)}"
    )


def text_of(details: AlertDetails, today: date) -> AlertText:
    """The text of one alert as of the local day `today`."""
    obligation = details.obligation
    left = (obligation.deadline - today).days
    if details.alert.reason.what == ReminderStage.OVERDUE:
        sentence = "Tenggat telah lewat dan kewajiban belum terpenuhi."
    elif left == 0:
        sentence = "Kewajiban belum terpenuhi dan hari ini adalah tenggatnya."
    else:
        sentence = f"Kewajiban belum terpenuhi; tersisa {left} hari sampai tenggat."
    counted = "diverifikasi" if details.counts_when is CountsWhen.VERIFIED else "disampaikan"
    progress = f"Tercatat {len(obligation.counted)} dari {obligation.minimum} inovasi yang {counted}."
    return AlertText(details.agency, obligation.year, sentence, indonesian.day(obligation.deadline), progress)


def render(
    *,
    message: str,
    mail: str,
    to: str,
    name: str,
    region: str,
    alerts: Sequence[AlertDetails],
    today: date,
    reply_to: bool,
) -> RenderedMessage:
    """Render a message. alerts: at least one, in reading order; reply_to: whether the text may invite a reply."""
    subject = subject_of(alerts)
    context = {
        "name": name,
        "region": region,
        "subject": subject,
        "items": [text_of(each, today) for each in alerts],
        "reply_to": reply_to,
    }
    return RenderedMessage(
        message=message,
        mail=mail,
        alerts=tuple(each.alert for each in alerts),
        to=to,
        name=name,
        subject=subject,
        text=_templates().get_template("alert.txt").render(context),
        html=_templates().get_template("alert.html").render(context),
    )
