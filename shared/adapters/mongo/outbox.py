"""Claims and settles owed events.

A statement may write many documents, each for itself. A crash between two statements leaves at worst an `outbox_since`
with an empty outbox; the next claim clears it.
"""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Mapping, Sequence
from datetime import timedelta

from pymongo import ReturnDocument, UpdateMany, UpdateOne

from shared.adapters.kinds import DeclaredKinds
from shared.adapters.lease_owner import latest_lease, lease_owner, owner_is_gone
from shared.adapters.mongo.collection import Collection
from shared.adapters.mongo.driver import Database, Documents, Row
from shared.adapters.mongo.encoding import event_of
from shared.adapters.mongo.owing import LEASE
from shared.adapters.mongo.write import Settling, leased
from shared.clock import machine_ms
from shared.ports.store import Owed

OWES: Row = {"outbox_since": {"$gt": 0}}
_FREE: Row = {"$unset": dict.fromkeys(LEASE, "")}
_NOTHING: Row = {"$unset": {"outbox_since": ""}}


def _claimable(now: int, latest: int) -> Row:
    return {**OWES, "$or": [{"lease_until": {"$not": {"$gt": now}}}, {"lease_until": {"$gt": latest}}]}


async def claim(
    collections: Mapping[str, Collection], limit: int, lease: timedelta, token: str, of: str | None
) -> list[Owed]:
    """Lease up to `limit` documents under `token`, longest owing first. of: that owe an event of this type. Competing
    relays may each get fewer."""
    now = machine_ms()
    claimable = _claimable(now, latest_lease(now, lease))
    if of is not None:
        claimable["outbox.type"] = of
    waiting: list[tuple[int, str, str]] = []
    for name, collection in collections.items():
        rows = collection.documents.find(claimable, {"outbox_since": 1}).sort("outbox_since", 1).limit(limit)
        waiting += [(row["outbox_since"], name, row["_id"]) async for row in rows]
    chosen = sorted(waiting)[:limit]
    until = now + int(lease.total_seconds() * 1000)
    taken = dict(zip(LEASE, (until, token, lease_owner()), strict=True))
    held: dict[tuple[str, str], Row] = {}
    for name, collection in collections.items():
        ids = [id for _, kind, id in chosen if kind == name]
        held |= {(name, row["_id"]): row for row in await _taken(collection.documents, ids, taken, claimable)}
    owed = []
    for _, name, id in chosen:
        if row := held.get((name, id)):
            events = tuple(event_of(each) for each in row["outbox"])
            owed.append(Owed(name, id, token, tuple(sorted(events, key=lambda event: event.id))))
    for each in owed:
        if not each.events:
            await settle_many(collections[each.kind], [(each, [])])
    return [each for each in owed if each.events]


async def _taken(documents: Documents, ids: list[str], taken: Row, claimable: Row) -> list[Row]:
    if not ids:
        return []
    await documents.bulk_write([UpdateMany({"_id": {"$in": ids}, **claimable}, {"$set": taken})])
    mine = {"_id": {"$in": ids}, "lease_token": taken["lease_token"]}
    return await documents.find(mine, {"outbox": 1}).to_list(len(ids))


async def settle_many(collection: Collection, settled: Sequence[tuple[Owed, Sequence[str]]]) -> bool:
    """Remove events of documents of one kind from the outbox, and end each lease if it is still this one. True when
    events are left.

    One operation for all documents that owe nothing else, in a bulk with other writes to the collection.
    """
    documents = collection.documents
    released = [owed for owed, ids in settled if owed.events and not ids]
    if released:
        await documents.bulk_write([UpdateMany(leased(released), _FREE)])
    settled = [(owed, ids) for owed, ids in settled if ids or not owed.events]
    if not settled:
        return bool(released)
    left = False
    if not await collection.writes.make(Settling(settled)):
        by_id = {"_id": {"$in": [owed.id for owed, _ in settled]}}
        rows = await documents.find(by_id, {"lease_token": 1, "outbox.id": 1}).to_list(len(settled))
        undone = {row["_id"] for row in rows if row.get("outbox") or row.get("lease_token")}
        for owed, ids in settled:
            if owed.id in undone:
                left = await _settle_beside_others(documents, owed, list(ids)) or left
    return left or bool(released)


async def _settle_beside_others(documents: Documents, owed: Owed, ids: list[str]) -> bool:
    """As `settle_many`, for a document that owes further events, or whose lease is another's."""
    struck: Row = {"$pull": {"outbox": {"id": {"$in": ids}}}}
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


async def release_tokens(database: Database, kinds: DeclaredKinds, tokens: Some[str]) -> None:
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


async def oldest(database: Database, kinds: DeclaredKinds, of: str | None) -> int | None:
    """Since when (machine time, ms) the longest-owing document has owed; of: the oldest event of this type."""
    found: list[int] = []
    for kind in kinds if of is not None else ():
        rows = database[kind.name].find({**OWES, "outbox.type": of}, {"outbox.type": 1, "outbox.since": 1})
        async for owing in rows:
            found += [owed["since"] for owed in owing["outbox"] if owed["type"] == of]
    for kind in kinds if of is None else ():
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
