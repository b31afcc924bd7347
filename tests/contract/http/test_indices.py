"""Indices, SPD and what-if over HTTP, on a real store."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx2
import pytest
from fastapi import APIRouter

from services.scoring.api.indices import IndexRoutes
from services.scoring.api.spd import SpdRoutes
from services.scoring.api.what_if import WhatIfRoutes
from services.scoring.catalogue.constants_by_year import years_of
from services.scoring.catalogue.files import SHIPPED
from services.scoring.handlers import Scoring
from services.scoring.index.rounds import rounds_of
from services.scoring.index.sweep import RegionSweep
from services.scoring.kinds import KINDS
from services.scoring.rescore.runner import Rescoring
from services.scoring.what_if import forecast
from shared.clock import Clock
from shared.contracts import event_types as contracts
from shared.web.app import service_app
from tests.support.scoring_examples import catalogue, region, region_event
from tests.support.scoring_service import NOW, PONTIANAK, KnownAccounts, ScoringService
from tests.support.store_engines import Engine

INDEX = f"/indices/{PONTIANAK}/2026"
SPD = f"/spd/{PONTIANAK}/2026"
APPLIED = {"applied_on": date(2025, 3, 1)}
LINK = {"link": "https://pontianakkota.bps.go.id/"}
ROWS = {"8": {"level": 3, "evidence": [LINK]}, "4": {"value": 5.23, "unit": "%", "evidence": [LINK]}}
CATALOGUES = {name: catalogue(name) for name in ("2024.1", "2026.1")}
YEARS = years_of((SHIPPED,), CATALOGUES.values())


@pytest.fixture
async def service(either: Engine) -> AsyncIterator[ScoringService]:
    store, clock = await either.open(*KINDS), Clock(NOW)
    sweeping = RegionSweep(store, rounds_of(YEARS), clock)
    scoring = Scoring(store, CATALOGUES, clock, sweeping.mark)
    router = APIRouter()
    for routes in (
        IndexRoutes(store, YEARS),
        SpdRoutes(store, CATALOGUES, clock, sweeping.mark),
        WhatIfRoutes(store, CATALOGUES, YEARS),
    ):
        router.routes.extend(routes.router().routes)
    await scoring.on_region(*contracts.decode_event(region_event(region(PONTIANAK), 5).encode()))
    app = service_app("scoring", router, KnownAccounts())
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield ScoringService(app, client, store, scoring, Rescoring(store, CATALOGUES, clock), clock)


async def add_examples(service: ScoringService) -> None:
    """Two verified innovations and one that is handed in, all of the round's age, and one that is not."""
    await service.add("peci", 3, verified=2, **APPLIED)
    await service.add("klinik", 2, verified=1, agency="pkm", main_affair="sosial", **APPLIED)
    await service.add("menunggu", 3, verified=None, status="submitted", main_affair="pendidikan", **APPLIED)
    await service.add("lama", 3, applied_on=date(2018, 1, 1))
    await sweep(service)


async def sweep(service: ScoringService) -> None:
    sweeping = RegionSweep(service.store, rounds_of(YEARS), service.clock)
    await sweeping.mark(PONTIANAK)
    await sweeping.run()


async def asked(service: ScoringService, who: str | None = "curator", **question: Any) -> Any:  # noqa: ANN401 - JSON
    answer = await service.request("POST", "/what-if", who, {"region": PONTIANAK, "year": 2026, **question})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def flaws(service: ScoringService, who: str = "curator", **question: Any) -> set[str]:  # noqa: ANN401 - JSON
    answer = await service.request("POST", "/what-if", who, {"region": PONTIANAK, "year": 2026, **question})
    assert answer.status_code == 422, answer.text
    return {flaw["field"] for flaw in answer.json()["flaws"]}


# --- Indices ---


async def test_everybody_sees_the_verified_figure_and_only_insiders_the_forecast(service: ScoringService) -> None:
    await add_examples(service)

    for who in (None, "agency", "neighbour"):
        body = await service.get(INDEX, who)
        # (74 + 37) / 12 = 9,25; / 250 = 3,70
        assert (body["verified"]["index"], body["predicate"], body["to_next_predicate"]) == (
            3.7,
            "kurang inovatif",
            36.31,
        )
        assert (body["claimed"], body["waiting"], body["catalogues"]) == (None, None, None)
    for who in ("curator", "executive", "operator"):
        body = await service.get(INDEX, who)
        assert body["claimed"]["innovations"] == 3
        assert body["claimed"]["label"].startswith("Prakiraan")
        assert body["catalogues"] == {"2026.1": 3}


