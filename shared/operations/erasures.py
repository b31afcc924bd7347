"""Checks before a restore that the list of erasures is there and is the one that the backup belongs to."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from shared.faults import Flaw, Invalid
from shared.operations import manifest as manifests
from shared.operations.manifest import Manifest
from shared.runtime.service import Service
from shared.storage.erasures.entry import Erasure
from shared.storage.erasures.kinds import ERASURE, ERASURE_LIST
from shared.storage.erasures.list import ErasureList

_FIX = (
    "put the installation's erased.jsonl back, name the one of the installation that the backup comes from "
    "(--erasures FILE), or restore with --without-erasures: then persons who were erased since come back"
)


def check_erasures(
    folder: Path,
    manifest: Manifest,
    services: Collection[Service],
    own: ErasureList,
    also: ErasureList | None = None,
) -> None:
    """Raise Invalid when services that hold persons would be restored without the list of erasures of the backup's
    installation, or with an older copy of it; Misconfigured when a list cannot be read. also: another list that is
    carried out as well."""
    holding = [each.name for each in services if each.personal_data is not None]
    lists = [each.read() for each in (own, also) if each is not None and (each is also or each.exists())]
    if not holding:
        return
    if not lists:
        raise Invalid([Flaw(str(own.path), "missing", f"the list of erasures is not there; {_FIX}")])
    flaws: list[Flaw] = []
    ids = {each.id for each in lists}
    for name in holding:
        known = {str(state["list"]) for state in _states(folder, manifest, name, ERASURE_LIST.name)}
        if (known or {manifest.erasures} - {""}) - ids:
            flaws.append(Flaw(str(own.path), "another", f"not the list of erasures of this backup of {name}; {_FIX}"))
            continue
        there = {each.key for one in lists for each in one.of(name)}
        states = _states(folder, manifest, name, ERASURE.name)
        lacking = sum(Erasure.model_validate(state).key not in there for state in states)
        if lacking:
            why = f"{lacking} erasures of this backup of {name} are not on it: an older copy of the list; {_FIX}"
            flaws.append(Flaw(str(own.path), "older", why))
    if flaws:
        raise Invalid(flaws)


def _states(folder: Path, manifest: Manifest, service: str, kind: str) -> Iterator[dict[str, Any]]:
    part = manifest.services.get(service)
    if part is not None and kind in part.kinds:
        for stored in manifests.lines(folder / service / f"{kind}.jsonl"):
            yield stored["state"]
