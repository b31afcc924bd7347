"""The manifest of a backup: written last, checked first.

A backup is a folder: ``manifest.json``, and for each service ``<service>/<kind>.jsonl`` (documents in stored form, one
a line, in the order of ids), ``<service>/files.jsonl`` and ``<service>/files/<digest>``. It covers the services of one
image; in one process that is all of them. A backup of one region has a format of its own, so that an earlier release,
which would erase all other regions, refuses it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from shared.faults import Flaw, Invalid
from shared.runtime.service import Service

FORMAT = 1
FORMAT_OF_A_REGION = 2
NAME = "manifest.json"
FILES = "files"

OnProgress = Callable[[str, int], None]
"""Called with what is being written, and how many of it have been."""


class BackupFile(BaseModel):
    """One file of JSON lines. schema_number: of the documents' kind; sha256: of the whole file."""

    model_config = ConfigDict(frozen=True)

    lines: int = Field(ge=0)
    sha256: str
    schema_number: int = 1


class ServiceBackup(BaseModel):
    """The part of one service. files: None when another service's part has them; owned: by subject, the ids of all
    documents that the service owns and publishes events about, None in a backup of a release that did not list them;
    needs: name → digest of what an installation must have for the documents of a region (catalogues)."""

    model_config = ConfigDict(frozen=True)

    kinds: Mapping[str, BackupFile]
    files: BackupFile | None = None
    owned: Mapping[str, tuple[str, ...]] | None = None
    needs: Mapping[str, str] = Field(default_factory=dict)


class Manifest(BaseModel):
    """made_at: machine time at which the backup began; what was durable then is in it; region: the code, of a backup of
    one region; erasures: the id of the installation's list of erasures, empty when it had none."""

    model_config = ConfigDict(frozen=True)

    format: int = FORMAT
    made_at: AwareDatetime
    version: str
    services: Mapping[str, ServiceBackup]
    region: str | None = None
    erasures: str = ""


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises Invalid when there is none, or one that cannot be read."""
    try:
        manifest = Manifest.model_validate_json((folder / NAME).read_bytes())
    except OSError as error:
        raise Invalid([Flaw(str(folder / NAME), "missing", f"not a complete backup: {error.strerror}")]) from error
    except ValidationError as error:
        raise Invalid([Flaw(str(folder / NAME), "unreadable", f"{error.error_count()} faults in it")]) from error
    wanted = FORMAT if manifest.region is None else FORMAT_OF_A_REGION
    if manifest.format != wanted:
        raise Invalid([Flaw(NAME, "other-format", f"format {manifest.format}; this release reads {wanted}")])
    return manifest


def flaws_of(folder: Path, name: str, backup: ServiceBackup, service: Service) -> list[Flaw]:
    """Every reason not to restore this part. Reads every line and every evidence file."""
    known = {kind.name: kind for kind in service.kinds}
    found: list[Flaw] = []
    for kind, file in backup.kinds.items():
        place = f"{name}/{kind}.jsonl"
        if kind not in known:
            found.append(Flaw(place, "unknown-kind", f"this release of {name} has no such kind"))
        elif file.schema_number > known[kind].schema:
            found.append(Flaw(place, "newer-schema", f"schema {file.schema_number}; known here: {known[kind].schema}"))
        found += _differences(folder / name / f"{kind}.jsonl", place, file)
    if backup.files is not None:
        found += _differences(folder / name / f"{FILES}.jsonl", f"{name}/{FILES}.jsonl", backup.files)
        if not found:
            found += _bad_evidence(folder, name)
    return found


def lines(path: Path) -> Iterator[Any]:
    """The values of a file of JSON lines, one after another."""
    with path.open("rb") as file:
        for line in file:
            yield json.loads(line)


def digest_of(path: Path) -> str:
    """SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _differences(path: Path, place: str, file: BackupFile) -> list[Flaw]:
    """Where a file differs from the manifest."""
    try:
        if digest_of(path) != file.sha256:
            return [Flaw(place, "altered", "its content is not what the manifest says")]
        count = sum(1 for _ in lines(path))
    except OSError as error:
        return [Flaw(place, "missing", error.strerror or "cannot be read")]
    except ValueError as error:
        return [Flaw(place, "unreadable", str(error))]
    return [] if count == file.lines else [Flaw(place, "altered", f"{count} lines; the manifest says {file.lines}")]


def _bad_evidence(folder: Path, name: str) -> list[Flaw]:
    """The evidence files whose content differs from their name."""
    found: list[Flaw] = []
    for each in lines(folder / name / f"{FILES}.jsonl"):
        place = f"{name}/{FILES}/{each['digest']}"
        try:
            if digest_of(folder / name / FILES / each["digest"]) != each["digest"]:
                found.append(Flaw(place, "altered", "its content is not what its name says"))
        except OSError as error:
            found.append(Flaw(place, "missing", error.strerror or "cannot be read"))
    return found
