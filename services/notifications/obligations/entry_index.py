"""What entries are found by: copies of their fields in the form that the indexes need. Pure."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Self

from services.notifications.obligations.deadlines import microseconds
from services.notifications.state import Bit, DocumentState
from shared.contracts.vocabulary import InnovationStatus
from shared.storage.models import assembled


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

    @classmethod
    def of(
        cls,
        status: InnovationStatus,
        *,
        here: bool,
        community: bool,
        filled: bool,
        first: datetime | None,
        verified: datetime | None,
        since: datetime | None,
    ) -> Self:
        """Of an entry: its status, whether it is assigned here, comes from the community and has its mandatory rows
        filled in, its first submission, its verification, and when its turn began."""
        live = here and first is not None and status in _LIVE
        return assembled(
            cls,
            live=live,
            group=group_of(status, community=community, filled=filled) if live else "",
            rank=_rank(status, here=here, submitted=first is not None),
            first=_moment(first),
            verified=_moment(verified or first),
            since=_moment(since),
        )


_LIVE = frozenset({InnovationStatus.SUBMITTED, InnovationStatus.VERIFIED})
_RANKS = {
    InnovationStatus.DRAFT: Rank.DRAFT,
    InnovationStatus.SUBMITTED: Rank.SUBMITTED,
    InnovationStatus.RETURNED: Rank.RETURNED,
    InnovationStatus.VERIFIED: Rank.VERIFIED,
}


def _rank(status: InnovationStatus, *, here: bool, submitted: bool) -> Rank:
    if not here or status is InnovationStatus.WITHDRAWN:
        return Rank.GONE if submitted else Rank.NONE
    return _RANKS[status]


def group_of(status: InnovationStatus, *, community: bool, filled: bool) -> str:
    """The group of a live innovation that policies ask for: its status, whether it comes from the community, and
    whether its mandatory rows are filled in."""
    return f"{status}-{'community' if community else 'own'}-{'filled' if filled else 'unfilled'}"


def _moment(time: datetime | None) -> int:
    return microseconds(time) if time else 0
