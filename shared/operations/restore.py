"""Restores a backup. Everything is checked before anything is changed; an interrupted restore can be run again.

Documents become what they were at the backup. What came later is erased, except in a service's ledgers: what was sent
stays recorded as sent; and in the audit log, which loses no entry. Then every document gets a new sequence, so that
consumers accept its events. The services must not run. A backup of one region touches that region's documents only;
what others have stays as it is.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from shared.clock import Clock
from shared.faults import FilesAway, Flaw, Invalid
from shared.operations import manifest as manifests
from shared.operations.audit import file_owed_entries, merge_audit
from shared.operations.manifest import FILES, Manifest, OnProgress, ServiceBackup
from shared.operations.references import Comparison, compare
from shared.operations.region_check import flaws_in_backup
from shared.operations.region_scope import Everything, OneRegion, RestoreScope, region_scope
from shared.ports.audit import AUDIT_KINDS
from shared.ports.store import ID, Documents, State, Store
from shared.runtime.service import Resources, RestoreFacts, Service
from shared.storage.erasures.keeping import Erasures
from shared.storage.erasures.list import ErasureList
from shared.storage.resync import resync

_BATCH = 200  # documents written at once
_CHUNK = 256 * 1024  # bytes


@dataclass(frozen=True)
class Restored:
    """The result for one service. kept: ledger entries of the live store that are newer than the backup's; erased:
    documents that are newer than the backup; stamped: events owed anew; ledger_kept: see RestoreFacts; compared: what
    the restored documents name and nobody owns; erasures: of persons, listed after the backup and carried out
    again."""

    service: str
    documents: int
    kept: int
    erased: int
    files: int
    stamped: int
    ledger_kept: bool
    compared: Comparison
    erasures: int = 0


def check(folder: Path, services: Collection[Service]) -> Manifest:
    """The manifest of a backup that can be restored to these services as a whole. Raises Invalid with every flaw."""
    manifest = manifests.read(folder)
    flaws: list[Flaw] = []
    here = {service.name: service for service in services}
    for name in sorted(manifest.services.keys() | here.keys()):
        if name not in manifest.services and here[name].rebuilt_kinds:
            continue  # of a release without it: it begins anew
        if name not in manifest.services:
            flaws.append(Flaw(name, "not-in-backup", "the backup does not cover it; restore the others with --service"))
        elif name in here:
            found = manifests.flaws_of(folder, name, manifest.services[name], here[name])
            if manifest.region is not None and not found:
                found = flaws_in_backup(folder / name, manifest.services[name], here[name], manifest.region)
            flaws += found
    if flaws:
        raise Invalid(flaws)
    return manifest


async def restore(
    folder: Path,
    manifest: Manifest,
    resources: Resources,
    service: Service,
    progress: OnProgress = lambda *_: None,
    *,
    also: ErasureList | None = None,
) -> Restored:
    """Restore one service's part; its store and files are open. Of one region: after `region_check.admit`. also: the
    list of erasures of the installation that the backup comes from. Raises StoreAway, FilesAway."""
    backup = manifest.services.get(service.name) or ServiceBackup(kinds={})
    place = folder / service.name
    scope = await _scope(resources.store, service, manifest.region)
    ledger_kept = await _ledger_kept(place, backup, resources.store, service)
    await file_owed_entries(resources.store, service)
    files = await _put_files(place, backup, resources)
    documents = kept = erased = 0
    others: dict[str, list[str]] = {}
    for kind in scope.kinds:
        if kind in AUDIT_KINDS:
            continue
        is_ledger = kind.name in service.ledger_kinds
        ids: set[str] = set()
        for batch in _batches(place / f"{kind.name}.jsonl") if kind.name in backup.kinds else ():
            ids.update(stored[ID] for stored in batch)
            wanted = await _older_or_absent(resources.store, kind.name, batch) if is_ledger else batch
            kept += len(batch) - len(wanted)
            await resources.store.load(kind.name, wanted)
            documents += len(wanted)
            progress(f"{service.name} {kind.name}", len(ids))
        scope.note(kind.name, ids)
        if not is_ledger:
            others[kind.name] = [id async for id in scope.others(kind.name, ids)]
    for name in reversed(others):
        erased += await _erase(resources.store, name, others[name])
    documents += await merge_audit(place, backup, manifest, resources.store, service)
    stamped = await resync(
        resources.store,
        service.resynced,
        after_restore=True,
        only=scope.concerns,
        progress=lambda now: progress(f"{service.name} stamped", now.seen),
    )
    if service.after_restore is not None:
        await service.after_restore(RestoreFacts(manifest.made_at, Clock.machine(), ledger_kept, manifest.region))
    if isinstance(scope, OneRegion) and scope.was_there and service.regional.left is not None:
        await service.regional.left(scope.region)
    erasures = await _erase_again(resources, service, manifest.region, also)
    compared = await compare(folder, manifest, resources.store, service, scope.concerns)
    return Restored(service.name, documents, kept, erased, files, stamped, ledger_kept, compared, erasures)


async def _scope(store: Store, service: Service, region: str | None) -> RestoreScope:
    return Everything(store, service) if region is None else await region_scope(store, service, region)


async def _ledger_kept(place: Path, backup: ServiceBackup, store: Store, service: Service) -> bool:
    """Whether the live store is no new one and still has every ledger entry of the backup: then it also knows what was
    sent since."""
    for kind in service.ledger_kinds:
        for stored in manifests.lines(place / f"{kind}.jsonl") if kind in backup.kinds else ():
            live = await store.get(kind, stored[ID])
            if live is None or live.sequence < stored["sequence"]:
                return False
    if any(file.lines for kind, file in backup.kinds.items() if kind in service.ledger_kinds):
        return True
    filled = [kind for kind, file in backup.kinds.items() if file.lines]
    for kind in filled:
        for stored in manifests.lines(place / f"{kind}.jsonl"):
            if await store.get(kind, stored[ID]) is not None:
                return True
    return not filled


async def _erase_again(resources: Resources, service: Service, region: str | None, also: ErasureList | None) -> int:
    """Carry out the erasures that are listed and that the backup does not know; how many."""
    if service.personal_data is None:
        return 0
    erasures = Erasures(resources.store, service.name, ErasureList(resources.settings.erasures))
    count = await erasures.catch_up(service.personal_data)
    return count + (0 if also is None else await erasures.adopt(also, service.personal_data, region))


def _batches(path: Path) -> Iterator[list[State]]:
    batch: list[State] = []
    for stored in manifests.lines(path):
        batch.append(stored)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


async def _older_or_absent(store: Documents, kind: str, batch: list[State]) -> list[State]:
    """Those of the batch that the live store does not have in this or a newer version."""
    wanted: list[State] = []
    for stored in batch:
        live = await store.get(kind, stored[ID])
        if live is None or live.sequence < stored["sequence"]:
            wanted.append(stored)
    return wanted


async def _erase(store: Store, kind: str, ids: list[str]) -> int:
    """Erase these documents of a kind; how many."""
    for id in ids:
        await store.erase(kind, id)
    return len(ids)


async def _put_files(place: Path, backup: ServiceBackup, resources: Resources) -> int:
    """Restore the evidence files that are not there; how many."""
    count = 0
    for each in manifests.lines(place / f"{FILES}.jsonl") if backup.files is not None else ():
        if await resources.files.stat(each["digest"]) is None:
            chunks = _chunks(place / FILES / each["digest"])
            stored = await resources.files.put(chunks, most={str(each["media_type"]): each["size"]})
            if stored.digest != each["digest"]:
                raise FilesAway(f"evidence file {each['digest']} was stored as {stored.digest}")
            count += 1
    return count


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
