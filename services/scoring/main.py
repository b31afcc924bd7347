"""The composition root of scoring."""

from __future__ import annotations

from functools import partial

from services.scoring.api.competitions import CompetitionRoutes
from services.scoring.api.exports import ExportRoutes
from services.scoring.api.indices import IndexRoutes
from services.scoring.api.rankings import RankingRoutes
from services.scoring.api.rescores import RescoreRoutes
from services.scoring.api.scorecards import routes
from services.scoring.api.spd import SpdRoutes
from services.scoring.api.what_if import WhatIfRoutes
from services.scoring.catalogue.constants_by_year import years_of
from services.scoring.catalogue.files import SHIPPED
from services.scoring.catalogue.library import keep_digests, load_catalogues
from services.scoring.catalogue.maturity_bands import bands_of
from services.scoring.handlers import Scoring
from services.scoring.index.rounds import rounds_of
from services.scoring.index.sweep import RegionSweep
from services.scoring.kinds import KINDS
from services.scoring.rescore.runner import Rescoring
from shared.faults import Invalid, Misconfigured
from shared.runtime.service import Loop, Service, World

SWEEP_EVERY = 15.0  # seconds; only for what another process may have brought
INDEX_EVERY = 1.0  # seconds between two looks at which regions are due


def compose(world: World) -> Service:
    """The service. Raises Misconfigured for a catalogue file that does not hold. Catalogues are those that come with
    the system and those in `<data>/catalogues`."""
    folders = (SHIPPED, world.settings.data_dir / "catalogues")
    catalogues = load_catalogues(folders)
    try:
        years = years_of(folders, catalogues.values())
        bands = bands_of(folders)
    except Invalid as invalid:
        raise Misconfigured(invalid.flaws) from invalid
    indexing = RegionSweep(world.store, rounds_of(years), world.clock)
    scoring = Scoring(world.store, catalogues, world.clock, indexing.mark)
    rescoring = Rescoring(world.store, catalogues, world.clock, indexing.mark)
    router = routes(world.store, catalogues, bands)
    rankings = RankingRoutes(world.store, catalogues, world.clock)
    router.routes.extend(rankings.routes().routes)
    router.routes.extend(ExportRoutes(world.store, catalogues, world.clock, rankings).routes().routes)
    router.routes.extend(CompetitionRoutes(world.store, catalogues).routes().routes)
    router.routes.extend(IndexRoutes(world.store, years).routes().routes)
    router.routes.extend(SpdRoutes(world.store, catalogues, world.clock, indexing.mark).routes().routes)
    router.routes.extend(WhatIfRoutes(world.store, catalogues, years).routes().routes)
    router.routes.extend(RescoreRoutes(world.store, catalogues, rescoring).routes().routes)
    return Service(
        name="scoring",
        kinds=KINDS,
        router=router,
        handlers=scoring.table(),
        loops=(
            Loop("scorecards that wait", SWEEP_EVERY, scoring.sweep),
            Loop("rescores left behind", SWEEP_EVERY, rescoring.pending, rescoring.wake),
            Loop("regional indices", INDEX_EVERY, indexing.run, indexing.wake),
        ),
        start=partial(keep_digests, world.store, catalogues),
    )
