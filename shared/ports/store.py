"""The store port: the documents of one service, the events they owe, and their form in backups.

Adapters: `shared/adapters/sqlite/store.py` and `shared/adapters/mongo/store.py`.

A document is saved together with the events it owes (saved, but not yet confirmed by the bus), so that state and events
cannot disagree. Stored form, the same for every engine: ``{_id, schema, sequence, state, outbox: [{id, type, region,
body, since}], last_event: {id, type, region, body}, outbox_since}``. Release 0.2 and before wrote no region; it is read
from the body then.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

from shared.contracts.event import Draft
from shared.ports.audit_rule import AuditRule

V = TypeVar("V")

State = dict[str, Any]  # plain JSON values only
Decision = tuple[State, Draft | None] | None  # None: no change
Decide = Callable[[State | None], Decision]
Upcast = Callable[[State], State]

ID = "_id"
"""The name of the id in conditions, in sorts and in the stored form."""

LONGEST_LEASE = timedelta(minutes=1)
"""A lease that ends later than that, and later than the claimer's own would, is one from before the clock was set back:
it counts as ended."""

MOST_OWED = 50  # events per document; beyond, `change` raises Busy

AUDIT = "audit"
"""The type of an owed audit entry, and the kind that it becomes. It is no event: it is never given to a bus, is no
document's last event, and is not owed again by a resync. See `shared/ports/audit.py`."""


@dataclass(frozen=True)
class Index:
    """A declared index over dotted paths of the state, in order. `find` and `scan` may use declared paths and the id
    only. A path through a list is not allowed."""

    fields: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """A kind of document. schema: the current schema number of its state; upcasts: for each older schema number, the
    function that lifts a state by one number (applied on load; the next write stores the current schema); audit: each
    change owes an audit entry by this rule."""

    name: str
    schema: int = 1
    indexes: tuple[Index, ...] = ()
    upcasts: Mapping[int, Upcast] = field(default_factory=dict)
    audit: AuditRule | None = None

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The paths of the state that the indexes name, sorted."""
        return tuple(sorted({path for index in self.indexes for path in index.fields} - {ID}))

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields of the state that `paths` begin with."""
        return frozenset(path.partition(".")[0] for path in self.paths)


@dataclass(frozen=True)
class Document:
    """A loaded document. sequence: its version, its ETag and the sequence of its latest event; changed: whether the
    `change` that returned it wrote anything (always False from `get` and `find`)."""

    kind: str
    id: str
    sequence: int
    state: State
    changed: bool = False

    @property
    def text(self) -> str | None:
        """The state as JSON text, if it is at hand."""
        return None


class TextDocument(Document):
    """A document whose state is stored as JSON text, and read from it when it is asked for."""

    def __init__(self, kind: str, id: str, sequence: int, text: str, *, changed: bool = False) -> None:
        attributes = {"kind": kind, "id": id, "sequence": sequence, "changed": changed, "_text": text, "_state": None}
        self.__dict__.update(attributes)

    @property
    def text(self) -> str:
        """The state as JSON text."""
        found: str = self.__dict__["_text"]
        return found

    @property
    def state(self) -> State:
        """The state, read once."""
        if self.__dict__["_state"] is None:
            self.__dict__["_state"] = json.loads(self.text)
        found: State = self.__dict__["_state"]
        return found


@dataclass(frozen=True)
class Codec(Generic[V]):
    """Values of one type as states, and as JSON text of the same states. to_text: None when not every value can be
    written so, and still be checked as a state is. some: of the state of a value the given fields, and if another value
    is given, only those that may differ from that one's; None: there is no faster way than the whole state. fields:
    all that a state has; None: not known."""

    of_state: Callable[[State], V]
    to_state: Callable[[V], State]
    of_text: Callable[[str], V]
    to_text: Callable[[V], str] | None
    some: Callable[[V, Collection[str], V | None], State] | None = None
    fields: frozenset[str] | None = None