async def test_indices_are_listed_by_region_and_year_in_pages(service: ScoringService) -> None:
    await add_examples(service)

    assert [item["year"] for item in (await service.get("/indices"))["items"]] == [2026]
    assert (await service.get(f"/indices?region={PONTIANAK}&year=2026&limit=1"))["items"][0]["region"] == PONTIANAK
    assert (await service.get("/indices?year=2027"))["items"] == []
    assert (await service.request("GET", "/indices?year=12")).status_code == 422


@pytest.mark.parametrize(
    ("year", "name"), [(2024, "least_divisor"), (2023, "basic_service_needed"), (2050, "least_divisor")]
)
async def test_a_year_with_an_unknown_constant_is_a_problem_that_names_it(
    service: ScoringService, year: int, name: str
) -> None:
    answer = await service.request("GET", f"/indices/{PONTIANAK}/{year}")

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/unknown-constant"
    assert name in answer.json()["detail"]
    assert str(year) in answer.json()["detail"]


async def test_a_missing_index_is_not_found_and_an_existing_one_has_a_version(service: ScoringService) -> None:
    assert (await service.request("GET", INDEX)).status_code == 404

    await add_examples(service)

    assert (await service.request("GET", INDEX)).headers["ETag"].strip('"').isdigit()


# --- SPD ---


async def test_the_curator_enters_spd_with_evidence_and_the_index_follows(service: ScoringService) -> None:
    empty = await service.request("GET", SPD, "curator")
    assert (empty.status_code, empty.headers["ETag"]) == (200, '"0"')
    assert (empty.json()["points"], empty.json()["of"], len(empty.json()["rows"])) == (0, 63, 20)

    entered = await service.request("PUT", SPD, "curator", {"rows": ROWS}, If_Match='"0"')
    await sweep(service)

    body = entered.json()
    assert (entered.status_code, body["points"]) == (200, 7.5)
    row = next(row for row in body["rows"] if row["row"] == "4")
    assert (row["level"], row["entered_value"], row["evidence"][0]["link"]) == (3, 5.23, LINK["link"])
    assert "batas yang dimiliki dua level" in row["why"]
    assert [change["by"] for change in body["history"]] == ["bapperida"]
    assert (await service.get(INDEX))["verified"]["spd"] == 7.5


async def test_spd_is_replaced_whole_under_its_version(service: ScoringService) -> None:
    first = await service.request("PUT", SPD, "curator", {"rows": ROWS}, If_Match='"0"')

    assert (await service.request("PUT", SPD, "curator", {"rows": ROWS})).status_code == 428
    assert (await service.request("PUT", SPD, "curator", {"rows": {}}, If_Match='"0"')).status_code == 412
    assert (await service.request("PUT", SPD, "curator", {"rows": {}}, If_Match='"17"')).status_code == 412
    second = await service.request("PUT", SPD, "curator", {"rows": {}}, If_Match=first.headers["ETag"])

    assert (second.status_code, second.json()["points"]) == (200, 0)
    assert (
        await service.request("PUT", SPD, "curator", {"rows": ROWS}, If_Match=first.headers["ETag"])
    ).status_code == 412


@pytest.mark.parametrize(
    "rows",
    [
        {"16": {"level": 1, "evidence": [LINK]}},
        {"8": {"level": 4}},
        {"8": {"level": 3, "evidence": [{"number": "12"}]}},
        {"8": {"level": 3, "evidence": [{"link": "javascript:alert(1)"}]}},
        {"4": {"value": "banyak"}},
        {"8": {"tingkat": 3}},
    ],
)
async def test_spd_entered_badly_is_a_problem_with_flaws(service: ScoringService, rows: object) -> None:
    answer = await service.request("PUT", SPD, "curator", {"rows": rows}, If_Match='"0"')

    assert answer.status_code == 422
    assert answer.json()["flaws"]
    assert (await service.request("GET", SPD, "curator")).headers["ETag"] == '"0"'


