"""A backup put back. Everything is checked before anything is touched; stopped in the middle, it is run again.

Documents become what they were at the backup, and what came later is gone, except in a service's ledgers: what was sent
stays sent. Then every document is stamped anew, so that consumers accept what comes after. The services must not run.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.clock import Clock
from shared.faults import FilesAway, Flaw, Invalid
from shared.operations import manifest as manifests
from shared.operations.manifest import FILES, Manifest, Share
from shared.operations.resync import resync
from shared.ports.store import ID, Documents, State, Store
from shared.runtime.service import RestoreFacts, Service, World

_BATCH = 200  # documents put back at once
_CHUNK = 256 * 1024  # bytes

Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Restored:
    """What became of one service. kept: ledger entries of the live store that are newer than the backup's; erased:
    documents that came after the backup; stamped: events owed anew; ledger_kept: see RestoreFacts."""

    service: str
    documents: int
    kept: int
    erased: int
    files: int
    stamped: int
    ledger_kept: bool


def check(folder: Path, services: Collection[Service]) -> Manifest:
    """The set's manifest, when it can be restored to these services as a whole. Raises Invalid with every flaw."""
    manifest = manifests.read(folder)
    flaws: list[Flaw] = []
    here = {service.name: service for service in services}
    for name in sorted(manifest.services.keys() | here.keys()):
        if name not in manifest.services:
            flaws.append(Flaw(name, "not-in-backup", "the set does not cover it; restore the others with --service"))
        elif name in here:
            flaws += manifests.flaws_of(folder, name, manifest.services[name], here[name])
    if flaws:
        raise Invalid(flaws)
    return manifest


async def put_back(
    folder: Path, manifest: Manifest, world: World, service: Service, progress: Progress = lambda *_: None
) -> Restored:
    """Restore one service's share; its store and files are open. Raises StoreAway, FilesAway."""
    share = manifest.services[service.name]
    home = folder / service.name
    ledger_kept = await _ledger_kept(home, share, world.store, service)
    files = await _put_files(home, share, world)
    documents = kept = erased = 0
    for kind in service.kinds:
        ledger = kind.name in service.ledger_kinds
        path = home / f"{kind.name}.jsonl"
        in_set = kind.name in share.kinds
        ids: set[str] = set()
        for batch in _batches(path) if in_set else ():
            ids.update(stored[ID] for stored in batch)
            wanted = await _older_live(world.store, kind.name, batch) if ledger else batch
            kept += len(batch) - len(wanted)
            await world.store.load(kind.name, wanted)
            documents += len(wanted)
            progress(f"{service.name} {kind.name}", len(ids))
        if not ledger:
            erased += await _erase_others(world.store, kind.name, ids)
    kinds = service.resyncable or tuple(kind.name for kind in service.kinds)
    stamped = await resync(
        world.store, kinds, after_restore=True, progress=lambda now: progress(f"{service.name} stamped", now.seen)
    )
    if service.after_restore is not None:
        await service.after_restore(RestoreFacts(manifest.made_at, Clock.machine(), ledger_kept))
    return Restored(service.name, documents, kept, erased, files, stamped, ledger_kept)


async def _ledger_kept(home: Path, share: Share, store: Documents, service: Service) -> bool:
    """Whether the live store still has all that the backup's ledgers know, and is no new one: then it also knows what
    was sent since."""
    for kind in service.ledger_kinds:
        for stored in manifests.lines(home / f"{kind}.jsonl") if kind in share.kinds else ():
            live = await store.get(kind, stored[ID])
            if live is None or live.sequence < stored["sequence"]:
                return False
    if any(part.lines for kind, part in share.kinds.items() if kind in service.ledger_kinds):
        return True
    filled = [kind for kind, part in share.kinds.items() if part.lines]
    for kind in filled:
        for stored in manifests.lines(home / f"{kind}.jsonl"):
            if await store.get(kind, stored[ID]) is not None:
                return True
    return not filled


def _batches(path: Path) -> Any:  # noqa: ANN401 - a generator of lists of stored documents
    batch: list[State] = []
    for stored in manifests.lines(path):
        batch.append(stored)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


async def _older_live(store: Documents, kind: str, batch: list[State]) -> list[State]:
    """Those of the batch that the live store does not have in this or a newer version."""
    wanted: list[State] = []
    for stored in batch:
        live = await store.get(kind, stored[ID])
        if live is None or live.sequence < stored["sequence"]:
            wanted.append(stored)
    return wanted


async def _erase_others(store: Store, kind: str, ids: set[str]) -> int:
    extra = [row.id async for row in store.scan(kind, {}, ()) if row.id not in ids]
    for id in extra:
        await store.erase(kind, id)
    return len(extra)


async def _put_files(home: Path, share: Share, world: World) -> int:
    count = 0
    for each in manifests.lines(home / f"{FILES}.jsonl") if share.files is not None else ():
        if await world.files.stat(each["digest"]) is None:
            accept = frozenset({str(each["media_type"])})
            stored = await world.files.put(_chunks(home / FILES / each["digest"]), most=each["size"], accept=accept)
            if stored.digest != each["digest"]:
                raise FilesAway(f"evidence file {each['digest']} came back as {stored.digest}")
            count += 1
    return count


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
