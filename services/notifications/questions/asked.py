"""What is asked about one innovation, which of its rights end, whether its team leaves, and what became of a request to
withdraw it, on which days. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from services.notifications.questions.told import NEVER, Dated, Told
from shared.contracts.continuation import ContinuationState, RightExpiry, Use
from shared.contracts.innovation import InnovationDrafted, InnovationState, WithdrawalState, WithdrawalStep
from shared.contracts.message import Reason
from shared.contracts.vocabulary import InnovationStatus, ReasonKind

__all__ = ["NEVER", "Questions"]

FOLLOW_UP, LAPSED, RIGHT_ENDS, STAFF_LEAVES = "follow-up", "follow-up-lapsed", "right-ends", "staff-leaves"
WITHDRAWAL_ASKED, WITHDRAWAL_DECLINED, WITHDRAWN = "withdrawal-asked", "withdrawal-declined", "withdrawn"

RIGHT_ENDS_WITHIN = timedelta(days=180)
"""How long before the end of a right it is told. (Ours, as the following ones; no source states any.)"""
STAFF_LEAVES_WITHIN = timedelta(days=60)
"""How long before nobody of the team is left it is told; as the registry's list of concerns."""
_STAYS_TRUE_FOR = timedelta(days=30)
"""How long is told that a question has lapsed, that nobody is left, or that the curator is asked."""
_NEWS_FOR = timedelta(days=7)
"""How long a decision is told. It is known by its moment, whose local day may be the one after its day in UTC."""

_DECISIONS = {WithdrawalStep.DECLINED: WITHDRAWAL_DECLINED, WithdrawalStep.DECIDED: WITHDRAWN}


class Questions(Dated):
    """Of one innovation. agency, year: where it is now; verified: only then something is asked; stopped: it is in use
    no more; follow_up, asked_on, until: the open question whether it is still in use, 0: none; lapsed, lapsed_on: the
    last question, if nobody has answered it; rights: those that end; staffed_until, staffing: the first day on which
    nobody of its team is left, and that day's number; withdrawal, withdrawal_step, withdrawal_since: the last request
    to withdraw it, 0: there was none."""

    innovation: str
    year: int
    name: str = ""
    verified: bool = False
    stopped: bool = False
    follow_up: int = 0
    asked_on: date | None = None
    until: date | None = None
    lapsed: int = 0
    lapsed_on: date | None = None
    rights: tuple[RightExpiry, ...] = ()
    staffed_until: date | None = None
    staffing: int = 0
    withdrawal: int = 0
    withdrawal_step: WithdrawalStep | None = None
    withdrawal_since: datetime | None = None

    @classmethod
    def of(cls, innovation: InnovationState | InnovationDrafted) -> Questions:
        """What an event says."""
        known = innovation.continuation or ContinuationState()
        submitted = innovation if isinstance(innovation, InnovationState) else None
        withdrawal = withdrawal_in(innovation)
        return cls(
            innovation=innovation.id,
            region=innovation.region,
            agency=innovation.agency,
            year=innovation.year,
            name=submitted.name if submitted else "",
            verified=innovation.status is InnovationStatus.VERIFIED,
            stopped=known.use is Use.STOPPED,
            follow_up=known.follow_up,
            asked_on=known.follow_up_on,
            until=known.follow_up_until,
            lapsed=known.lapsed,
            lapsed_on=known.lapsed_on,
            rights=known.rights,
            staffed_until=known.staffed_until,
            staffing=known.staffing,
            withdrawal=withdrawal.number if withdrawal else 0,
            withdrawal_step=withdrawal.step if withdrawal else None,
            withdrawal_since=withdrawal.since if withdrawal else None,
        )

    @property
    def told(self) -> Iterator[Told]:
        """Everything that its agency is asked or told."""
        if self.verified:
            yield from self._while_verified()
        what = _DECISIONS.get(self.withdrawal_step) if self.withdrawal_step else None
        if what is not None and self.withdrawal_since is not None:
            on = self.withdrawal_since.date()
            yield Told(what, self.withdrawal, on, on + _NEWS_FOR, on, self.withdrawal_since)

    @property
    def for_curators(self) -> Iterator[Told]:
        """That the agency asks them to withdraw it."""
        if self.withdrawal_step is WithdrawalStep.ASKED and self.withdrawal_since is not None:
            on = self.withdrawal_since.date()
            yield Told(WITHDRAWAL_ASKED, self.withdrawal, on, on + _STAYS_TRUE_FOR, on, self.withdrawal_since)

    def reason(self, told: Told) -> Reason:
        """Of what the curators are asked no agency is named: it is told to them alone."""
        return Reason(
            kind=ReasonKind.QUESTION,
            what=told.what,
            region=self.region,
            agency=None if told.what == WITHDRAWAL_ASKED else self.agency,
            year=self.year,
            innovation=self.innovation,
            times=told.number,
        )

    def _while_verified(self) -> Iterator[Told]:
        if self.asked_on is not None and self.until is not None:
            yield Told(FOLLOW_UP, self.follow_up, self.asked_on, self.until, self.until)
        if self.lapsed_on is not None:
            yield Told(LAPSED, self.lapsed, self.lapsed_on, self.lapsed_on + _STAYS_TRUE_FOR, self.lapsed_on)
        for each in self.rights:
            ends = each.expires_on
            yield Told(RIGHT_ENDS, each.number, ends - RIGHT_ENDS_WITHIN, ends, ends)
        if self.staffed_until is not None and not self.stopped:
            on = self.staffed_until
            yield Told(STAFF_LEAVES, self.staffing, on - STAFF_LEAVES_WITHIN, on + _STAYS_TRUE_FOR, on)


def withdrawal_in(innovation: InnovationState | InnovationDrafted) -> WithdrawalState | None:
    """What an event says of requests to withdraw it."""
    return innovation.withdrawal if isinstance(innovation, InnovationState) else None
