"""The catalogues of this process, and the check at start that none of them changed behind its name.

Scoring keeps name → digest of every catalogue that it ever had. A known name with another digest refuses to start, and
so does a catalogue that is missing although a scorecard uses it: what was scored must stay reproducible.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from services.scoring.catalogue import Catalogue
from services.scoring.catalogue_file import catalogue_files, read_catalogue
from services.scoring.kinds import CATALOGUE_DIGEST, SCORECARD
from services.scoring.standing import Shelf
from shared.faults import Flaw, Invalid, Misconfigured
from shared.ports.store import Decision, State, Store


def fill_shelf(folders: Iterable[Path]) -> Shelf:
    """Every catalogue of the folders by name. Raises Misconfigured with the flaws of all files at once."""
    shelf: dict[str, Catalogue] = {}
    flaws: list[Flaw] = []
    for file in catalogue_files(folders):
        try:
            catalogue = read_catalogue(file)
        except Invalid as invalid:
            flaws.extend(invalid.flaws)
            continue
        known = shelf.setdefault(catalogue.name, catalogue)
        if known.digest != catalogue.digest:
            message = f"another file of the name {catalogue.name} scores differently: give this one another revision"
            flaws.append(Flaw(str(file), "name", message))
    if not shelf and not flaws:
        flaws.append(Flaw("catalogues", "missing", "there is no catalogue file"))
    if flaws:
        raise Misconfigured(flaws)
    return shelf


def newest(shelf: Shelf, wanted: str, field: str) -> str:
    """The name of a catalogue: `wanted` itself, or the newest revision of that year. field: where it was asked for.
    Raises Invalid."""
    fitting = [each for each in shelf.values() if wanted in {each.name, str(each.year)}]
    if not fitting:
        there = ", ".join(sorted(shelf))
        raise Invalid([Flaw(field, "unknown", f"tidak ada katalog {wanted}; yang ada: {there}")])
    return max(fitting, key=lambda each: each.revision).name


async def keep_digests(store: Store, shelf: Shelf) -> None:
    """Remember new catalogues. Raises Misconfigured for changed or missing ones."""
    flaws: list[Flaw] = []
    for catalogue in shelf.values():
        kept = await store.change(CATALOGUE_DIGEST.name, catalogue.name, partial(_keep, catalogue))
        if kept.state["digest"] != catalogue.digest:
            message = (
                f"scores differently than when it was first used (digest {kept.state['digest'][:12]}…, now "
                f"{catalogue.digest[:12]}…): restore the file, or give the changed one another revision"
            )
            flaws.append(Flaw(f"{catalogue.name}.yaml", "digest", message))
    async for known in store.scan(CATALOGUE_DIGEST.name, {}, ["digest"]):
        name = known["_id"]
        if name not in shelf and (await store.find(SCORECARD.name, {"catalogue": name}, limit=1)).documents:
            flaws.append(Flaw(f"{name}.yaml", "missing", "scorecards use this catalogue: restore its file"))
    if flaws:
        raise Misconfigured(flaws)


def _keep(catalogue: Catalogue, state: State | None) -> Decision:
    return None if state is not None else ({"digest": catalogue.digest}, None)
