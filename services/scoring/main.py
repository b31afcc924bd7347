"""The composition root of scoring."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter

from services.scoring.api.award_imports import AwardImportRoutes
from services.scoring.api.awards import AwardRoutes
from services.scoring.api.catalogues import CatalogueRoutes
from services.scoring.api.competitions import CompetitionRoutes
from services.scoring.api.exports import ExportRoutes
from services.scoring.api.freezes import FreezeRoutes
from services.scoring.api.indices import IndexRoutes
from services.scoring.api.official import OfficialRoutes
from services.scoring.api.official_tables import OfficialTableRoutes
from services.scoring.api.rankings import RankingRoutes
from services.scoring.api.rescores import RescoreRoutes
from services.scoring.api.scorecards import ScorecardRoutes
from services.scoring.api.spd import SpdRoutes
from services.scoring.api.trials import TrialRoutes
from services.scoring.api.what_if import WhatIfRoutes
from services.scoring.catalogue.constants_by_year import years_of
from services.scoring.catalogue.files import SHIPPED
from services.scoring.catalogue.library import keep_digests, load_catalogues
from services.scoring.catalogue.maturity_bands import bands_of
from services.scoring.handlers import Scoring
from services.scoring.index.marks import mark_all, mark_shared
from services.scoring.index.rounds import rounds_of
from services.scoring.index.sweep import RegionSweep
from services.scoring.kinds import KINDS
from services.scoring.official.award_importing import EVERY as AWARDS_EVERY
from services.scoring.official.award_importing import AwardImporter
from services.scoring.ranking.live import LiveRankings
from services.scoring.ranking.version import RankingVersions
from services.scoring.references import REFERENCES
from services.scoring.regional import regional
from services.scoring.rescore.runner import Rescoring
from shared.faults import Invalid, Misconfigured
from shared.runtime.service import Loop, Resources, Service
from shared.web.audit.routes import AuditRoutes

SWEEP_EVERY = 15.0  # seconds; only for data that another process may have stored
INDEX_EVERY = 1.0  # seconds between two checks which regions are due


def compose(resources: Resources) -> Service:
    """The service. Raises Misconfigured for an invalid catalogue file. Catalogues are those shipped with the system and
    those in `<data>/catalogues`."""
    folders = (SHIPPED, resources.settings.data_dir / "catalogues")
    catalogues = load_catalogues(folders)
    try:
        years = years_of(folders, catalogues.values())
        bands = bands_of(folders)
    except Invalid as invalid:
        raise Misconfigured(invalid.flaws) from invalid
    indexing = RegionSweep(resources.store, rounds_of(years), resources.clock)
    versions = RankingVersions(resources.store)
    handlers = Scoring(
        resources.store,
        catalogues,
        resources.clock,
        mark_shared(mark_all(indexing.mark_followed, versions.mark)),
        versions.mark,
        forecast=mark_shared(mark_all(indexing.mark_followed, versions.mark_forecasts)),
        figures=indexing.figures,
    )
    rescoring = Rescoring(resources.store, catalogues, resources.clock, mark_all(indexing.mark, versions.mark))
    rankings = LiveRankings(resources.store, catalogues, versions)
    award_importer = AwardImporter(resources.store, resources.clock)
    router = APIRouter()
    for routes in (
        CatalogueRoutes(catalogues),
        ScorecardRoutes(resources.store, catalogues, bands),
        RankingRoutes(rankings),
        FreezeRoutes(resources.store, catalogues, resources.clock, versions.mark),
        CompetitionRoutes(resources.store, rankings),
        IndexRoutes(resources.store, years),
        SpdRoutes(resources.store, catalogues, resources.clock, indexing.mark_followed),
        WhatIfRoutes(resources.store, catalogues, years),
        TrialRoutes(resources.store, catalogues),
        RescoreRoutes(resources.store, catalogues, rescoring),
        OfficialTableRoutes(resources.store),
        OfficialRoutes(resources.store, resources.clock),
        AwardImportRoutes(award_importer),
        AwardRoutes(resources.store, resources.clock),
        ExportRoutes(resources.store, catalogues, resources.clock, rankings),
        AuditRoutes(resources.store, "scoring"),
    ):
        router.routes.extend(routes.router().routes)
    return Service(
        name="scoring",
        kinds=KINDS,
        router=router,
        handlers=handlers.table(),
        loops=(
            Loop("scorecards that wait", SWEEP_EVERY, handlers.sweep),
            Loop("rescores left behind", SWEEP_EVERY, rescoring.pending, rescoring.wake),
            Loop("awards left behind", AWARDS_EVERY, award_importer.finish),
            Loop("regional indices", INDEX_EVERY, indexing.run, indexing.wake),
        ),
        start=partial(keep_digests, resources.store, catalogues),
        references=REFERENCES,
        regional=regional(catalogues),
    )
