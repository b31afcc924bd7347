"""Compares what restored documents name with what its owners have in the same backup set.

The owners' lists of ids are in the set's manifests. Where each service has a backup of its own (containers), the set is
the folder that holds them: `<set>/<service>/manifest.json`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.contracts.event_types import CONTRACTS
from shared.faults import Invalid
from shared.operations import manifest as manifests
from shared.operations.manifest import Manifest, ServiceBackup
from shared.ports.store import Documents
from shared.runtime.service import Service

_OWNERS: Mapping[str, str] = {each.subject: each.source for each in CONTRACTS.values()}


@dataclass(frozen=True, order=True)
class Unowned:
    """A restored document that names a subject which its owner does not have. document: `scorecard/<id>`; subject:
    `innovation/<id>`."""

    document: str
    subject: str


@dataclass(frozen=True)
class Comparison:
    """The result for one service. unowned: what it names and nobody owns; unknown: the kinds of subject that could not
    be compared, because the set has no list of their ids."""

    unowned: tuple[Unowned, ...] = ()
    unknown: tuple[str, ...] = ()


async def compare(
    folder: Path,
    manifest: Manifest,
    store: Documents,
    service: Service,
    concerns: Callable[[str, str], bool] = lambda _kind, _id: True,
) -> Comparison:
    """Compare the documents of a restored service; `folder` holds its backup. concerns: by kind and id, whether a
    document was restored. Raises StoreAway."""
    unowned: set[Unowned] = set()
    unknown: set[str] = set()
    for each in service.references:
        ids = _owned(folder, manifest, each.subject)
        if ids is None:
            unknown.add(each.subject)
            continue
        async for row in store.scan(each.kind, {}, each.fields):
            if not concerns(each.kind, row.id):
                continue
            missing = [id for id in each.ids(row) if id not in ids]
            unowned.update(Unowned(f"{each.kind}/{row.id}", f"{each.subject}/{id}") for id in missing)
    return Comparison(tuple(sorted(unowned)), tuple(sorted(unknown)))


def _owned(folder: Path, manifest: Manifest, subject: str) -> frozenset[str] | None:
    """The ids of all subjects of that kind in the set; None when it does not list them."""
    part = _part(folder, manifest, _OWNERS[subject])
    ids = None if part is None or part.owned is None else part.owned.get(subject)
    return None if ids is None else frozenset(ids)


def _part(folder: Path, manifest: Manifest, owner: str) -> ServiceBackup | None:
    if owner in manifest.services:
        return manifest.services[owner]
    try:
        return manifests.read(folder.absolute().parent / owner).services.get(owner)
    except Invalid:
        return None
