"""Changes one document by compare-and-set on its sequence."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pymongo import InsertOne, UpdateOne

from shared.adapters.audit_entry import Noted, audit_event, author_of, noted_of_states, noted_of_values
from shared.adapters.mongo.collection import Collection
from shared.adapters.mongo.driver import Database, Row
from shared.adapters.mongo.encoding import document, event_of, last_event
from shared.adapters.mongo.encoding import entry as outbox_entry
from shared.adapters.mongo.owing import HandOver
from shared.adapters.mongo.states import storable
from shared.adapters.mongo.write import Certain, Saving
from shared.adapters.stored_form import next_sequence, owed_event, stamped_anew
from shared.clock import machine_ms, machine_seconds
from shared.contracts.event import Draft
from shared.faults import Busy, NotFound, Stale
from shared.observability.failpoints import Failpoint, reach
from shared.ports.store import MOST_OWED, Decide, Document, Kind, State, ValueDecide

_PATIENCE = 10.0  # seconds of losing against other processes before Busy

T = TypeVar("T")
V = TypeVar("V")


@dataclass(frozen=True)
class Changed:
    """The result of a change. nudges: whether it owes an event that nobody has been given yet."""

    document: Document
    nudges: bool


async def change(collection: Collection, hand_over: HandOver, id: str, decide: Decide, expected: int | None) -> Changed:
    """Load, decide, save if nobody else saved meanwhile, else repeat. Raises Stale, NotFound, Busy, decide's errors."""
    if isinstance(decide, ValueDecide) and decide.known is not None and expected in (None, decide.known[0]):
        changed = await _change_known(collection, hand_over, id, decide)
        if changed is not None:
            return changed
    what = f"{collection.kind.name}/{id}"
    return await _retried(what, lambda: _try_change(collection, hand_over, id, decide, expected))


async def put(collection: Collection, id: str, state: State, older: Row) -> Document | None:
    """Save the state if the document does not exist or matches `older`. None if it does not, or is of another schema,
    or was changed in this millisecond: a sequence must differ from the one before."""
    kind, sequence = collection.kind, next_sequence(0)
    state, stored = storable(state)
    where: Row = {"_id": id, "schema": kind.schema, "sequence": {"$lt": sequence}, **older}
    update: Row = {"$set": {"sequence": sequence, "state": stored}, "$setOnInsert": {"outbox": []}}
    reach(Failpoint.CHANGE_DECIDED, f"{kind.name}/{id}")
    if not await collection.writes.make(Certain(id, UpdateOne(where, update, upsert=True))):
        return None
    return Document(kind.name, id, sequence, state, changed=True)


async def keep(collection: Collection, states: Mapping[str, State]) -> None:
    """Save new documents; those that exist stay as they are."""
    kind, sequence = collection.kind, next_sequence(0)

    def insert(id: str, state: State) -> Certain:
        row: Row = {"_id": id, "schema": kind.schema, "sequence": sequence, "state": storable(state)[1], "outbox": []}
        return Certain(id, InsertOne(row))

    await asyncio.gather(*(collection.writes.make(insert(id, state)) for id, state in states.items()))


async def owe_again(database: Database, kind: Kind, id: str, *, anew: bool) -> bool:
    """Owe the last event again; anew: give the document and the event a new sequence."""
    return await _retried(f"{kind.name}/{id}", lambda: _try_owe_again(database, kind, id, anew=anew))


async def _retried(what: str, attempt: Callable[[], Awaitable[T | None]]) -> T:
    """Repeat `attempt` while it returns None: another process saved first. Raises Busy after _PATIENCE."""
    until, pause = machine_seconds() + _PATIENCE, 0.001
    while (result := await attempt()) is None:
        if machine_seconds() > until:
            raise Busy(f"{what} is being changed by other processes all the time")
        await asyncio.sleep(random.uniform(0, pause))  # noqa: S311 - jitter, not a secret
        pause = min(pause * 2, 0.05)
    return result


