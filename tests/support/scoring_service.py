"""A scoring service with a few synthetic innovations of Kota Pontianak in a real store, called over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
from fastapi import APIRouter, FastAPI

from services.scoring.api.award_imports import AwardImportRoutes
from services.scoring.api.awards import AwardRoutes
from services.scoring.api.catalogues import CatalogueRoutes
from services.scoring.api.competitions import CompetitionRoutes
from services.scoring.api.exports import ExportRoutes
from services.scoring.api.freezes import FreezeRoutes
from services.scoring.api.official import OfficialRoutes
from services.scoring.api.official_tables import OfficialTableRoutes
from services.scoring.api.rankings import RankingRoutes
from services.scoring.api.rescores import RescoreRoutes
from services.scoring.api.scorecards import ScorecardRoutes
from services.scoring.catalogue.library import Catalogues
from services.scoring.handlers import Scoring
from services.scoring.official.award_importing import AwardImporter
from services.scoring.ranking.live import LiveRankings
from services.scoring.ranking.version import RankingVersions
from services.scoring.rescore.runner import Rescoring
from shared.auth.policy import Principal, Role
from shared.clock import Clock
from shared.contracts import event_types as contracts
from shared.contracts.agency import AGENCY_REGISTERED, AgencyRegistered
from shared.contracts.contract import draft
from shared.contracts.innovation import InnovationState
from shared.contracts.region import RegionRegistered
from shared.contracts.vocabulary import AgencyKind
from shared.faults import Unauthenticated
from shared.ports.store import Store
from shared.web.app import service_app
from tests.support.scoring_examples import (
    ORIGIN,
    catalogue,
    everything,
    innovation,
    innovation_event,
    region,
    region_event,
)

CATALOGUES = {"2026.1": catalogue()}
PONTIANAK, KUBU_RAYA = "61.71", "61.12"
ACCOUNTS = {
    "agency": Principal("disdukcapil", Role.AGENCY, PONTIANAK, frozenset({"disdukcapil"})),
    "curator": Principal("bapperida", Role.CURATOR, PONTIANAK),
    "second curator": Principal("bapperida-2", Role.CURATOR, PONTIANAK),
    "executive": Principal("sekda", Role.EXECUTIVE, PONTIANAK),
    "neighbour": Principal("bappedalitbang", Role.CURATOR, KUBU_RAYA),
    "operator": Principal("operator", Role.OPERATOR),
}
AGENCIES = {"disdukcapil": AgencyKind.DINAS, "kecamatan-kota": AgencyKind.KECAMATAN, "pkm": AgencyKind.PUSKESMAS}
NOW = datetime(2025, 12, 3, 3, tzinfo=UTC)


class KnownAccounts:
    async def enter(self, token: str) -> Principal:
        if token not in ACCOUNTS:
            raise Unauthenticated
        return ACCOUNTS[token]


@dataclass
class ScoringService:
    """The service's parts, and calls to it."""

    app: FastAPI
    client: httpx2.AsyncClient
    store: Store
    scoring: Scoring
    rescoring: Rescoring
    clock: Clock
    sequences: dict[str, int] = field(default_factory=dict)

    async def add(self, id: str, level: int, **fields: Any) -> InnovationState:  # noqa: ANN401 - any field
        """Receive an innovation with all rows at this level, verified at `verified` (None: not yet)."""
        verified = fields.pop("verified", level)
        days = fields.pop("days", 0)
        status = fields.pop("status", "verified")
        stated = innovation(id, region=PONTIANAK, evidence=everything(level, verified=verified))
        defaults = {
            "agency": "disdukcapil",
            "name": f"Inovasi {id}",
            "form": "pelayanan_publik",
            "main_affair": "kesehatan",
            "first_submitted_at": datetime(2025, 10, 1, tzinfo=UTC) + timedelta(days=days),
            "status": status,
        }
        state = InnovationState.model_validate(stated.model_dump() | defaults | fields)
        self.sequences[id] = self.sequences.get(id, 10) + 1
        event, payload = contracts.decode_event(innovation_event(state, self.sequences[id]).encode())
        assert isinstance(payload, InnovationState)
        await self.scoring.on_innovation(event, payload)
        return state

    async def request(
        self, method: str, path: str, who: str | None = None, body: object = None, **headers: str
    ) -> httpx2.Response:
        """One request; headers: names with `_` for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if who:
            named["Authorization"] = f"Bearer {who}"
        return await self.client.request(method, path, headers=named, json=body)

    async def get(self, path: str, who: str | None = None) -> Any:  # noqa: ANN401 - any JSON
        """The body of an answer with status 200."""
        answer = await self.request("GET", path, who)
        assert answer.status_code == 200, answer.text
        return answer.json()


@asynccontextmanager
async def opened(store: Store, catalogues: Catalogues = CATALOGUES) -> AsyncIterator[ScoringService]:
    """The service, with nothing but a region and three agencies in it. store: open, with scoring's kinds."""
    clock = Clock(NOW)
    versions = RankingVersions(store)
    scoring = Scoring(store, catalogues, clock, versions.mark, versions.mark, forecast=versions.mark_forecasts)
    rescoring = Rescoring(store, catalogues, clock, versions.mark)
    rankings = LiveRankings(store, catalogues, versions)
    router = APIRouter()
    for routes in (
        CatalogueRoutes(catalogues),
        ScorecardRoutes(store, catalogues),
        RankingRoutes(rankings),
        FreezeRoutes(store, catalogues, clock, versions.mark),
        CompetitionRoutes(store, rankings),
        ExportRoutes(store, catalogues, clock, rankings),
        RescoreRoutes(store, catalogues, rescoring),
        OfficialTableRoutes(store),
        OfficialRoutes(store, clock),
        AwardImportRoutes(AwardImporter(store, clock)),
        AwardRoutes(store, clock),
    ):
        router.routes.extend(routes.router().routes)
    event, payload = contracts.decode_event(region_event(region(PONTIANAK), 5).encode())
    assert isinstance(payload, RegionRegistered)
    await scoring.on_region(event, payload)
    for id, kind in AGENCIES.items():
        agency = AgencyRegistered(id=id, region=PONTIANAK, name=f"{id.capitalize()} (sintetis)", kind=kind)
        stamped = draft(AGENCY_REGISTERED, agency, PONTIANAK, ORIGIN).stamp("agency", id, 1)
        event, payload = contracts.decode_event(stamped.encode())
        assert isinstance(payload, AgencyRegistered)
        await scoring.on_agency(event, payload)
    app = service_app("scoring", router, KnownAccounts())
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield ScoringService(app, client, store, scoring, rescoring, clock)


async def add_examples(service: ScoringService) -> None:
    """Four verified innovations in two groups and two forms, and one that is only submitted."""
    await service.add("peci", 3, verified=2)
    await service.add("anakku", 3, verified=2, days=1, agency="kecamatan-kota")
    await service.add("baca", 3, verified=3, form="tata_kelola", nature="non_digital")
    await service.add("klinik", 2, verified=1, agency="pkm", main_affair="sosial")
    await service.add("menunggu", 3, verified=None, status="submitted")
