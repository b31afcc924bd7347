"""The scorecard that a draft would have, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import APIRouter

from services.scoring.api.trials import TrialRoutes
from services.scoring.handlers import Scoring
from services.scoring.kinds import KINDS
from shared.clock import Clock
from shared.contracts import event_types as contracts
from shared.web.app import service_app
from tests.contract.http.test_scorecards import CATALOGUES, KnownAccounts
from tests.support.scoring_examples import KUBU_RAYA, region, region_event
from tests.support.store_engines import Engine


@pytest.fixture
async def http(either: Engine) -> AsyncIterator[httpx2.AsyncClient]:
    store = await either.open(*KINDS)
    known = region_event(region(KUBU_RAYA), 5).encode()
    await Scoring(store, CATALOGUES, Clock()).on_region(*contracts.decode_event(known))
    router = APIRouter()
    router.routes.extend(TrialRoutes(store, CATALOGUES).router().routes)
    app = service_app("scoring", router, KnownAccounts())
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def tried(http: httpx2.AsyncClient, who: str = "dinkes", **trial: Any) -> httpx2.Response:  # noqa: ANN401 - JSON
    headers = {"Authorization": f"Bearer {who}"}
    return await http.post("/what-if/scorecard", json={"region": KUBU_RAYA, **trial}, headers=headers)


async def test_a_draft_learns_its_points_and_what_comes_next(http: httpx2.AsyncClient) -> None:
    rows = [{"row": "16", "level": 2, "proofs": 1}, {"row": "33", "basis": "a", "value": 350, "proofs": 0}]

    card = (await tried(http, rows=rows)).json()

    assert (card["maturity"]["claimed"], card["maturity"]["of"], card["catalogue"]["name"]) == (6, 111, "2026.1")
    by_row = {each["row"]: each for each in card["rows"]}
    assert (by_row["16"]["points"], by_row["16"]["next"]["brings"]) == (6, 3)
    assert (by_row["33"]["points"], by_row["33"]["next"]["level"], by_row["33"]["next"]["brings"]) == (0, 2, 6)
    assert "33" in card["missing_mandatory"]
    assert "16" not in card["missing_mandatory"]


async def test_an_empty_draft_has_a_card_of_no_points(http: httpx2.AsyncClient) -> None:
    card = (await tried(http)).json()

    assert card["maturity"]["claimed"] == 0
    assert sum(each["next"]["brings"] for each in card["rows"]) == 37


async def test_only_the_own_region_is_asked_for_and_never_by_the_public(http: httpx2.AsyncClient) -> None:
    assert (await tried(http, "dinkes 64.09")).status_code == 403
    assert (await http.post("/what-if/scorecard", json={"region": KUBU_RAYA})).status_code == 401
    assert (await tried(http, "kurator 64.09", region="64.09")).status_code == 404
    assert (await tried(http, rows=[{"row": "16", "level": 4}])).status_code == 422