@dataclass
class ValueDecide(Generic[V]):
    """A `Decide` on typed values. An adapter may give it values with `on_value` instead of states.

    known: the sequence and the value that the caller has seen; sequence 0, None: it is probably new. An adapter may
    decide on it without loading, if it saves only when the document is still so, and else loads and decides again.
    former, latest: the value before and after the last run, which is the one that counts.
    """

    codec: Codec[V]
    decide: Callable[[V | None], tuple[V, Draft | None] | None]
    known: tuple[int, V | None] | None = None
    former: V | None = None
    latest: V | None = None

    def on_value(self, before: V | None) -> tuple[V, Draft | None] | None:
        """As `decide`; None also when the value stays the same and no event is owed."""
        self.former = self.latest = before
        after = self.decide(before)
        if after is None or after == (before, None):
            return None
        self.latest = after[0]
        return after

    def __call__(self, state: State | None) -> Decision:
        """As any `Decide`."""
        after = self.on_value(None if state is None else self.codec.of_state(state))
        return None if after is None else (self.codec.to_state(after[0]), after[1])


@dataclass(frozen=True)
class Change:
    """One of many changes; the fields are the arguments of `Documents.change`."""

    kind: str
    id: str
    decide: Decide
    expected: int | None = None


@dataclass(frozen=True)
class Page:
    """A page of documents in the requested order. after: the cursor of the next page, None on the last one."""

    documents: list[Document]
    after: str | None


class ScanRow(dict[str, Any]):
    """A document as `scan` yields it: the value of each requested path, None where the path is missing.

    id, sequence: the document's.
    """

    __slots__ = ("id", "sequence")

    def __init__(self, id: str, sequence: int, values: Iterable[tuple[str, Any]] = ()) -> None:
        super().__init__(values)
        self.id = id
        self.sequence = sequence


@dataclass(frozen=True)
class OwedEvent:
    """An event that is saved and not yet confirmed by the bus. body: exactly the bytes to publish; region: the event's,
    so that nobody need decode them."""

    id: str
    type: str
    body: bytes
    region: str


@dataclass(frozen=True)
class Owed:
    """The events that one document owes, oldest first, leased under `token`."""

    kind: str
    id: str
    token: str
    events: tuple[OwedEvent, ...]


@dataclass(frozen=True)
class Prefix:
    """A condition: the value is a text that begins with `text`."""

    text: str


@dataclass(frozen=True)
class Range:
    """A condition: at least `least`, at most `most`, below `below`; each bound is optional."""

    least: Any = None
    most: Any = None
    below: Any = None


@dataclass(frozen=True)
class OneOf:
    """A condition: one of these values."""

    values: Sequence[Any]


Where = Mapping[str, Any]  # dotted path or ID -> a plain value (equality), Prefix, Range or OneOf
Sort = Sequence[tuple[str, int]]  # (dotted path or ID, 1 or -1); the id is always the last key


class Documents(Protocol):
    """Reads and changes documents. Safe for many coroutines of one loop.

    All methods raise StoreAway when the engine does not answer within the adapter's time limit. A `change` that raised
    StoreAway may have been written; repeating it is always right, because `decide` sees the state again.
    """

    async def get(self, kind: str, id: str) -> Document | None:
        """The document, upcast to the current schema; None when it does not exist."""

    async def change(self, kind: str, id: str, decide: Decide, *, expected: int | None = None) -> Document:
        """Load, decide, and save if nobody else has saved meanwhile; else load and decide again.

        decide: pure and synchronous, may run more than once; receives its own copy of the state; returns None for no
        change, or (new state, draft of one event | None); a `ValueDecide` says more. If it raises, nothing is written
        and the error passes through. A change of an audited kind also owes its audit entry, in the name of the caller's
        `shared.observability.actor`. expected: the sequence that the caller saw (If-Match); raises Stale for another
        sequence and for a missing document. The new sequence is max(last + 1, now in ms). Raises Busy at MOST_OWED owed
        events, NotFound when decide returns None for a document that does not exist.
        """

    async def change_many(self, changes: Sequence[Change]) -> list[Document | Exception]:
        """Make changes of different documents in one go. Each is as `change`, with a fate of its own: its document, or
        what `change` would have raised, also StoreAway. They are not one transaction: a crash may come between two."""

    async def put_newer(self, kind: str, id: str, state: State, by: str) -> Document:
        """Save the state unless the stored one is equally new or newer. by: the dotted path of the number in the state
        that tells; a stored state without a number there is older. As a `change` that looks and owes no event, in a
        single statement if the state is newer or the document does not exist. Returns the document as it is then;
        its `changed` tells whether it was written. Raises ValueError when the state has no number there."""

    async def find(
        self, kind: str, where: Where, *, sort: Sort = (), limit: int = 50, after: str | None = None
    ) -> Page:
        """A page of documents by declared indexes. Raises ValueError for an undeclared path, Invalid (field `after`)
        for an unknown cursor."""

    def scan(self, kind: str, where: Where, fields: Sequence[str]) -> AsyncIterator[ScanRow]:
        """Stream the values at `fields` (dotted paths) of all matching documents in the order of their ids, in constant
        memory. Not a snapshot: a document changed during the scan may be yielded in its old or its new form."""


