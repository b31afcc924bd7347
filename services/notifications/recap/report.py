"""The facts of one agency's year, for reward and sanction: people decide. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from services.notifications.messages.message import NOT_TOLD, TOLD, Message
from services.notifications.messages.texts.reasons import reason_words
from services.notifications.recap.facts import DutyBrief, DutyFacts, Shown
from services.notifications.recap.recap import RecapDeadline
from services.notifications.recap.words import FACTS_ONLY
from shared.contracts.message import Reason
from shared.contracts.vocabulary import AgencyKind, CountsWhen, ReasonKind


class DeadlineFacts(RecapDeadline):
    """One revision of the year's deadline, the highest in force."""

    revision: int
    set_at: datetime


class ReminderFacts(Shown):
    """A stage at which the agency was reminded of this duty. what: a stable slug, words: for people; first_on: the
    local day of the first message; told: messages that a provider accepted; failed: that reached nobody; pending:
    neither."""

    what: str
    words: str
    first_on: date
    told: int
    failed: int
    pending: int


class AgencyFacts(Shown):
    """What is recorded of one agency's year. as_of: the local day on which it was read; deadlines: every revision of
    the year's, the last in force; counts_when, policy_decree: of the duty policy of that year; years: the five years
    with a deadline before it; reminders: by their first day; statement: what this report is not."""

    region: str
    region_name: str
    agency: str
    agency_name: str
    kind: AgencyKind
    obliged_from: int | None
    retired_on: date | None
    as_of: date
    duty: DutyFacts
    counts_when: CountsWhen
    policy_decree: str
    deadlines: tuple[DeadlineFacts, ...]
    years: tuple[DutyBrief, ...]
    reminders: tuple[ReminderFacts, ...]
    statement: str = FACTS_ONLY


def reminders_of(messages: Iterable[Message], agency: str, year: int) -> tuple[ReminderFacts, ...]:
    """The stages of this duty that messages told of."""
    by_what: dict[str, list[Message]] = {}
    reasons: dict[str, Reason] = {}
    for message in messages:
        for reason in {each.reason.what: each.reason for each in message.alerts}.values():
            if reason.kind is ReasonKind.DUTY and (reason.agency, reason.year) == (agency, year):
                by_what.setdefault(reason.what, []).append(message)
                reasons[reason.what] = reason
    found = [
        ReminderFacts(
            what=what,
            words=reason_words(reasons[what]),
            first_on=min(each.as_of for each in some),
            told=sum(each.status in TOLD for each in some),
            failed=sum(each.status in NOT_TOLD for each in some),
            pending=sum(each.status not in (*TOLD, *NOT_TOLD) for each in some),
        )
        for what, some in by_what.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.first_on, each.what)))