async def _change_known(collection: Collection, hand_over: HandOver, id: str, decide: ValueDecide[V]) -> Changed | None:
    """Decide on what the caller has seen, and save if the document is still so; None when it is not, or when nothing is
    to be changed."""
    if decide.known is None:
        return None
    sequence, value = decide.known
    try:
        after = decide.on_value(value)
    except Exception:  # noqa: BLE001 - it counts only if it happens again with what is stored
        return None
    if after is None:
        return None
    noted = noted_of_values(author_of(collection.kind), id, decide.codec, value, after[0])
    return await _saved(collection, hand_over, id, sequence, (decide.codec.to_state(after[0]), after[1]), noted=noted)


async def _try_change(
    collection: Collection, hand_over: HandOver, id: str, decide: Decide, expected: int | None
) -> Changed | None:
    kind, row = collection.kind, await collection.reads.load(id)
    if expected is not None and (row is None or row["sequence"] != expected):
        raise Stale(f"{kind.name}/{id} is at {row['sequence'] if row else 'nothing'}, not at {expected}")
    decision = decide(None if row is None else document(kind, row).state)
    if decision is None:
        if row is None:
            raise NotFound(f"{kind.name}/{id}")
        return Changed(document(kind, row), nudges=False)
    noted = _noted(kind, id, decide, row, decision[0])
    if (decision[1] or noted) and row and len(row.get("outbox", ())) >= MOST_OWED:
        raise Busy(f"{kind.name}/{id} owes {MOST_OWED} events")
    return await _saved(collection, hand_over, id, row["sequence"] if row else 0, decision, noted=noted)


def _noted(kind: Kind, id: str, decide: Decide, row: Row | None, after: State) -> Noted | None:
    """What the audit entry says."""
    if kind.audit is None:
        return None
    if isinstance(decide, ValueDecide) and decide.latest is not None:
        return noted_of_values(author_of(kind), id, decide.codec, decide.former, decide.latest)
    before = document(kind, row).state if row else None  # decide may have modified its copy
    return noted_of_states(author_of(kind), id, before, after)


async def _saved(
    collection: Collection,
    hand_over: HandOver,
    id: str,
    known: int,
    decision: tuple[State, Draft | None],
    *,
    noted: Noted | None,
) -> Changed | None:
    """Save if the document is still at `known`; None when it is not. noted: what the audit entry says."""
    kind, draft, sequence = collection.kind, decision[1], next_sequence(known)
    state, stored = storable(decision[0])
    event = owed_event(kind.name, id, sequence, draft) if draft else None
    entry = audit_event(kind, id, sequence, noted, event) if noted else None
    owing = hand_over.owing(kind.name, id, event, entry) if event or entry else None
    write = Saving(id, known, sequence, {"schema": kind.schema, "state": stored}, owing)
    reach(Failpoint.CHANGE_DECIDED, f"{kind.name}/{id}")
    if not await collection.writes.make(write):
        return None
    document = Document(kind.name, id, sequence, state, changed=True)
    return Changed(document, nudges=owing is not None and not owing.handed_over)


async def _try_owe_again(database: Database, kind: Kind, id: str, *, anew: bool) -> bool | None:
    row = await database[kind.name].find_one({"_id": id}, {"sequence": 1, "last_event": 1, "outbox.id": 1})
    if row is None or not row.get("last_event"):
        return False
    last, already = event_of(row["last_event"]), [owed["id"] for owed in row.get("outbox", [])]
    update: Row = {"$min": {"outbox_since": machine_ms()}}
    if last.id in already and not anew:
        return True
    if len(already) >= MOST_OWED:
        raise Busy(f"{kind.name}/{id} owes {MOST_OWED} events")
    unchanged: Row = {"_id": id, "sequence": row["sequence"]}
    if anew:
        sequence, former = next_sequence(row["sequence"]), last.id
        last = stamped_anew(kind.name, id, sequence, last)
        update["$set"] = {"sequence": sequence, "last_event": last_event(last)}
        if former in already:  # it is owed under the new id instead of the former one, never under both
            place = f"outbox.{already.index(former)}"
            update["$set"] |= {f"{place}.{name}": value for name, value in last_event(last).items()}
            result = await database[kind.name].update_one({**unchanged, f"{place}.id": former}, update)
            return True if result.matched_count else None
    update["$push"] = {"outbox": outbox_entry(last, machine_ms())}
    unchanged["outbox.id"] = {"$ne": last.id}
    result = await database[kind.name].update_one(unchanged, update)
    return True if result.matched_count else None
