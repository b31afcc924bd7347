"""Every reason not to restore the backup of one region: it must hold that region's documents and no others, and come to
an installation that has what they need, where nobody else has documents of the same ids."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.faults import Conflict, Flaw, Invalid, NotFound, QueueMissing
from shared.operations.manifest import Manifest, ServiceBackup
from shared.operations.region_documents import documents_in_backup, documents_in_store, lines_of
from shared.ports.store import ID, Documents, Kind, OneOf, State
from shared.runtime.service import Resources, Service

_AT_ONCE = 200  # ids of one query


def flaws_in_backup(folder: Path, backup: ServiceBackup, service: Service, region: str) -> list[Flaw]:
    """What is wrong with the backup of a service itself. folder: of that service. Reads every line."""
    documents = documents_in_backup(folder, backup, service, region)
    found: list[Flaw] = []
    for kind in service.kinds:
        place = f"{service.name}/{kind.name}.jsonl"
        if kind.name in backup.kinds and not documents.moves(kind):
            found.append(Flaw(place, "not-regional", "documents of this kind belong to no region"))
            continue
        for stored in lines_of(folder, backup, kind.name):
            if not documents.takes(kind, stored) or not _says(stored, region):
                found.append(Flaw(place, "other-region", f"{stored[ID]} is not of region {region}"))
                break
    has = service.regional.has
    for name, digest in backup.needs.items():
        if has.get(name) != digest:
            word = "has another" if name in has else "has no"
            message = f"this installation {word} {name} with the digest {digest[:12]}…: copy its file first"
            found.append(Flaw(f"{service.name}/{name}", "missing", message))
    return found


def _says(stored: State, region: str) -> bool:
    """Whether all events of the document are of the region, and none of them waits to be published."""
    last = stored["last_event"]
    return not stored["outbox"] and (last is None or last.get("region") == region)


async def admit(
    folder: Path, manifest: Manifest, parts: Collection[tuple[Resources, Service]], *, replace: bool
) -> None:
    """Raise Invalid unless the region can be put in beside what is there; the stores are open. replace: the region may
    be there already. Raises Conflict when it is, and events wait that were published before; StoreAway, BusAway."""
    if manifest.region is None:
        return
    flaws: list[Flaw] = []
    there = False
    for resources, service in parts:
        backup = manifest.services.get(service.name)
        documents = await documents_in_store(resources.store, service, manifest.region)
        live = await documents.live(resources.store)
        moving = {kind.name for kind in service.kinds if documents.moves(kind)}
        if any(live[name] for name in moving):
            there = True
            if not replace:
                message = f"region {manifest.region} is there already: --replace puts this backup in its place"
                flaws.append(Flaw(service.name, "there-already", message))
        for kind in service.kinds:
            if backup is not None and kind.name in moving:
                lines = lines_of(folder / service.name, backup, kind.name)
                regional = service.regional.kind(kind.name)
                if regional is not None and regional.clashes is not None:
                    found = await regional.clashes(resources.store, manifest.region, lines)
                else:
                    found = await _taken(resources.store, kind, lines, live[kind.name])
                flaws += [Flaw(f"{service.name}/{kind.name}.jsonl", "taken", each) for each in found]
    if flaws:
        raise Invalid(flaws)
    if there:
        await require_empty_queues(parts)


async def require_empty_queues(parts: Collection[tuple[Resources, Service]]) -> None:
    """Raise Conflict while events wait for these services: one that is about a document which is removed would bring
    copies of it back. Raises BusAway."""
    for resources, service in parts:
        await resources.bus.open()
        try:
            for each in SUBSCRIPTIONS:
                if each.service != service.name:
                    continue
                try:
                    state = await resources.bus.state(each)
                except QueueMissing:
                    continue
                if state.ready:
                    raise Conflict(f"{state.ready} events wait in {each.name}: start the services until none do")
        finally:
            await resources.bus.close()


async def _taken(store: Documents, kind: Kind, lines: Iterator[State], own: Collection[str]) -> list[str]:
    """The ids of the backup that a document of another region has, each with what is wrong."""
    batch: list[str] = []
    found: list[str] = []

    async def look() -> None:
        rows = store.scan(kind.name, {ID: OneOf(batch)}, ())
        found.extend([f"{row.id} is there already, and of another region" async for row in rows])

    for stored in lines:
        if stored[ID] not in own:
            batch.append(stored[ID])
        if len(batch) == _AT_ONCE:
            await look()
            batch.clear()
    if batch:
        await look()
    return found


def require_region(manifest: Manifest) -> str:
    """The region's code. Raises NotFound for a backup of everything."""
    if manifest.region is None:
        raise NotFound("this backup is not of one region: it was made without --region")
    return manifest.region
