"""Writes a backup of the services of this image while they run.

Documents first, evidence files after them: files are only ever added, so every file that a document names is in the
backup. It is no snapshot across documents; a restore therefore gives every document a new sequence.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import AsyncIterator, Collection
from pathlib import Path
from typing import Any

from shared.clock import Clock
from shared.faults import Flaw, Invalid
from shared.operations.manifest import FILES, NAME, BackupFile, Manifest, OnProgress, ServiceBackup
from shared.runtime.service import Resources, Service


async def back_up(
    folder: Path, parts: Collection[tuple[Resources, Service]], version: str, progress: OnProgress = lambda *_: None
) -> Manifest:
    """Write a backup into `folder`, which must be new or empty; the stores and files of `parts` are open. A folder
    without a manifest is an unfinished backup. Raises Invalid, StoreAway, FilesAway."""
    _make(folder)
    made_at = Clock.machine()
    kinds: dict[str, dict[str, BackupFile]] = {}
    for resources, service in parts:
        (folder / service.name).mkdir(mode=0o700)
        kinds[service.name] = {
            kind.name: await _write(
                folder / service.name / f"{kind.name}.jsonl",
                resources.store.dump(kind.name),
                f"{service.name} {kind.name}",
                progress,
                kind.schema,
            )
            for kind in service.kinds
        }
    backups: dict[str, ServiceBackup] = {}
    copied: list[object] = []
    for resources, service in parts:
        files = None
        if not any(each is resources.files for each in copied):
            copied.append(resources.files)
            files = await _copy_files(folder / service.name, resources, service.name, progress)
        backups[service.name] = ServiceBackup(kinds=kinds[service.name], files=files)
    manifest = Manifest(made_at=made_at, version=version, services=backups)
    _put(folder / NAME, manifest.model_dump_json(indent=2).encode() + b"\n")
    return manifest


def _make(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise Invalid([Flaw(str(folder), "not-empty", "a backup needs a new or empty folder")])
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


async def _write(
    path: Path, documents: AsyncIterator[dict[str, Any]], label: str, progress: OnProgress, schema: int = 1
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


async def _copy_files(folder: Path, resources: Resources, name: str, progress: OnProgress) -> BackupFile:
    (folder / FILES).mkdir(mode=0o700)

    async def described() -> AsyncIterator[dict[str, Any]]:
        async for digest in resources.files.digests():
            stored = await resources.files.stat(digest)
            if stored is None:
                continue
            with (folder / FILES / digest).open("wb") as file:
                async for chunk in resources.files.get(digest):
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
