"""Follow-ups: the periodic question whether an innovation is still in use, its answers, and what lapsed."""

from __future__ import annotations

import calendar
import zlib
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.registry.continuation.rules import FollowUpRules
from services.registry.evidence.attachment import Attachment
from services.registry.fields import Day, Remark, Subject, Unit
from shared.contracts.continuation import Use
from shared.contracts.contract import EXACT

MOST_FOLLOW_UPS = 100
"""Of the follow-ups of one innovation so many are kept, the newest ones."""

MOST_FILES_OF_AN_ANSWER = 10
SOONEST = 14  # days from the moment at which the first question is planned to the day on which it is asked

SPREAD = 13
"""Weeks over which first questions are spread that an upgrade or an import would let come all at once."""

_WEEKS_OF_A_MONTH = 4

_MOST = Decimal(1_000_000_000_000)


class Figure(BaseModel):
    """A figure of use: `warga terlayani`, 1250, `orang`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: Subject
    value: Annotated[Decimal, Field(ge=-_MOST, le=_MOST, decimal_places=4), *EXACT]
    unit: Unit | None = None


class UseEntry(BaseModel):
    """Whether it is in use; reason: why it rests or has ended."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    use: Use
    reason: Remark | None = None

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        if self.use is not Use.LIVE and self.reason is None:
            raise ValueError("inovasi yang tidak dipakai lagi memerlukan alasan")
        return self


class Answer(UseEntry):
    """The owner's answer. figures, note: of its use."""

    figures: tuple[Figure, ...] = Field(default=(), max_length=20)
    note: Remark | None = None


class Question(BaseModel):
    """The open question. number: n-th of this innovation; asked_on, until: local days; files: proofs that were uploaded
    for the answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    asked_on: date
    until: date
    files: tuple[Attachment, ...] = ()


class FollowUp(BaseModel):
    """A question that is settled. answered_at, by: None when it lapsed; lapsed_on: the local day on which it did."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    asked_on: date
    answer: Answer | None = None
    answered_at: datetime | None = None
    by: str = ""
    lapsed_on: date | None = None
    files: tuple[Attachment, ...] = ()


class FollowUpPlan(BaseModel):
    """The body of a plan: the day of the next question."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asked_on: Day


def question(number: int, asked_on: date, rules: FollowUpRules, files: tuple[Attachment, ...] = ()) -> Question:
    """The question that is asked on that day."""
    until = asked_on + timedelta(days=rules.answer_within_days)
    return Question(number=number, asked_on=asked_on, until=until, files=files)


def first_day(
    verified_on: date, rules: FollowUpRules, today: date, *, agency: str, innovation: str, imported: bool = False
) -> date:
    """The day of the first question about an innovation that was verified on that day. What nobody has asked about in
    time, and what was imported, comes in many at once: an agency's questions come on a weekday of its own, and its
    innovations (ids) by weeks."""
    due, soonest = months_later(verified_on, rules.every_months), today + timedelta(days=SOONEST)
    if due >= soonest and not imported:
        return due
    weeks = min(SPREAD, rules.every_months * _WEEKS_OF_A_MONTH)
    days = zlib.crc32(agency.encode()) % 7 + 7 * (zlib.crc32(innovation.encode()) % weeks)
    return max(due, soonest) + timedelta(days=days)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