async def test_spd_of_a_year_without_regional_rows_cannot_be_entered(service: ScoringService) -> None:
    answer = await service.request("PUT", f"/spd/{PONTIANAK}/2024", "curator", {"rows": {}}, If_Match='"0"')

    assert answer.status_code == 422
    assert (await service.request("GET", f"/spd/{PONTIANAK}/2024", "curator")).status_code == 404


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [
        (None, 401, 401),
        ("agency", 403, 403),
        ("curator", 200, 200),
        ("executive", 200, 403),
        ("neighbour", 403, 403),
        ("operator", 200, 403),
    ],
)
async def test_spd_is_for_those_of_the_region(
    service: ScoringService, who: str | None, reads: int, writes: int
) -> None:
    assert (await service.request("GET", SPD, who)).status_code == reads
    assert (await service.request("PUT", SPD, who, {"rows": {}}, If_Match='"0"')).status_code == writes


# --- What if ---


async def test_changed_levels_give_a_new_maturity_index_and_predicate(service: ScoringService) -> None:
    await add_examples(service)

    answer = await asked(service, levels={"klinik": {"16": 3, "33": {"basis": "a", "value": 150}}}, spd={"12": 3})

    (klinik,) = answer["innovations"]
    # Row 16 rises from 2 to 3 (+3), row 33 falls from 2 to 1 (-3)
    assert (klinik["before"], klinik["after"], klinik["counts"]) == (74, 74, True)
    assert (answer["before"]["spd"], answer["after"]["spd"]) == (0, 6)
    # (111 + 74 + 111) / 12 = 24,666…; + 6 = 30,666…; / 250 = 12,27
    assert (answer["before"]["index"], answer["after"]["index"]) == (9.87, 12.27)
    assert answer["label"].startswith("Prakiraan")


async def test_added_and_removed_innovations_change_the_index(service: ScoringService) -> None:
    await add_examples(service)

    added = [{"affair": name, "maturity": 100} for name in ("Pendidikan", "perumahan_rakyat_dan_kawasan_permukiman")]
    answer = await asked(service, removed=["peci"], added=[*added, {"affair": "Kesehatan", "levels": {"35": 3}}])

    # 74 + 111 + 100 + 100 + 12 = 397; five innovations in four basic-service affairs
    assert (answer["after"]["innovations"], answer["after"]["maturity"]) == (5, 397)
    assert (answer["after"]["basic_service"], answer["after"]["count_points"]) == (4, 0)


async def test_a_question_may_be_about_the_verified_figure(service: ScoringService) -> None:
    await add_examples(service)

    answer = await asked(service, figure="verified", levels={"peci": {"16": 3}})

    assert (answer["before"]["index"], answer["before"]["innovations"]) == (3.7, 2)
    assert answer["innovations"][0]["after"] - answer["innovations"][0]["before"] == 3
    assert answer["label"].startswith("Hasil")


async def test_the_cheapest_path_to_an_index_reaches_it(service: ScoringService) -> None:
    await add_examples(service)

    path = (await asked(service, target={"index": 12.0}))["path"]

    # From 74/3 = 24,666… points to 29,9875: four steps of 1,5 or more in SPD are enough, and three are not
    assert (path["reachable"], path["steps"]) == (True, 3)
    assert path["reached"]["index"] >= 12
    assert sum(climb["steps"] for climb in path["climbs"]) == path["steps"]
    assert [(climb["row"], climb["innovation"]) for climb in path["climbs"]] == [("6", None), ("12", None)]


async def test_a_path_to_a_predicate_that_levels_cannot_reach_says_so(service: ScoringService) -> None:
    await add_examples(service)

    path = (await asked(service, target={"predicate": "Sangat Inovatif"}))["path"]

    assert (path["target"], path["reachable"], path["climbs"], path["reached"]) == ("sangat inovatif", False, [], None)
    assert path["lacking"] > 0


async def test_a_path_to_a_maturity_begins_after_the_changes(service: ScoringService) -> None:
    await add_examples(service)

    answer = await asked(service, levels={"klinik": {"16": 3}}, target={"innovation": "klinik", "maturity": 80})

    # 74 + 3 = 77; three more in one step: row 31 (weight 3) comes before 33, 35 is not needed
    assert answer["path"]["lacking"] == 3
    assert [(climb["row"], climb["level"], climb["to"]) for climb in answer["path"]["climbs"]] == [("31", 2, 3)]
    assert answer["path"]["reached_maturity"] == 80


