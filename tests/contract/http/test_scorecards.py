"""Scoring over HTTP, on a real store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from fastapi import APIRouter

from services.scoring.api.catalogues import CatalogueRoutes
from services.scoring.api.scorecards import ScorecardRoutes
from services.scoring.handlers import Scoring
from services.scoring.kinds import KINDS
from shared.auth.policy import Principal, Role
from shared.clock import Clock
from shared.contracts import event_types as contracts
from shared.contracts.innovation import InnovationState
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import Unauthenticated
from shared.web.app import service_app
from tests.support.scoring_examples import (
    KUBU_RAYA,
    catalogue,
    draft_event,
    entry,
    everything,
    innovation,
    innovation_event,
    region,
    region_event,
)
from tests.support.store_engines import Engine

CATALOGUES = {"2026.1": catalogue()}
ACCOUNTS = {
    "dinkes": Principal("dinkes", Role.AGENCY, KUBU_RAYA, frozenset({"dinkes"})),
    "kurator": Principal("kurator", Role.CURATOR, KUBU_RAYA),
    "sekda": Principal("sekda", Role.EXECUTIVE, KUBU_RAYA),
    "operator": Principal("operator", Role.OPERATOR),
    "kurator 64.09": Principal("kurator-2", Role.CURATOR, "64.09"),
    "kurator 63.03": Principal("kurator-3", Role.CURATOR, "63.03"),
    "dinkes 64.09": Principal("dinkes-2", Role.AGENCY, "64.09", frozenset({"dinkes"})),
}
HIDDEN, SHOWN, OTHERS, FAR, WAITING = (
    innovation("hidden", agency="dinkes", evidence=everything(2)),
    innovation("shown", agency="dinkes", evidence=everything(3, verified=1), status=InnovationStatus.VERIFIED),
    innovation("others", agency="dinsos", evidence=[entry("33", value="45", basis="c", level=3)]),
    innovation("far", agency="jauh", region="64.09", year=2026),
    innovation("waiting", agency="jauh", region="63.03"),
)


class KnownAccounts:
    async def enter(self, token: str) -> Principal:
        if token not in ACCOUNTS:
            raise Unauthenticated
        return ACCOUNTS[token]


@dataclass
class Client:
    """An asker: a client with or without a token."""

    http: httpx2.AsyncClient

    async def get(self, path: str, who: str | None = None) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {who}"} if who else {}
        return await self.http.get(path, headers=headers)

    async def ids(self, path: str, who: str | None = None) -> list[str]:
        answer = await self.get(path, who)
        assert answer.status_code == 200, answer.text
        return [item["innovation"] for item in answer.json()["items"]]


@pytest.fixture
async def client(either: Engine) -> AsyncIterator[Client]:
    async with client_of(either) as (client, _):
        yield client


@asynccontextmanager
async def client_of(either: Engine) -> AsyncIterator[tuple[Client, Scoring]]:
    store = await either.open(*KINDS)
    scoring = Scoring(store, CATALOGUES, Clock())
    for code in (KUBU_RAYA, "64.09"):
        await scoring.on_region(*contracts.decode_event(region_event(region(code), 5).encode()))
    for said in (HIDDEN, SHOWN, OTHERS, FAR, WAITING):
        await scoring.on_innovation(*contracts.decode_event(_event(said)))
    router = APIRouter()
    router.routes.extend(CatalogueRoutes(CATALOGUES).router().routes)
    router.routes.extend(ScorecardRoutes(store, CATALOGUES).router().routes)
    app = service_app("scoring", router, KnownAccounts())
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://scoring") as client:
        yield Client(client), scoring


async def test_an_innovation_that_is_a_draft_again_has_no_scorecard_for_anybody(either: Engine) -> None:
    async with client_of(either) as (client, scoring):
        await scoring.on_draft(*contracts.decode_event(draft_event("shown", 11).encode()))

        for who in (None, *ACCOUNTS):
            assert (await client.get("/scorecards/shown", who)).status_code == 404
            assert "shown" not in await client.ids("/scorecards", who)
            assert "shown" not in await client.ids(f"/scorecards?region={KUBU_RAYA}", who)
        assert "hidden" in await client.ids("/scorecards", "kurator")


def _event(said: InnovationState) -> bytes:
    return innovation_event(said, 10).encode()


async def test_the_catalogues_say_that_they_were_transcribed(client: Client) -> None:
    answer = await client.get("/catalogues")

    (shown,) = answer.json()["items"]
    assert (shown["name"], shown["rows"], shown["most"], shown["status"]) == ("2026.1", 20, 111, "transcribed")
    assert shown["digest"] == catalogue().digest
    assert "belum dicocokkan dengan surat resmi" in shown["notice"]


async def test_one_catalogue_shows_rows_bands_and_sources(client: Client) -> None:
    answer = await client.get("/catalogues/2026.1")

    body = answer.json()
    assert answer.headers["ETag"] == f'"{catalogue().digest}"'
    assert len(body["indicators"]) == 20
    assert body["indicators"][1]["scale"]["bands"][2] == {"from": 31, "level": 3}
    assert body["constants"]["counted"]["each"] == 0.38
    assert body["region_most"] == 63
    assert body["sources"]


async def test_an_unknown_catalogue_is_a_problem_that_names_the_known_ones(client: Client) -> None:
    answer = await client.get("/catalogues/1999.1")

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "2026.1" in answer.json()["detail"]


async def test_a_scorecard_is_explained_row_by_row(client: Client) -> None:
    answer = await client.get("/scorecards/shown")

    body = answer.json()
    assert answer.status_code == 200
    assert answer.headers["ETag"].strip('"').isdigit()
    assert body["maturity"] == {"claimed": 111, "verified": 37, "provable": 37, "of": 111}
    assert (body["state"], body["waiting_for"]) == ("scored", None)
    assert (body["catalogue"]["name"], body["catalogue"]["status"]) == ("2026.1", "transcribed")
    assert body["catalogue"]["notice"]
    first = body["rows"][0]
    assert (first["row"], first["level"], first["points"], first["weight"]) == ("16", 3, 9, 3)
    assert (first["verified"], first["verified_level"], first["verified_points"]) == (True, 1, 3)
    assert first["why"].startswith("Level 3 menurut isian")
    assert first["why_verified"].startswith("Kurator menetapkan level 1")
    assert (first["evidence"]["found"], first["evidence"]["missing"]) == (1, False)
    assert first["evidence"]["asked"].startswith("Halaman pertama")
    assert [row["row"] for row in body["rows"]] == [str(number) for number in range(16, 36)]


async def test_a_scorecard_shows_what_is_missing_and_what_contradicts(client: Client) -> None:
    body = (await client.get("/scorecards/others", "kurator")).json()

    assert body["missing_mandatory"] == ["16", "17", "32", "35"]
    assert [(fault["row"], fault["code"]) for fault in body["faults"]] == [("33", "level-differs")]
    assert any("tafsiran kami" in hint for hint in body["hints"])
    assert all(row["evidence"]["missing"] for row in body["rows"] if row["row"] != "33")


async def test_a_waiting_scorecard_names_what_it_waits_for(client: Client) -> None:
    body = (await client.get("/scorecards/waiting", "kurator 63.03")).json()

    assert (body["state"], body["waiting_for"]) == ("waiting: region", "63.03")
    assert (body["maturity"], body["catalogue"], body["rows"]) == (None, None, [])


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (None, {"shown"}),
        ("dinkes", {"shown", "hidden"}),
        ("kurator", {"shown", "hidden", "others"}),
        ("sekda", {"shown", "hidden", "others"}),
        ("operator", {"shown"}),
    ],
)
async def test_everybody_sees_verified_ones_and_their_own(client: Client, who: str | None, seen: set[str]) -> None:
    assert set(await client.ids("/scorecards", who)) == seen
    for said in (HIDDEN, SHOWN, OTHERS, FAR, WAITING):
        answer = await client.get(f"/scorecards/{said.id}", who)
        assert answer.status_code == (200 if said.id in seen else 404)
        if said.id not in seen:
            assert answer.json()["type"] == "/problems/not-found"


async def test_an_agency_of_another_region_sees_nothing_that_is_not_verified(client: Client) -> None:
    """Its token names the agency, but not the region in which the agency is."""
    assert (await client.get("/scorecards/hidden", "dinkes 64.09")).status_code == 404
    assert (await client.get("/scorecards/shown", "dinkes 64.09")).status_code == 200
    for query in ("", "?agency=dinkes", "?region=61.12", "?region=61.12&agency=dinkes"):
        assert "hidden" not in await client.ids(f"/scorecards{query}", "dinkes 64.09")


@pytest.mark.parametrize(
    ("who", "query", "ids"),
    [
        ("kurator", "?region=61.12", ["hidden", "others", "shown"]),
        ("kurator", "?agency=dinsos", ["others"]),
        ("kurator 64.09", "?year=2026", ["far"]),
        ("kurator", "?region=61.12&agency=dinkes&year=2025", ["hidden", "shown"]),
        ("kurator", "?region=61.12&year=2026", []),
        ("operator", "?region=61.12", ["shown"]),
    ],
)
async def test_a_list_is_filtered(client: Client, who: str, query: str, ids: list[str]) -> None:
    assert await client.ids(f"/scorecards{query}", who) == ids


async def test_a_list_comes_in_pages(client: Client) -> None:
    seen: list[str] = []
    path = "/scorecards?limit=2"
    while True:
        answer = await client.get(path, "kurator")
        body: dict[str, Any] = answer.json()
        seen += [item["innovation"] for item in body["items"]]
        assert len(body["items"]) <= 2
        if body["next"] is None:
            assert "Link" not in answer.headers
            break
        path = answer.headers["Link"].partition("<")[2].partition(">")[0]

    assert seen == ["hidden", "others", "shown"]


@pytest.mark.parametrize(
    "query", ["?limit=0", "?limit=201", "?after=nonsense", "?year=20", "?region=Kubu%20Raya", "?agency=", "?limit=x"]
)
async def test_invalid_parameters_of_a_list_are_a_problem_with_flaws(client: Client, query: str) -> None:
    answer = await client.get(f"/scorecards{query}", "operator")

    assert answer.status_code == 422
    assert answer.json()["flaws"]


async def test_an_invalid_token_is_refused_even_on_public_routes(client: Client) -> None:
    assert (await client.get("/scorecards", "stranger")).status_code == 401


async def test_scoring_takes_no_commands(client: Client) -> None:
    answer = await client.http.post("/scorecards", json={}, headers={"Authorization": "Bearer operator"})

    assert answer.status_code == 405


async def test_the_openapi_document_describes_what_is_answered(client: Client) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]

    assert set(paths) >= {
        "/catalogues",
        "/catalogues/{name}",
        "/catalogues/{name}/changes",
        "/scorecards",
        "/scorecards/{innovation}",
    }
    names = [parameter["name"] for parameter in paths["/scorecards"]["get"]["parameters"]]
    assert names == ["region", "agency", "year", "limit", "after"]
