"""Writes a backup of the services of this image while they run.

It is no snapshot across documents, so the order decides: what names a document is written before that document. Of the
services, consumers come before those whose events they consume, so that a backup never holds a copy of what its owner
has not. Documents come before evidence files: a file is removed only a day or more after the last document named it, so
every file that a document of the backup names is in it. A restore gives every document a new sequence.

The backup of one region has that region's documents, and the files that they name.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import AsyncIterator, Collection
from pathlib import Path

from shared.clock import Clock
from shared.contracts.event_types import CONTRACTS
from shared.contracts.subscriptions import consumers_first
from shared.faults import Flaw, Invalid, Misconfigured
from shared.operations.manifest import (
    FILES,
    FORMAT,
    FORMAT_OF_A_REGION,
    NAME,
    BackupFile,
    Manifest,
    OnProgress,
    ServiceBackup,
)
from shared.operations.selection import Selection, selection_of
from shared.ports.audit import AUDIT_KINDS
from shared.ports.files import Files
from shared.ports.store import ID, Kind, State
from shared.runtime.service import Resources, Service
from shared.storage.erasures.list import ErasureList


async def back_up(
    folder: Path,
    parts: Collection[tuple[Resources, Service]],
    version: str,
    progress: OnProgress = lambda *_: None,
    *,
    region: str | None = None,
) -> Manifest:
    """Write a backup into `folder`, which must be new or empty; the stores and files of `parts` are open. A folder
    without a manifest is an unfinished backup. region: the code, to write only what is this region's. Raises Invalid,
    also when the region is not known, StoreAway, FilesAway."""
    made_at = Clock.machine()
    selections = {service.name: await selection_of(part.store, service, region) for part, service in parts}
    _make(folder)
    by_name = {service.name: (resources, service) for resources, service in parts}
    in_order = [by_name[name] for name in consumers_first(by_name)]
    backups: dict[str, ServiceBackup] = {}
    for _, service in in_order:
        (folder / service.name).mkdir(mode=0o700)
        selection = selections[service.name]
        backups[service.name] = await _write_documents(folder / service.name, service, selection, progress)
    copied: list[object] = []
    for resources, service in in_order:
        digests = selections[service.name].digests(resources.files)
        shared = region is None and any(each is resources.files for each in copied)
        if digests is not None and not shared:
            copied.append(resources.files)
            files = await _copy_files(folder / service.name, resources.files, digests, service.name, progress)
            backups[service.name] = backups[service.name].model_copy(update={"files": files})
    number = FORMAT if region is None else FORMAT_OF_A_REGION
    manifest = Manifest(
        format=number,
        made_at=made_at,
        version=version,
        services=backups,
        region=region,
        erasures=_list_of_erasures(parts, needed=region is not None),
    )
    _put(folder / NAME, manifest.model_dump_json(indent=2).encode() + b"\n")
    return manifest


def _list_of_erasures(parts: Collection[tuple[Resources, Service]], *, needed: bool) -> str:
    """The id of the installation's list of erasures, which itself is in no backup; empty when there is none. needed:
    Misconfigured is raised for one that cannot be read; the stores of a whole backup have its id, too."""
    for resources, service in parts:
        listed = ErasureList(resources.settings.erasures)
        if service.personal_data is None:
            continue
        try:
            return listed.read().id if listed.exists() else ""
        except Misconfigured:
            if needed:
                raise
    return ""


def _make(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise Invalid([Flaw(str(folder), "not-empty", "a backup needs a new or empty folder")])
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


async def _write_documents(folder: Path, service: Service, selection: Selection, progress: OnProgress) -> ServiceBackup:
    kinds: dict[str, BackupFile] = {}
    owned = {subject: list[str]() for subject in sorted(_owned_subjects(service))}
    for kind in _referring_first(service, selection):
        documents = _noted(selection.documents(kind), owned.get(kind.name))
        label = f"{service.name} {kind.name}"
        kinds[kind.name] = await _write(folder / f"{kind.name}.jsonl", documents, label, progress, kind.schema)
    ids = {subject: tuple(found) for subject, found in owned.items()}
    return ServiceBackup(kinds=kinds, owned=ids, needs=selection.needs())


def _owned_subjects(service: Service) -> set[str]:
    """The kinds of this service that events are about."""
    published = {each.subject for each in CONTRACTS.values() if each.source == service.name}
    return published & {kind.name for kind in service.kinds}


def _referring_first(service: Service, selection: Selection) -> list[Kind]:
    """The service's kinds that are written, each before those of its own that its documents name; the audit log at
    last."""
    written = [each for each in service.kinds if selection.takes(each)]
    left, order = [each for each in written if each not in AUDIT_KINDS], list[Kind]()
    while left:
        named = {each.subject for each in service.references if each.kind in {kind.name for kind in left}}
        order.append(next((kind for kind in left if kind.name not in named), left[0]))
        left.remove(order[-1])
    return [*order, *(each for each in AUDIT_KINDS if each in written)]


async def _noted(documents: AsyncIterator[State], ids: list[str] | None) -> AsyncIterator[State]:
    """The same documents; their ids are added to `ids`, unless it is None."""
    async for document in documents:
        if ids is not None:
            ids.append(document[ID])
        yield document


async def _write(
    path: Path, documents: AsyncIterator[State], label: str, progress: OnProgress, schema: int = 1
) -> BackupFile:
    sha, count = hashlib.sha256(), 0
    with path.open("wb") as file:
        async for document in documents:
            line = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            sha.update(line)
            file.write(line)
            count += 1
            progress(label, count)
        file.flush()
        os.fsync(file.fileno())
    return BackupFile(lines=count, sha256=sha.hexdigest(), schema_number=schema)


async def _copy_files(
    folder: Path, kept: Files, digests: AsyncIterator[str], name: str, progress: OnProgress
) -> BackupFile:
    (folder / FILES).mkdir(mode=0o700)

    async def described() -> AsyncIterator[State]:
        async for digest in digests:
            stored = await kept.stat(digest)
            if stored is None:
                continue
            with (folder / FILES / digest).open("wb") as file:
                async for chunk in kept.get(digest):
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            yield {"digest": digest, "size": stored.size, "media_type": stored.media_type}

    return await _write(folder / f"{FILES}.jsonl", described(), f"{name} {FILES}", progress)


def _put(path: Path, content: bytes) -> None:
    """Write a file so that it is whole or absent."""
    draft = path.with_suffix(".new")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
