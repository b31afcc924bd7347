"""Changes one document by compare-and-set on its sequence."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pymongo.errors import DuplicateKeyError

from shared.adapters.mongo.driver import Database, Row
from shared.adapters.mongo.encoding import document, entry, escaped, event_of
from shared.adapters.stored_form import next_sequence, owed_event, plain, stamped_anew
from shared.clock import machine_ms, machine_seconds
from shared.contracts.event import Draft
from shared.faults import Busy, NotFound, Stale
from shared.observability.failpoints import Failpoint, reach
from shared.ports.store import MOST_OWED, Decide, Document, Kind, OwedEvent

_LOADED: Row = {"schema": 1, "sequence": 1, "state": 1, "outbox.id": 1}
_PATIENCE = 10.0  # seconds of losing against other processes before Busy

T = TypeVar("T")


async def change(
    database: Database, kind: Kind, id: str, decide: Decide, expected: int | None
) -> tuple[Document, OwedEvent | None]:
    """Load, decide, save if nobody else saved meanwhile, else repeat. Raises Stale, NotFound, Busy, decide's errors."""
    return await _retried(f"{kind.name}/{id}", lambda: _try_change(database, kind, id, decide, expected))


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


async def _try_change(
    database: Database, kind: Kind, id: str, decide: Decide, expected: int | None
) -> tuple[Document, OwedEvent | None] | None:
    row = await database[kind.name].find_one({"_id": id}, _LOADED)
    if expected is not None and (row is None or row["sequence"] != expected):
        raise Stale(f"{kind.name}/{id} is at {row['sequence'] if row else 'nothing'}, not at {expected}")
    decision = decide(None if row is None else document(kind, row).state)
    if decision is None:
        if row is None:
            raise NotFound(f"{kind.name}/{id}")
        return document(kind, row), None
    state, draft = plain(decision[0]), decision[1]
    sequence = next_sequence(row["sequence"] if row else 0)
    event = _stamped(kind, id, sequence, draft, row)
    reach(Failpoint.CHANGE_DECIDED, f"{kind.name}/{id}")
    new = Document(kind.name, id, sequence, state, changed=True)
    return (new, event) if await _saved(database, kind, row, new, event) else None


def _stamped(kind: Kind, id: str, sequence: int, draft: Draft | None, row: Row | None) -> OwedEvent | None:
    if draft is None:
        return None
    if row and len(row.get("outbox", [])) >= MOST_OWED:
        raise Busy(f"{kind.name}/{id} owes {MOST_OWED} events")
    return owed_event(kind.name, id, sequence, draft)


async def _saved(database: Database, kind: Kind, row: Row | None, new: Document, event: OwedEvent | None) -> bool:
    now = machine_ms()
    fields: Row = {"schema": kind.schema, "sequence": new.sequence, "state": escaped(new.state)}
    if event is not None:
        fields["last_event"] = {"id": event.id, "type": event.type, "body": event.body}
    if row is None:
        owes: Row = {"outbox": [entry(event, now)], "outbox_since": now} if event else {"outbox": []}
        try:
            await database[kind.name].insert_one({"_id": new.id, **fields, **owes})
        except DuplicateKeyError:
            return False
        return True
    update: Row = {"$set": fields}
    if event is not None:
        update |= {"$push": {"outbox": entry(event, now)}, "$min": {"outbox_since": now}}
    result = await database[kind.name].update_one({"_id": new.id, "sequence": row["sequence"]}, update)
    return result.matched_count == 1


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
        update["$set"] = {"sequence": sequence, "last_event": {"id": last.id, "type": last.type, "body": last.body}}
        if former in already:  # it is owed under the new id instead of the former one, never under both
            place = f"outbox.{already.index(former)}"
            update["$set"] |= {f"{place}.id": last.id, f"{place}.body": last.body}
            result = await database[kind.name].update_one({**unchanged, f"{place}.id": former}, update)
            return True if result.matched_count else None
    update["$push"] = {"outbox": entry(last, machine_ms())}
    unchanged["outbox.id"] = {"$ne": last.id}
    result = await database[kind.name].update_one(unchanged, update)
    return True if result.matched_count else None