async def test_an_agency_asks_about_its_own_innovations_only(service: ScoringService) -> None:
    await add_examples(service)

    own = await asked(service, "agency", levels={"peci": {"16": 2}}, target={"innovation": "peci", "maturity": 111})
    assert (own["before"], own["after"]) == (None, None)
    assert (own["innovations"][0]["after"], own["path"]["steps"]) == (108, 1)
    assert await flaws(service, "agency", levels={"klinik": {"16": 3}}) == {"levels.klinik"}
    for regional in ({"target": {"index": 50}}, {"removed": ["peci"]}, {"spd": {"1": 3}}):
        answer = await service.request("POST", "/what-if", "agency", {"region": PONTIANAK, "year": 2026, **regional})
        assert answer.status_code == 403


async def test_a_question_must_be_about_the_own_region_and_never_from_the_public(service: ScoringService) -> None:
    question = {"region": PONTIANAK, "year": 2026}

    assert (await service.request("POST", "/what-if", None, question)).status_code == 401
    assert (await service.request("POST", "/what-if", "neighbour", question)).status_code == 403
    assert (
        (await service.request("POST", "/what-if", "curator", question | {"year": 2024}))
        .json()["type"]
        .endswith("/unknown-constant")
    )


async def test_all_that_is_wrong_with_a_question_is_said_at_once(service: ScoringService) -> None:
    await add_examples(service)

    found = await flaws(
        service,
        levels={"tidak-ada": {"16": 1}, "peci": {"99": 1}},
        removed=["entah"],
        added=[{"affair": "Sihir", "maturity": 70}, {"affair": "Sosial", "levels": {"1": 3}}],
        spd={"16": 2},
    )

    assert found == {"levels.tidak-ada", "levels.peci.99", "removed.0", "added.0.affair", "added.1.levels.1", "spd.16"}


@pytest.mark.parametrize(
    "question",
    [
        {"target": {}},
        {"target": {"index": 50, "predicate": "inovatif"}},
        {"target": {"innovation": "peci"}},
        {"target": {"index": 101}},
        {"target": {"predicate": "luar biasa"}},
        {"levels": {"peci": {"16": 4}}},
        {"levels": {"peci": {"16": True}}},
        {"added": [{"affair": "Sosial"}]},
        {"added": [{"affair": "Sosial", "maturity": 1, "levels": {}}]},
        {"tahun": 2026},
    ],
)
async def test_a_question_that_makes_no_sense_is_a_problem(service: ScoringService, question: dict[str, Any]) -> None:
    await add_examples(service)

    assert await flaws(service, **question)


async def test_a_long_question_holds_up_no_other_request(
    service: ScoringService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_examples(service)
    begun, go_on, search = threading.Event(), threading.Event(), forecast.path_to_index

    def slowly(*arguments: Any) -> Any:  # noqa: ANN401 - the function's own
        begun.set()
        assert go_on.wait(20), "the loop did not run meanwhile"
        return search(*arguments)

    monkeypatch.setattr(forecast, "path_to_index", slowly)
    question = asyncio.create_task(asked(service, target={"index": 12.0}))
    assert await asyncio.to_thread(begun.wait, 20)
    other = await service.request("GET", INDEX)
    go_on.set()

    assert other.status_code in {200, 404}
    assert (await question)["path"]["reachable"] is True


async def test_asking_writes_nothing(service: ScoringService) -> None:
    await add_examples(service)
    before = (await service.request("GET", INDEX)).headers["ETag"]

    await asked(service, levels={"klinik": {"16": 3}}, removed=["peci"], target={"index": 20})

    assert (await service.request("GET", INDEX)).headers["ETag"] == before


async def test_the_examples_of_the_description_work(service: ScoringService) -> None:
    await add_examples(service)
    paths = (await service.get("/openapi.json"))["paths"]

    what_if = paths["/what-if"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    for example in what_if.values():
        answer = await service.request("POST", "/what-if", "neighbour", example["value"])
        assert answer.status_code == 200, answer.text
    entry = paths["/spd/{region}/{year}"]["put"]["requestBody"]["content"]["application/json"]["examples"]
    for example in entry.values():
        answer = await service.request("PUT", SPD, "curator", example["value"], If_Match='"0"')
        assert answer.status_code == 200, answer.text
