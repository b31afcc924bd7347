"""An entry of the ledger: an innovation that is, or ever was, assigned to one agency and year. Pure.

One small document for each innovation, agency and year, so that an event costs the same however many there are.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from pydantic import Field

from services.notifications.obligations.deadlines import microseconds
from services.notifications.state import Bit, DocumentState, replaced
from shared.contracts.innovation import InnovationDrafted, InnovationState
from shared.contracts.vocabulary import Classification, InnovationStatus


class Tell(StrEnum):
    """What its agency is to be told of an innovation's present turn."""

    RETURNED = "returned"
    VERIFIED = "verified"
    SCORED = "scored"


class Rank(StrEnum):
    """How far an innovation has come, the furthest first; GONE: it was submitted once and is withdrawn or assigned
    elsewhere; NONE: it was never submitted and is no longer here. Texts that sort."""

    VERIFIED = "1-verified"
    RETURNED = "2-returned"
    SUBMITTED = "3-submitted"
    DRAFT = "4-draft"
    GONE = "8-gone"
    NONE = "9-none"


class EntryIndex(DocumentState):
    """Copies for the indexes. live: it is here, and submitted or verified; group: of a live one, see `group_of`, else
    empty; first, verified, since: microseconds since the epoch of first_submitted_at, verified_at (without it of the
    first submission) and status_since; 0: not known."""

    live: Bit = False
    group: str = ""
    rank: Rank = Rank.NONE
    first: int = 0
    verified: int = 0
    since: int = 0


class Left(DocumentState):
    """A turn that an innovation had while it was assigned elsewhere. sequence: the least of an event of that turn."""

    turn: int
    sequence: int
    since: datetime | None


class Entry(DocumentState):
    """sequence: of the innovation's event that it was taken from (stored as `heard`); here: whether it is assigned here
    now; community: whether its classification says that it comes from the community; name: for messages, empty when it
    is not known.

    turn, status_since: of the innovation, but of one that is assigned elsewhere those at which it left; turn_sequence:
    the least sequence of an event of that turn, 0: not known; stayed: the last turn that it had here; left: the turns
    that it had elsewhere since. mandatory_filled: whether its scorecard has every mandatory row, None: there is no
    scorecard yet. tell: what its agency is to be told of the present turn, words of Tell separated by a space;
    scored_turn: the last turn whose score was put into `tell`.
    """

    agency: str
    year: int
    region: str
    innovation: str
    sequence: int = Field(validation_alias="heard", serialization_alias="heard")
    here: Bit
    status: InnovationStatus
    community: bool = False
    first_submitted_at: datetime | None = None
    verified_at: datetime | None = None
    turn: int = 0
    turn_sequence: int = 0
    status_since: datetime | None = None
    imported: bool = False
    name: str = ""
    mandatory_filled: bool | None = None
    tell: str = ""
    scored_turn: int = 0
    stayed: int = 0
    left: tuple[Left, ...] = ()
    index: EntryIndex = EntryIndex()

    @classmethod
    def of(
        cls, innovation: InnovationState | InnovationDrafted, agency: str, year: int, *, here: bool, sequence: int
    ) -> Self:
        """What an event says about one of the innovation's assignments."""
        turn, since = innovation.turn, innovation.status_since
        more: dict[str, Any] = {}
        if isinstance(innovation, InnovationState):
            more = {
                "community": innovation.classification is Classification.MASYARAKAT,
                "first_submitted_at": innovation.first_submitted_at,
                "verified_at": innovation.verified_at,
                "imported": innovation.imported,
                "name": innovation.name,
            }
        return cls(
            agency=agency,
            year=year,
            region=innovation.region,
            innovation=innovation.id,
            sequence=sequence,
            here=here,
            status=innovation.status,
            turn=turn,
            turn_sequence=sequence,
            status_since=since,
            stayed=turn if here else 0,
            left=(Left(turn=turn, sequence=sequence, since=since),) if turn and not here else (),
            **more,
        ).indexed()

    @property
    def id(self) -> str:
        """Of its document."""
        return entry_id(self.agency, self.year, self.innovation)

    @property
    def tells(self) -> tuple[Tell, ...]:
        """What its agency is to be told."""
        return tuple(Tell(word) for word in self.tell.split())

    def told(self, turn: int, tells: tuple[Tell, ...]) -> Self | None:
        """Without what was told of that turn; None when it has another turn by now or nothing of it is left to tell."""
        left = tuple(each for each in self.tells if each not in tells)
        return replaced(self, tell=" ".join(left)) if turn == self.turn and left != self.tells else None

    def indexed(self) -> Self:
        """With the copies for the indexes."""
        live = self.here and self.first_submitted_at is not None and self.status in _LIVE
        index = EntryIndex(
            live=live,
            group=group_of(self.status, community=self.community, filled=bool(self.mandatory_filled)) if live else "",
            rank=self._rank(),
            first=_moment(self.first_submitted_at),
            verified=_moment(self.verified_at or self.first_submitted_at),
            since=_moment(self.status_since),
        )
        return replaced(self, index=index)

    def _rank(self) -> Rank:
        if not self.here or self.status is InnovationStatus.WITHDRAWN:
            return Rank.GONE if self.first_submitted_at else Rank.NONE
        return _RANKS[self.status]


_LIVE = frozenset({InnovationStatus.SUBMITTED, InnovationStatus.VERIFIED})
_RANKS = {
    InnovationStatus.DRAFT: Rank.DRAFT,
    InnovationStatus.SUBMITTED: Rank.SUBMITTED,
    InnovationStatus.RETURNED: Rank.RETURNED,
    InnovationStatus.VERIFIED: Rank.VERIFIED,
}


def entry_id(agency: str, year: int, innovation: str) -> str:
    """The document's id."""
    return f"{agency}/{year}/{innovation}"


def group_of(status: InnovationStatus, *, community: bool, filled: bool) -> str:
    """The group of a live innovation that policies ask for: its status, whether it comes from the community, and
    whether its mandatory rows are filled in."""
    return f"{status}-{'community' if community else 'own'}-{'filled' if filled else 'unfilled'}"


def _moment(time: datetime | None) -> int:
    return microseconds(time) if time else 0
