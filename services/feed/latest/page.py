"""What a reader asks of the feed, and what it gets."""

from __future__ import annotations

from dataclasses import dataclass

from services.feed.latest.cursor import Cursor
from shared.ports.store import State


@dataclass(frozen=True, slots=True)
class Selection:
    """What a reader follows. subjects: kinds of subject (`innovation`), None for all; region: a region's code;
    province: the first two digits of a code, for the whole province. Of region and province at most one."""

    subjects: frozenset[str] | None = None
    region: str | None = None
    province: str | None = None

    def has(self, event: FeedEvent) -> bool:
        """Whether the event is in it."""
        return (
            (self.subjects is None or event.kind in self.subjects)
            and (self.region is None or event.region == self.region)
            and (self.province is None or event.region[:2] == self.province)
        )


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """The newest event of a subject. body: its bytes as they were received."""

    place: int
    subject: str
    type: str
    region: str
    body: bytes

    @property
    def kind(self) -> str:
        """The kind of its subject."""
        return self.subject.partition("/")[0]


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Events in the order of their places. cursor: where to read on; more: whether there is more to read at once;
    complete: whether the feed has every subject."""

    events: list[FeedEvent]
    cursor: Cursor
    more: bool
    complete: bool


def event_in(subject: str, state: State) -> FeedEvent:
    """The event in the state of a document of kind `latest`."""
    return FeedEvent(state["place"], subject, state["type"], state["region"], state["body"].encode())