class Outbox(Protocol):
    """The events that documents owe. All methods raise StoreAway when the engine does not answer in time; what was
    written nevertheless is harmless, and repeating the call gives the state that one call gives."""

    async def claim_owed(self, limit: int, lease: timedelta, *, of: str | None = None) -> list[Owed]:
        """Lease up to `limit` documents that owe events and are not leased, longest owing first. See LONGEST_LEASE. of:
        only documents that owe an event of this type."""

    async def keep(self, kind: str, states: Mapping[str, State]) -> None:
        """Save new documents, id → state, that owe nothing; those that exist stay as they are. They are durable no
        later than whatever is written afterwards. They are not one transaction."""

    async def settle(self, owed: Owed, event_ids: Sequence[str]) -> None:
        """Remove these events from the outbox; release the lease if it is still this one. Never changes the
        sequence."""

    async def settle_many(
        self, settled: Sequence[tuple[Owed, Sequence[str]]], *, keeping: Mapping[str, State] | None = None
    ) -> None:
        """As many `settle`, each with the ids of its events, in one go. They are not one transaction: after StoreAway
        some may be settled. keeping: audit entries, id → state, that are kept before anything is settled."""

    async def oldest_owed(self, *, of: str | None = None) -> datetime | None:
        """Since when (machine time) the longest-owing document has owed; None when nothing is owed. of: since when the
        oldest event of this type has been owed."""

    async def owed_depth(self) -> int:
        """The number of documents that owe events."""

    def on_owed(self, nudge: Callable[[], None]) -> None:
        """Call `nudge` whenever this process saves an owed event, or settles a document that still owes."""

    def hand_over(self, to: Callable[[Owed], None] | None, lease: timedelta) -> bool:
        """From now on, lease with each write of this process the document that newly owes an event, whoever had leased
        it before, and call `to` with that event once it is durable, instead of the nudge. to None: no more; a write
        under way may still be handed over. False: this store never does so, and events are only claimed."""

    async def owe_again(self, kind: str, id: str, *, anew: bool = False) -> bool:
        """Owe the document's last event again: same id, sequence and bytes. anew: give the document and the event a new
        sequence instead; if the event is still owed under the former one, the new one takes its place. False when the
        document never owed an event. Raises Busy at MOST_OWED owed events."""

    async def last_event(self, kind: str, id: str) -> OwedEvent | None:
        """The document's last event, owed or settled; None when it never owed one or does not exist."""


class Archive(Protocol):
    """Documents in stored form, for backup and restore. All methods raise StoreAway when the engine does not answer in
    time."""

    def dump(self, kind: str) -> AsyncIterator[State]:
        """Stream every document in stored form, owed events included, as plain JSON values, in the order of ids."""

    async def load(self, kind: str, documents: Sequence[State]) -> None:
        """Save documents in stored form unchanged, replacing those of the same id."""

    async def erase(self, kind: str, id: str) -> None:
        """Delete a document with all that it owes, audit entries too: only for personal data that the law says must go,
        for what is kept for a time only, and for restores, which file the entries before."""


class Store(Documents, Outbox, Archive, Protocol):
    """A service's whole store."""

    async def open(self, kinds: Sequence[Kind]) -> None:
        """Connect, create what the kinds declare (tables, indexes), and release the leases of processes that have
        ended. Raises StoreAway."""

    async def close(self) -> None:
        """Finish the writes under way, then disconnect. Later changes raise StoreAway."""

    async def ping(self) -> None:
        """Return when the engine answers and can write. Raises StoreAway."""
