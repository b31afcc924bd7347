"""The catalogues of this process, and the check at start that none of them changed under the same name.

Scoring stores the digest of every catalogue that it ever had. It refuses to start when a known name has another digest,
or when a catalogue is missing that a scorecard uses: scores must stay reproducible.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.files import SHIPPED, catalogue_files, read_catalogue
from services.scoring.kinds import CATALOGUE_DIGEST, SCORECARD
from services.scoring.scorecard.scoring_state import ScoringState
from shared.faults import Flaw, Invalid, Misconfigured
from shared.ports.store import Decision, OneOf, State, Store
from shared.settings import Settings

Catalogues = Mapping[str, Catalogue]
"""The catalogues that this process has, by name."""


_NAME = re.compile(r"^([0-9]{4})\.([0-9]{1,3})$")


def load_catalogues(folders: Iterable[Path]) -> Catalogues:
    """Every catalogue of the folders by name. Raises Misconfigured with the flaws of all files at once."""
    catalogues: dict[str, Catalogue] = {}
    flaws: list[Flaw] = []
    for file in catalogue_files(folders):
        try:
            catalogue = read_catalogue(file)
        except Invalid as invalid:
            flaws.extend(invalid.flaws)
            continue
        known = catalogues.setdefault(catalogue.name, catalogue)
        if known.digest != catalogue.digest:
            message = f"another file of the name {catalogue.name} scores differently: give this one another revision"
            flaws.append(Flaw(str(file), "name", message))
    if not catalogues and not flaws:
        flaws.append(Flaw("catalogues", "missing", "there is no catalogue file"))
    if flaws:
        raise Misconfigured(flaws)
    return catalogues


def newest(catalogues: Catalogues, wanted: str, field: str) -> str:
    """The name of a catalogue: `wanted` itself, or the newest revision of that year. field: where `wanted` was given.
    Raises Invalid."""
    fitting = [each for each in catalogues.values() if wanted in {each.name, str(each.year)}]
    if not fitting:
        there = ", ".join(sorted(catalogues))
        raise Invalid([Flaw(field, "unknown", f"tidak ada katalog {wanted}; yang ada: {there}")])
    return max(fitting, key=lambda each: each.revision).name


async def keep_digests(store: Store, catalogues: Catalogues) -> None:
    """Store the digests of new catalogues. Raises Misconfigured for changed or missing ones."""
    flaws: list[Flaw] = []
    for catalogue in catalogues.values():
        kept = await store.change(CATALOGUE_DIGEST.name, catalogue.name, partial(_keep, catalogue))
        if kept.state["digest"] != catalogue.digest:
            message = (
                f"scores differently than when it was first used (digest {kept.state['digest'][:12]}…, now "
                f"{catalogue.digest[:12]}…): restore the file, or give the changed one another revision"
            )
            flaws.append(Flaw(f"{catalogue.name}.yaml", "digest", message))
    async for known in store.scan(CATALOGUE_DIGEST.name, {}, ["digest"]):
        name = known.id
        of_it = {"stand": OneOf([each.value for each in ScoringState]), "catalogue": name}
        if name not in catalogues and (await store.find(SCORECARD.name, of_it, limit=1)).documents:
            flaws.append(Flaw(f"{name}.yaml", "missing", "scorecards use this catalogue: restore its file"))
    if flaws:
        raise Misconfigured(flaws)


def _keep(catalogue: Catalogue, state: State | None) -> Decision:
    return None if state is not None else ({"digest": catalogue.digest}, None)


def newest_of(catalogues: Catalogues, year: int) -> Catalogue | None:
    """The newest catalogue of the year."""
    return max(
        (each for each in catalogues.values() if each.year == year), key=lambda each: each.revision, default=None
    )


def spd_catalogue(catalogues: Catalogues, year: int) -> Catalogue | None:
    """The newest catalogue of the year that has regional rows."""
    fitting = [each for each in catalogues.values() if each.year == year and each.region]
    return max(fitting, key=lambda each: each.revision, default=None)


def folders(settings: Settings) -> tuple[Path, ...]:
    """The folders with catalogues: shipped with the system, then in the data folder."""
    return SHIPPED, settings.data_dir / "catalogues"


def pick(wanted: str | None, folders: Iterable[Path]) -> Catalogue:
    """The catalogue `wanted`: a name (`2026.1`), a year (its newest revision), or None (the newest of all). Only its
    own file is read. Raises Invalid when there is none, or the file is invalid."""
    files = {
        (int(found[1]), int(found[2])): file for file in catalogue_files(folders) if (found := _NAME.match(file.stem))
    }
    fitting = [key for key in files if wanted is None or wanted in {str(key[0]), f"{key[0]}.{key[1]}"}]
    if not fitting:
        there = ", ".join(f"{year}.{revision}" for year, revision in sorted(files))
        raise Invalid([Flaw("--catalogue", "unknown", f"tidak ada katalog {wanted}; yang ada: {there}")])
    return read_catalogue(files[max(fitting)])
