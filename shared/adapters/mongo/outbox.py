"""Claims and settles owed events.

Each step writes one document, so a crash between two steps leaves at worst an `outbox_since` with an empty outbox; the
next claim clears it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from pymongo import ReturnDocument, UpdateMany, UpdateOne

from shared.adapters.kinds import DeclaredKinds
from shared.adapters.lease_owner import latest_lease, lease_owner, owner_is_gone
from shared.adapters.mongo.driver import Database, Row
from shared.adapters.mongo.encoding import event_of
from shared.clock import machine_ms
from shared.ports.store import Owed

OWES: Row = {"outbox_since": {"$gt": 0}}
_LEASE = ("lease_until", "lease_token", "lease_owner")
_FREE: Row = {"$unset": dict.fromkeys(_LEASE, "")}
_NOTHING: Row = {"$unset": {"outbox_since": ""}}


def _claimable(now: int, latest: int) -> Row:
    return {**OWES, "$or": [{"lease_until": {"$not": {"$gt": now}}}, {"lease_until": {"$gt": latest}}]}


async def claim(database: Database, kinds: DeclaredKinds, limit: int, lease: timedelta, token: str) -> list[Owed]:
    """Lease up to `limit` documents under `token`, longest owing first. Competing relays may each get fewer."""
    now = machine_ms()
    claimable = _claimable(now, latest_lease(now, lease))
    waiting: list[tuple[int, str, str]] = []
    for kind in kinds:
        rows = database[kind.name].find(claimable, {"outbox_since": 1}).sort("outbox_since", 1).limit(limit)
        waiting += [(row["outbox_since"], kind.name, row["_id"]) async for row in rows]
    chosen = sorted(waiting)[:limit]
    until = now + int(lease.total_seconds() * 1000)
    taken = {"lease_until": until, "lease_token": token, "lease_owner": lease_owner()}
    held: dict[tuple[str, str], Row] = {}
    for kind in kinds:
        ids = [id for _, name, id in chosen if name == kind.name]
        held |= {(kind.name, row["_id"]): row for row in await _taken(database, kind.name, ids, taken, claimable)}
    owed = []
    for _, name, id in chosen:
        if row := held.get((name, id)):
            events = tuple(event_of(each) for each in row["outbox"])
            owed.append(Owed(name, id, token, tuple(sorted(events, key=lambda event: event.id))))
    return [each for each in owed if each.events or not await _cleared(database, each)]


async def _taken(database: Database, kind: str, ids: list[str], taken: Row, claimable: Row) -> list[Row]:
    if not ids:
        return []
    await database[kind].bulk_write([UpdateOne({"_id": id, **claimable}, {"$set": taken}) for id in ids], ordered=False)
    mine = {"_id": {"$in": ids}, "lease_token": taken["lease_token"]}
    return await database[kind].find(mine, {"outbox": 1}).to_list(len(ids))


async def _cleared(database: Database, owed: Owed) -> bool:
    await settle(database, owed, [])
    return True


async def settle(database: Database, owed: Owed, event_ids: Sequence[str]) -> bool:
    """Remove events from the outbox and release the lease if it is still this one. True when events are left."""
    documents, ids = database[owed.kind], list(event_ids)
    struck: Row = {"$pull": {"outbox": {"id": {"$in": ids}}}}
    nothing_else = {"outbox": {"$not": {"$elemMatch": {"id": {"$nin": ids}}}}}
    whole = await documents.update_one(
        {"_id": owed.id, "lease_token": owed.token, **nothing_else},
        {**struck, "$unset": dict.fromkeys((*_LEASE, "outbox_since"), "")},
    )
    if whole.matched_count:
        return False
    row = await documents.find_one_and_update(
        {"_id": owed.id}, struck, projection={"outbox.id": 1, "outbox.since": 1}, return_document=ReturnDocument.AFTER
    )
    if row is None:
        return False
    left = row.get("outbox", [])
    if left:
        since = {"$set": {"outbox_since": min(each["since"] for each in left)}}
        renewed = UpdateOne({"_id": owed.id, "outbox.0.id": left[0]["id"]}, since)
    else:
        renewed = UpdateOne({"_id": owed.id, "outbox": {"$size": 0}}, _NOTHING)
    await documents.bulk_write([renewed, UpdateOne({"_id": owed.id, "lease_token": owed.token}, _FREE)])
    return bool(left)


async def release_tokens(database: Database, kinds: DeclaredKinds, tokens: Collection[str]) -> None:
    """Release the leases with these tokens."""
    for kind in kinds if tokens else ():
        lost = {**OWES, "lease_token": {"$in": list(tokens)}}
        await database[kind.name].bulk_write([UpdateMany(lost, _FREE)])


async def release_ended_owners(database: Database, kinds: DeclaredKinds) -> None:
    """Release the leases of processes that have certainly ended."""
    for kind in kinds:
        leased = database[kind.name].find({**OWES, "lease_owner": {"$exists": True}}, {"lease_owner": 1})
        owners = {row["lease_owner"] async for row in leased}
        gone = [owner for owner in owners if owner_is_gone(owner)]
        if gone:
            await database[kind.name].bulk_write([UpdateMany({**OWES, "lease_owner": owner}, _FREE) for owner in gone])


async def oldest(database: Database, kinds: DeclaredKinds) -> int | None:
    """Since when (machine time, ms) the longest-owing document has owed."""
    found: list[int] = []
    for kind in kinds:
        row = await database[kind.name].find_one(OWES, {"_id": 0, "outbox_since": 1}, sort=[("outbox_since", 1)])
        found += [row["outbox_since"]] if row else []
    return min(found, default=None)


async def depth(database: Database, kinds: DeclaredKinds) -> int:
    """The number of documents that owe events, counted over the sparse index of `outbox_since`."""
    count = 0
    for kind in kinds:
        async for _ in database[kind.name].find(OWES, {"_id": 0, "outbox_since": 1}).batch_size(1000):
            count += 1
    return count
