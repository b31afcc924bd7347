"""What the documents of notifications name of the registry's: the agencies and innovations of obligations, the copies,
and the agencies of contacts and exemptions."""

from __future__ import annotations

from collections.abc import Iterable

from services.notifications.kinds import (
    CONTACT,
    CONTACT_SUCCESSION,
    ENTRY,
    EXEMPTION,
    KNOWN_AGENCY,
    KNOWN_COMMITMENT,
    KNOWN_IDEA,
    KNOWN_QUESTION,
    KNOWN_REGION,
    KNOWN_SCORE,
    OBLIGATION,
    REMINDER_REQUEST,
)
from services.notifications.reminders.asked.outcome import Outcome
from shared.contracts.idea import IdeaStatus
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import ScanRow
from shared.runtime.service import Reference

_INNOVATIONS = "facts.innovations"
_ENTRY = ("innovation", "first_submitted_at", "score")


def _formerly(row: ScanRow) -> Iterable[str]:
    """In an obligation of a release before 0.2."""
    return [each["id"] for each in row[_INNOVATIONS] or () if each["status"] != InnovationStatus.DRAFT]


def _undecided(row: ScanRow) -> Iterable[str]:
    """A closed idea is erased after a while."""
    return [] if row["status"] == IdeaStatus.CLOSED.value else [row.id]


def _submitted(row: ScanRow) -> Iterable[str]:
    return [row["innovation"]] if row["first_submitted_at"] or row["score"] else []


def _asked_for(row: ScanRow) -> Iterable[str]:
    """Of those that were known."""
    return [each["agency"] for each in row["agencies"] or () if each["outcome"] != Outcome.UNKNOWN.value]


REFERENCES = (
    Reference(KNOWN_REGION.name, "region", lambda row: [row.id]),
    Reference(KNOWN_AGENCY.name, "agency", lambda row: [row.id]),
    Reference(KNOWN_QUESTION.name, "innovation", lambda row: [row.id]),
    Reference(KNOWN_IDEA.name, "idea", _undecided, ("status",)),
    Reference(KNOWN_SCORE.name, "innovation", lambda row: [row.id]),
    Reference(OBLIGATION.name, "agency", lambda row: [row["agency"]], ("agency",)),
    Reference(OBLIGATION.name, "innovation", _formerly, (_INNOVATIONS,)),
    Reference(ENTRY.name, "agency", lambda row: [row["agency"]], ("agency",)),
    Reference(ENTRY.name, "innovation", _submitted, _ENTRY),
    Reference(KNOWN_COMMITMENT.name, "agency", lambda row: [row.id.partition("/")[0]]),
    Reference(CONTACT.name, "agency", lambda row: row["agencies"] or (), ("agencies",)),
    Reference(
        CONTACT_SUCCESSION.name, "agency", lambda row: [row.id, *filter(None, [row["successor"]])], ("successor",)
    ),
    Reference(EXEMPTION.name, "agency", lambda row: [row["agency"]], ("agency",)),
    Reference(REMINDER_REQUEST.name, "agency", _asked_for, ("agencies",)),
)
