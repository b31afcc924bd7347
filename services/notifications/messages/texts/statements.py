"""From the facts of each reason to its statement, the most urgent first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from services.notifications.messages.texts.cleaning import cleaned
from services.notifications.messages.texts.contact import contact_statement
from services.notifications.messages.texts.deadline import deadline_statement
from services.notifications.messages.texts.details import (
    AlertDetails,
    ContactDetails,
    DeadlineDetails,
    DutyDetails,
    EndpointDetails,
    IdeaDetails,
    InnovationDetails,
    QuestionDetails,
    RegionDetails,
)
from services.notifications.messages.texts.duty import duty_statement
from services.notifications.messages.texts.endpoint import endpoint_statement
from services.notifications.messages.texts.idea import idea_statement
from services.notifications.messages.texts.innovation import innovation_statement
from services.notifications.messages.texts.question import question_statement
from services.notifications.messages.texts.report import report_statement
from services.notifications.messages.texts.statement import Statement
from shared.contracts.message import ON_REQUEST
from shared.contracts.vocabulary import ReasonKind


def statement_of(details: AlertDetails, region: RegionDetails, today: date) -> Statement:  # noqa: PLR0911 - one for each kind
    """What one reason says on the local day `today`. Names and other free values are cleaned first."""
    clean = cleaned(details)
    if isinstance(clean, DutyDetails):
        return duty_statement(clean, region.zone, today)
    if isinstance(clean, InnovationDetails):
        return innovation_statement(clean, region.zone, today)
    if isinstance(clean, DeadlineDetails):
        return deadline_statement(clean, region.name, region.zone, today)
    if isinstance(clean, ContactDetails):
        return contact_statement(clean, region.name)
    if isinstance(clean, EndpointDetails):
        return endpoint_statement(clean, region.name)
    if isinstance(clean, QuestionDetails):
        return question_statement(clean, region.name, today)
    if isinstance(clean, IdeaDetails):
        return idea_statement(clean, region.name)
    return report_statement(clean, region.name, region.zone)


def without_repeats(details: Sequence[AlertDetails]) -> list[AlertDetails]:
    """Without what a curator has asked for of a duty of which a stage is told as well: both say the same."""
    staged = {_duty(each) for each in details if not _is_asked(each)}
    return [each for each in details if not (_is_asked(each) and _duty(each) in staged)]


def _is_asked(details: AlertDetails) -> bool:
    return details.alert.reason.what == ON_REQUEST


def _duty(details: AlertDetails) -> tuple[str | None, int | None] | None:
    reason = details.alert.reason
    return (reason.agency, reason.year) if reason.kind is ReasonKind.DUTY else None


def in_order(details: Sequence[AlertDetails], region: RegionDetails, today: date) -> list[Statement]:
    """The statements of a message: the most urgent first, within one urgency the nearest deadline; then as given."""
    statements = [statement_of(each, region, today) for each in without_repeats(details)]
    return sorted(statements, key=lambda each: (each.urgency, each.days))
