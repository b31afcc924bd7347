"""The audit log in a restore: it is merged, never rolled back, and the restore is an entry of its own.

Entries that only the backup has are added; on a day that is sealed here they would look forged, so they go to today.
The seals of the backup are taken if those here are a part of them, or if there is no log here; else the days are sealed
anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

from shared.clock import Clock, machine_ms
from shared.contracts.event import SEQUENCE_DIGITS
from shared.messaging.audit_filing import AuditFiling
from shared.observability import tracing
from shared.observability.actor import current
from shared.operations.manifest import Manifest, ServiceBackup, lines
from shared.ports.audit import ENTRY, SEAL, canonical, day_of, next_day, on_day, owed_id
from shared.ports.store import AUDIT, ID, OwedEvent, State, Store
from shared.runtime.service import Service
from shared.storage.audit.log import AuditLog

_LEASE = timedelta(seconds=30)
_BATCH = 200  # entries


async def file_owed_entries(store: Store, service: Service) -> None:
    """File what documents owe that the restore is about to replace. Raises StoreAway."""
    if ENTRY in service.kinds:
        await AuditFiling(store).file_all(_LEASE)


async def merge_audit(place: Path, backup: ServiceBackup, manifest: Manifest, store: Store, service: Service) -> int:
    """Add what the backup's log has and this one has not; how many documents. A backup of one region has no log. Raises
    StoreAway."""
    if ENTRY not in service.kinds:
        return 0
    log, seals = AuditLog(store), _stored(place, backup, SEAL.name)
    last = await log.last_seal()
    is_part = await log.first_day() is None if last is None else (last[0], last[1].model_dump(mode="json")) in seals
    today, count = Clock.machine().date().isoformat(), 0
    for batch in _batches(_lines(place, backup, ENTRY.name)):
        states = {each[ID]: each["state"] for each in batch}
        if last is not None and not is_part:
            states = {await _place(store, id, last[0], today): state for id, state in states.items()}
        await store.keep(ENTRY.name, states)
        count += len(states)
    if is_part:
        await store.keep(SEAL.name, dict(seals))
        count += len(seals)
    made_at = manifest.made_at.isoformat()
    await note(store, service, "restored", manifest.region, made_at=made_at, version=manifest.version)
    return count


async def _place(store: Store, id: str, closed: str, today: str) -> str:
    """Where an entry of the backup belongs. closed: the last day that is closed here."""
    if day_of(id) > closed or await store.get(ENTRY.name, id) is not None:
        return id
    return on_day(id, max(today, next_day(closed)))


def _stored(place: Path, backup: ServiceBackup, kind: str) -> list[tuple[str, State]]:
    return [(each[ID], each["state"]) for each in _lines(place, backup, kind)]


def _lines(place: Path, backup: ServiceBackup, kind: str) -> Iterator[State]:
    return lines(place / f"{kind}.jsonl") if kind in backup.kinds else iter(())


def _batches(documents: Iterator[State]) -> Iterator[list[State]]:
    while batch := list(islice(documents, _BATCH)):
        yield batch


async def note(store: Store, service: Service, what: str, region: str | None, **facts: str) -> None:
    """Write an entry about what is no change of one document, of a whole service or of its part of a region. what:
    `restored`, `removed`. Raises StoreAway."""
    if ENTRY not in service.kinds:
        return
    actor, digits, at = current(), f"{machine_ms():0{SEQUENCE_DIGITS}d}", Clock.machine()
    entry = {
        "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "account": actor.account,
        "role": actor.role,
        "address": actor.address,
        "through": actor.through,
        "correlationid": tracing.current_correlation(),
        "document": f"backup/{service.name}",
        "sequence": digits,
        "region": region or "",
        "what": what,
        "event": None,
        "changes": [{"field": name, "before": None, "after": value} for name, value in facts.items()],
    }
    id = owed_id(at.date().isoformat(), "backup", service.name, digits)
    await AuditFiling(store).file([OwedEvent(id, AUDIT, canonical(entry).encode(), region or "")])
