"""Removes a region that has moved: exactly what its backup holds, and what was derived of it.

Refused as long as the store has anything of the region that the backup has not, so nothing is lost; an interrupted
removal can be run again. The services must not run. Files go when they are swept: nothing refers to them any more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.faults import Flaw, Invalid
from shared.operations.audit import file_owed_entries, note
from shared.operations.manifest import Manifest, OnProgress, ServiceBackup
from shared.operations.region_check import require_empty_queues, require_region
from shared.operations.region_documents import documents_in_store, lines_of
from shared.ports.store import ID
from shared.runtime.service import Resources, Service


@dataclass(frozen=True)
class Removed:
    """The result for one service."""

    service: str
    documents: int


async def require_moved(
    folder: Path, manifest: Manifest, parts: Collection[tuple[Resources, Service]]
) -> dict[str, dict[str, list[str]]]:
    """Service → kind → ids of all that is to be removed; the stores are open. What commands have left to the audit log
    is filed. Raises Invalid when the backup lacks something, Conflict while events wait, NotFound for a backup of
    everything, StoreAway, BusAway."""
    region = require_region(manifest)
    for resources, service in parts:
        await file_owed_entries(resources.store, service)
    flaws: list[Flaw] = []
    found: dict[str, dict[str, list[str]]] = {}
    for resources, service in parts:
        backup = manifest.services.get(service.name) or ServiceBackup(kinds={})
        documents = await documents_in_store(resources.store, service, region)
        live = await documents.live(resources.store)
        for kind in documents.kinds:
            if documents.moves(kind):
                owing = [it[ID] async for it in documents.dumped(resources.store, kind) if it["outbox"]]
                missing = _missing(folder / service.name, backup, kind.name, live[kind.name], owing)
                flaws += [Flaw(f"{service.name}/{kind.name}", code, message) for code, message in missing]
        found[service.name] = {kind: list(ids) for kind, ids in live.items()}
    if flaws:
        raise Invalid(flaws)
    await require_empty_queues(parts)
    return found


def _missing(
    folder: Path, backup: ServiceBackup, kind: str, live: Mapping[str, int], owing: Sequence[str]
) -> list[tuple[str, str]]:
    """Why documents of a kind may not be removed."""
    kept = {stored[ID]: stored["sequence"] for stored in lines_of(folder, backup, kind)}
    newer = [id for id, sequence in live.items() if kept.get(id) != sequence]
    found: list[tuple[str, str]] = []
    if newer:
        again = "back the region up again while the services are stopped"
        found.append(("changed", f"{len(newer)} changed since the backup, first {newer[0]}: {again}"))
    if owing:
        found.append(("owes", f"{len(owing)} owe events: start the services until none does"))
    return found


async def remove(
    to_remove: dict[str, list[str]],
    resources: Resources,
    service: Service,
    region: str,
    progress: OnProgress = lambda *_: None,
) -> Removed:
    """Remove the documents of one service that `require_moved` has found, those that follow others first. Raises
    StoreAway."""
    count = 0
    for kind in reversed(to_remove):
        for id in to_remove[kind]:
            await resources.store.erase(kind, id)
            count += 1
            progress(f"{service.name} {kind}", count)
    if service.regional.left is not None:
        await service.regional.left(region)
    await note(resources.store, service, "removed", region, documents=str(count))
    return Removed(service.name, count)
