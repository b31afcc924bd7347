"""An entry of the ledger: an innovation that is, or ever was, assigned to one agency and year. Pure.

One small document for each innovation, agency and year, so that an event costs the same however many there are.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Self

from pydantic import Field

from services.notifications.obligations.entry_index import EntryIndex
from services.notifications.state import Bit, DocumentState, replaced
from shared.contracts.contract import Exact
from shared.contracts.innovation import InnovationDrafted, InnovationState
from shared.contracts.vocabulary import Classification, InnovationStatus
from shared.storage.models import assembled


class Tell(StrEnum):
    """What its agency is to be told of an innovation's present turn."""

    RETURNED = "returned"
    VERIFIED = "verified"
    SCORED = "scored"


class Left(DocumentState):
    """A turn that an innovation had while it was assigned elsewhere. sequence: the least of an event of that turn."""

    turn: int
    sequence: int
    since: datetime | None


class Score(DocumentState):
    """Of an innovation's scorecard that was made while it was here. sequence: of the scorecard's document (stored as
    `heard`); innovation_sequence: of the innovation's event that it was made from; claimed, verified: points of
    `most`."""

    sequence: int = Field(validation_alias="heard", serialization_alias="heard")
    innovation_sequence: int
    claimed: Exact
    verified: Exact
    most: Exact


_NOT_INDEXED = EntryIndex()


class Entry(DocumentState):
    """sequence: of the innovation's event that it was taken from (stored as `heard`), 0: none was heard of, only a
    scorecard; here: whether it is assigned here now; community: whether its classification says that it comes from the
    community; name: for messages, empty when it is not known.

    turn, status_since: of the innovation, but of one that is assigned elsewhere those at which it left; turn_sequence:
    the least sequence of an event of that turn, 0: not known; stayed: the last turn that it had here; left: the turns
    that it had elsewhere since. mandatory_filled: whether its scorecard has every mandatory row, None: there is no
    scorecard yet. tell: what its agency is to be told of the present turn, words of Tell separated by a space;
    scored_turn: the last turn whose score was put into `tell`; score: of the newest scorecard, None: there is none, or
    a release before 0.2 has kept it elsewhere.
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
    score: Score | None = None
    index: EntryIndex = _NOT_INDEXED

    @classmethod
    def of(
        cls, innovation: InnovationState | InnovationDrafted, agency: str, year: int, *, here: bool, sequence: int
    ) -> Self:
        """What an event says about one of the innovation's assignments."""
        turn, since = innovation.turn, innovation.status_since
        of_state = innovation if isinstance(innovation, InnovationState) else None
        return assembled(
            cls,
            agency=agency,
            year=year,
            region=innovation.region,
            innovation=innovation.id,
            sequence=sequence,
            here=here,
            status=innovation.status,
            community=of_state is not None and of_state.classification is Classification.MASYARAKAT,
            first_submitted_at=of_state.first_submitted_at if of_state else None,
            verified_at=of_state.verified_at if of_state else None,
            turn=turn,
            turn_sequence=sequence,
            status_since=since,
            imported=of_state is not None and of_state.imported,
            name=of_state.name if of_state else "",
            mandatory_filled=None,
            tell="",
            scored_turn=0,
            stayed=turn if here else 0,
            left=(Left(turn=turn, sequence=sequence, since=since),) if turn and not here else (),
            score=None,
            index=_NOT_INDEXED,
        ).indexed()

    @classmethod
    def unheard(cls, agency: str, year: int, region: str, innovation: str) -> Self:
        """Of an innovation that was not heard of yet, to keep its scorecard. No obligation depends on it."""
        return cls(
            agency=agency,
            year=year,
            region=region,
            innovation=innovation,
            sequence=0,
            here=False,
            status=InnovationStatus.DRAFT,
        ).indexed()

    @property
    def id(self) -> str:
        """Of its document."""
        return entry_id(self.agency, self.year, self.innovation)

    @property
    def may_be_first(self) -> bool:
        """Whether its event is probably the first one of its innovation that is heard."""
        return self.status is InnovationStatus.DRAFT and self.turn == 1

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
        index = EntryIndex.of(
            self.status,
            here=self.here,
            community=self.community,
            filled=bool(self.mandatory_filled),
            first=self.first_submitted_at,
            verified=self.verified_at,
            since=self.status_since,
        )
        return replaced(self, index=index)


def entry_id(agency: str, year: int, innovation: str) -> str:
    """The document's id."""
    return f"{agency}/{year}/{innovation}"
