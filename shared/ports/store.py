"""The port to a service's own documents. Adapters: `adapters/sqlite_store.py`, `adapters/mongo_store.py`.

A document carries its state, its sequence and the events it still owes the world, so that state and event cannot
disagree. Stored form: ``{_id, schema, sequence, state…, outbox: [{id, type, body}], last_event, outbox_since,
lease_until}``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from shared.contracts.event import Draft

State = dict[str, Any]  # plain JSON values only
Decision = tuple[State, Draft | None] | None  # None: no change
Decide = Callable[[State | None], Decision]
Upcast = Callable[[State], State]

MOST_OWED = 50  # events per document; beyond, `change` raises Busy


@dataclass(frozen=True)
class Index:
    """A declared index over dotted paths of the state, in order. `find` and `scan` may use only what is declared
    (and the id). A path that passes through a list of values or of objects is not allowed."""

    fields: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """A kind of document: its name, the number of its present schema, its indexes, and for each older schema the
    function that lifts a state by one number (applied on load; the next write stores the present schema)."""

    name: str
    schema: int = 1
    indexes: tuple[Index, ...] = ()
    upcasts: Mapping[int, Upcast] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """A document as loaded. sequence: its version, its ETag and the sequence of its latest event; changed: whether
    the
    `change` that returned it wrote anything (always False from `get` and `find`)."""

    kind: str
    id: str
    sequence: int
    state: State
    changed: bool = False


@dataclass(frozen=True)
class Page:
    """Documents in the asked order; after: the cursor of the next page, None when this is the last."""

    documents: list[Document]
    after: str | None


@dataclass(frozen=True)
class OwedEvent:
    """One owed event: its id, its type and the very bytes that travel."""

    id: str
    type: str
    body: bytes


@dataclass(frozen=True)
class Owed:
    """What one document owes, oldest first, under a lease named by `token`."""

    kind: str
    id: str
    token: str
    events: tuple[OwedEvent, ...]


@dataclass(frozen=True)
class Prefix:
    """A condition: the text begins with `text`."""

    text: str


@dataclass(frozen=True)
class Range:
    """A condition: at least `least`, at most `most`, and below `below`; each may be absent."""

    least: Any = None
    most: Any = None
    below: Any = None


@dataclass(frozen=True)
class OneOf:
    """A condition: one of these values."""

    values: Sequence[Any]


Where = Mapping[str, Any]  # dotted path -> a plain value (equality), Prefix, Range or OneOf; "_id" is the id
Sort = Sequence[tuple[str, int]]  # (dotted path, 1 or -1); the id is always the last key


class Store(Protocol):
    """One service's documents. Safe for many coroutines of one loop. All methods raise StoreAway when the engine
    does not
    answer within the adapter's time limit; a `change` that raised StoreAway may or may not have been written, and
    running
    it again is always right, because fn looks at the state."""

    async def open(self, kinds: Sequence[Kind]) -> None:
        """Connect, make what the kinds declare (tables, indexes), and free the leases of owners that are gone."""

    async def close(self) -> None:
        """Finish writes under way, then let go. Changes asked for afterwards raise StoreAway."""

    async def ping(self) -> None:
        """Return when the engine answers and can write. Raises StoreAway."""

    async def get(self, kind: str, id: str) -> Document | None:
        """The document, upcast to the present schema; None when there is none."""

    async def change(self, kind: str, id: str, decide: Decide, *, expected: int | None = None) -> Document:
        """Load, decide, save if nobody was faster; else load and decide again.

        decide: pure, synchronous, may run more than once; gets a state of its own to keep or alter; returns None for
        no
        change, or (new state, draft of one event | None). What it raises passes through and nothing is written.
        expected: the sequence that the caller saw (If-Match); another, or no document, raises Stale.
        The new sequence is max(last + 1, now in ms). Raises Busy at MOST_OWED owed events, NotFound when decide
        returns
        None for a document that does not exist.
        """

    async def find(
        self, kind: str, where: Where, *, sort: Sort = (), limit: int = 50, after: str | None = None
    ) -> Page:
        """A page by declared indexes only: equality, OneOf, Range and Prefix. Raises ValueError for an undeclared
        path,
        Invalid (field `after`) for a cursor that is not one of ours."""

    def scan(self, kind: str, where: Where, fields: Sequence[str]) -> AsyncIterator[State]:
        """A stream of slim projections ``{"_id", "sequence", <dotted path>: value…}`` (a missing path gives None),
        in flat
        memory, in the order of ids. Not a snapshot: a document changed meanwhile may come in either form."""

    async def claim_owed(self, limit: int, lease: timedelta) -> list[Owed]:
        """Lease up to `limit` documents that owe events and are not leased, longest owing first."""

    async def settle(self, owed: Owed, event_ids: Sequence[str]) -> None:
        """Strike those events off; free the lease if it is still this one. Never touches the sequence."""

    async def oldest_owed(self) -> datetime | None:
        """Since when the longest-owing document owes (machine time); None when nothing is owed."""

    async def owed_depth(self) -> int:
        """How many documents owe something."""

    def on_owed(self, nudge: Callable[[], None]) -> None:
        """Call `nudge` in this process whenever something is newly owed or left over."""

    async def owe_again(self, kind: str, id: str, *, anew: bool = False) -> bool:
        """Owe the document's last event again (same id, same sequence, same bytes); with anew, stamp the document
        with a
        new sequence and the event with it. False when the document never owed one."""

    def dump(self, kind: str) -> AsyncIterator[State]:
        """Every document in stored form, with what it owes, as plain JSON values (no leases): for backups."""

    async def load(self, kind: str, documents: Sequence[State]) -> None:
        """Put documents in stored form as they are, replacing those of the same id: for restores."""

    async def erase(self, kind: str, id: str) -> None:
        """Remove a document: only for what the law says must go (personal data) and for restores."""
