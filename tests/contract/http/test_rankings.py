"""Rankings, competitions and freezes over HTTP, on a real store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import yaml

from services.scoring.kinds import FREEZE, KINDS
from services.scoring.ranking.freeze import digest_of
from tests.support.paths import ROOT
from tests.support.scoring_service import KUBU_RAYA, PONTIANAK, ScoringService, add_examples, opened
from tests.support.store_engines import Engine

TERMS = yaml.safe_load((ROOT / "examples/pontianak/competition.yaml").read_text())
JURY = {"maturity_weight": 50, "criteria": [{"slug": "kebaruan", "name": "Kebaruan", "weight": 50}]}


@pytest.fixture
async def service(either: Engine) -> AsyncIterator[ScoringService]:
    async with opened(await either.open(*KINDS)) as service:
        await add_examples(service)
        yield service


def competition(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any of the terms
    terms = TERMS["terms"] | {
        "entrance": {"first": "2025-09-18", "last": "2025-10-18"},
        "milestones": [],
        **changes,
    }
    return {"region": PONTIANAK, "terms": terms}


async def created(service: ScoringService, **changes: Any) -> tuple[str, str]:  # noqa: ANN401 - any of the terms
    answer = await service.request(
        "POST", "/competitions", "curator", competition(**changes), Idempotency_Key="lomba-1"
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["id"], answer.headers["ETag"]


def ids(body: dict[str, Any]) -> list[tuple[int, str]]:
    return [(item["rank"], item["innovation"]) for item in body["items"]]


# --- The live ranking ---


async def test_the_public_sees_verified_results_in_their_order(service: ScoringService) -> None:
    body = await service.get("/rankings?year=2025&region=61.71")

    assert ids(body) == [(1, "baca"), (2, "peci"), (3, "anakku"), (4, "klinik")]
    assert [item["decided"] for item in body["items"]] == [None, "points", "first_submission", "points"]
    assert body["items"][1]["agency_name"] == "Disdukcapil (sintetis)"
    assert (body["items"][0]["total"], body["items"][0]["of"]) == (111, 111)
    assert body["compared_with"] is None
    assert body["items"][0]["movement"] is None
    assert any("belum dicocokkan dengan surat resmi" in notice for notice in body["notices"])


async def test_who_is_equal_in_everything_shares_the_rank(service: ScoringService) -> None:
    await service.add("kembar", 3, verified=2)

    body = await service.get("/rankings?year=2025&region=61.71")

    assert ids(body) == [(1, "baca"), (2, "kembar"), (2, "peci"), (4, "anakku"), (5, "klinik")]
    assert [item["shared"] for item in body["items"]] == [False, True, True, False, False]


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("kind=puskesmas", ["klinik"]),
        ("form=tata_kelola", ["baca"]),
        ("affair=sosial", ["klinik"]),
        ("nature=digital", ["peci", "anakku", "klinik"]),
        ("kind=dinas&nature=digital", ["peci"]),
        ("kind=desa", []),
    ],
)
async def test_a_ranking_is_filtered(service: ScoringService, query: str, seen: list[str]) -> None:
    body = await service.get(f"/rankings?year=2025&region=61.71&{query}")

    assert [item["innovation"] for item in body["items"]] == seen
    assert [item["rank"] for item in body["items"]] == list(range(1, len(seen) + 1))


async def test_the_whole_nation_is_ranked_too(service: ScoringService) -> None:
    await service.add("jauh", 3, region="63.03", agency="jauh")
    await service.scoring.sweep()

    assert (await service.get("/rankings?year=2025"))["total"] == 4  # one region is not known: nothing is scored there


async def test_a_ranking_comes_in_pages(service: ScoringService) -> None:
    first = await service.request("GET", "/rankings?year=2025&region=61.71&limit=3")
    following = first.headers["Link"].partition("<")[2].partition(">")[0]
    second = await service.request("GET", following)

    assert (first.json()["total"], first.json()["next"]) == (4, "3")
    assert ids(first.json()) + ids(second.json()) == ids(await service.get("/rankings?year=2025&region=61.71"))
    assert second.json()["next"] is None


@pytest.mark.parametrize(
    ("who", "status"),
    [(None, 403), ("agency", 403), ("neighbour", 403), ("curator", 200), ("executive", 200), ("operator", 403)],
)
async def test_the_forecast_is_for_the_regions_own(service: ScoringService, who: str | None, status: int) -> None:
    answer = await service.request("GET", "/rankings?year=2025&region=61.71&measure=claimed", who)

    assert answer.status_code == status
    if status == 200:
        assert (1, "menunggu") not in ids(answer.json())  # the same claim as others, but later and nothing verified
        assert "menunggu" in [item["innovation"] for item in answer.json()["items"]]
        assert any("Perkiraan" in notice for notice in answer.json()["notices"])


async def test_nobody_sees_the_nations_forecast(service: ScoringService) -> None:
    for who in (None, "agency", "curator", "executive", "operator"):
        assert (await service.request("GET", "/rankings?year=2025&measure=claimed", who)).status_code == 403


@pytest.mark.parametrize(
    "query", ["", "year=x", "year=2025&after=-1", "year=2025&kind=istana", "year=2025&affair=sihir"]
)
async def test_invalid_parameters_of_a_ranking_are_a_problem_with_flaws(service: ScoringService, query: str) -> None:
    answer = await service.request("GET", f"/rankings?{query}")

    assert (answer.status_code, bool(answer.json()["flaws"])) == (422, True)


# --- Freezes ---


async def freeze(service: ScoringService, key: str, **body: Any) -> Any:  # noqa: ANN401 - what is asked and answered
    asked = body or {"region": PONTIANAK, "year": 2025}
    return await service.request("POST", "/rankings/freezes", "curator", asked, Idempotency_Key=key)


async def test_a_freeze_is_public_and_never_changes(service: ScoringService) -> None:
    made = await freeze(service, "a")
    assert made.status_code == 201
    path = made.headers["Location"]
    before = await service.request("GET", path)
    kept = await service.store.get(FREEZE.name, f"{PONTIANAK}/2025/1")
    assert kept is not None
    assert kept.state["digest"] == digest_of(kept.state)

    await service.add("peci", 3, verified=3, days=-5)
    await service.add("baca", 3, verified=3, status="withdrawn")
    after = await service.request("GET", path)

    assert (before.status_code, before.content, before.headers["ETag"]) == (200, after.content, after.headers["ETag"])
    for method in ("PUT", "PATCH", "DELETE", "POST"):
        assert (await service.request(method, path, "curator", {})).status_code == 405
    live = await service.get("/rankings?year=2025&region=61.71")
    assert [item["innovation"] for item in live["items"]] == ["peci", "anakku", "klinik"]
    assert live["items"][0]["movement"] == {"direction": "up", "before": 2, "steps": 1}
    assert live["compared_with"]["number"] == 1
    assert live["gone"] == ["baca"]


async def test_a_correction_is_a_new_freeze_with_a_reason(service: ScoringService) -> None:
    first = (await freeze(service, "a")).json()
    await service.add("klinik", 3, verified=3, days=-1, agency="pkm")
    refused = await freeze(service, "b")
    second = await freeze(service, "c", region=PONTIANAK, year=2025, reason="Verifikasi terlambat dicatat.")

    assert refused.status_code == 422
    assert refused.json()["flaws"][0]["field"] == "reason"
    assert (second.status_code, second.json()["number"], second.json()["reason"]) == (
        201, 2, "Verifikasi terlambat dicatat.",
    )  # fmt: skip
    top = second.json()["cells"][0]["places"][0]
    assert (top["innovation"], top["movement"]) == ("klinik", {"direction": "up", "before": 4, "steps": 3})
    assert await service.get(f"/rankings/freezes/{PONTIANAK}/2025/1") == first
    listed = await service.get(f"/rankings/freezes?region={PONTIANAK}")
    assert [item["id"] for item in listed["items"]] == [f"{PONTIANAK}/2025/1", f"{PONTIANAK}/2025/2"]


async def test_a_repeat_meets_the_freeze_it_made(service: ScoringService) -> None:
    first = await freeze(service, "a")
    again = await freeze(service, "a")
    other = await freeze(service, "a", region=PONTIANAK, year=2024)

    for id in ("peci", "anakku", "baca", "klinik"):
        await service.add(id, 3, status="withdrawn", verified=None)
    late = await freeze(service, "a")

    assert (again.status_code, again.json()) == (201, first.json())
    assert (late.status_code, late.json()) == (201, first.json())
    assert other.json()["type"] == "/problems/idempotency-key-reused"


async def test_nothing_is_not_frozen(service: ScoringService) -> None:
    answer = await freeze(service, "a", region=PONTIANAK, year=2024)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/conflict")


async def test_many_at_once_each_take_a_number_of_their_own(service: ScoringService) -> None:
    body = {"region": PONTIANAK, "year": 2025, "reason": "Bersamaan."}
    answers = await asyncio.gather(*(freeze(service, f"key-{number % 5}", **body) for number in range(10)))

    by_key = {number % 5: answer.json()["number"] for number, answer in enumerate(answers)}
    assert sorted(by_key.values()) == [1, 2, 3, 4, 5]
    assert all(answer.json()["number"] == by_key[number % 5] for number, answer in enumerate(answers))


@pytest.mark.parametrize(
    ("who", "status"), [(None, 401), ("agency", 403), ("executive", 403), ("operator", 403), ("neighbour", 403)]
)
async def test_freezing_is_the_curators(service: ScoringService, who: str | None, status: int) -> None:
    body = {"region": PONTIANAK, "year": 2025}

    assert (await service.request("POST", "/rankings/freezes", who, body, Idempotency_Key="a")).status_code == status


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "region"),
        ({"region": PONTIANAK}, "year"),
        ({"competition": "x", "year": 2025}, "year"),
        ({"region": PONTIANAK, "year": 2025, "number": 7}, "number"),
    ],
)
async def test_an_invalid_freeze_request_is_a_problem(
    service: ScoringService, body: dict[str, Any], field: str
) -> None:
    answer = await service.request("POST", "/rankings/freezes", "curator", body, Idempotency_Key="a")

    assert answer.status_code == 422
    assert field in [flaw["field"] for flaw in answer.json()["flaws"]]


# --- Competitions ---


async def test_pontianaks_competition_in_groups_and_forms(service: ScoringService) -> None:
    id, _ = await created(service)

    body = await service.get(f"/competitions/{id}/standings")

    assert len(body["cells"]) == 6
    found = {(c["group"], c["category"]): [p["innovation"] for p in c["places"]] for c in body["cells"] if c["places"]}
    assert found == {
        ("kelompok-1", "tata-kelola"): ["baca"],
        ("kelompok-1", "pelayanan-publik"): ["peci", "anakku"],
        ("kelompok-2", "pelayanan-publik"): ["klinik"],
    }
    assert (body["total"], body["left_out"], body["late"]) == (4, 0, 0)
    assert body["notices"][0].startswith("CONTOH")


async def test_a_competition_is_frozen_and_compared_with_its_last_freeze(service: ScoringService) -> None:
    id, _ = await created(service)
    frozen = await freeze(service, "a", competition=id)
    await service.add("peci", 3, verified=3)
    await service.add("terlambat", 3, days=30)

    body = await service.get(f"/competitions/{id}/standings")

    assert (frozen.json()["id"], frozen.json()["title"]) == (f"{PONTIANAK}/{id}/1", TERMS["terms"]["name"])
    assert frozen.json()["synthetic"] is True
    cell = next(c for c in body["cells"] if c["group"] == "kelompok-1" and c["category"] == "pelayanan-publik")
    assert [p["movement"]["direction"] for p in cell["places"]] == ["same", "same"]
    assert body["late"] == 1
    assert [each["id"] for each in (await service.get(f"/rankings/freezes?competition={id}"))["items"]] == [
        f"{PONTIANAK}/{id}/1"
    ]


async def test_terms_change_for_who_saw_the_newest_and_freezes_keep_theirs(service: ScoringService) -> None:
    id, tag = await created(service)
    await freeze(service, "a", competition=id)
    terms = competition(places=1)["terms"]

    missing = await service.request("PUT", f"/competitions/{id}", "curator", terms)
    changed = await service.request("PUT", f"/competitions/{id}", "curator", terms, If_Match=tag)
    stale = await service.request("PUT", f"/competitions/{id}", "curator", terms | {"places": 5}, If_Match=tag)
    foreign = await service.request("PUT", f"/competitions/{id}", "neighbour", terms, If_Match=changed.headers["ETag"])

    assert [missing.status_code, changed.status_code, stale.status_code, foreign.status_code] == [428, 200, 412, 403]
    assert changed.json()["terms"]["places"] == 1
    assert (await service.get(f"/rankings/freezes/{PONTIANAK}/{id}/1"))["terms"]["places"] == 2


async def test_a_jury_decides_with_and_is_secret_until_the_freeze(service: ScoringService) -> None:
    id, tag = await created(service, jury=JURY)
    marks = {
        "marks": [
            {"innovation": "anakku", "marks": {"kebaruan": 90}},
            {"innovation": "peci", "marks": {"kebaruan": 20}},
        ]
    }

    marked = await service.request("PUT", f"/competitions/{id}/marks", "curator", marks, If_Match=tag)
    inside = await service.get(f"/competitions/{id}/standings", "executive")
    outside = await service.request("GET", f"/competitions/{id}/standings", "agency")
    frozen = await freeze(service, "a", competition=id)

    assert (marked.status_code, marked.json()["marked"]) == (200, 2)
    cell = next(c for c in inside["cells"] if c["group"] == "kelompok-1" and c["category"] == "pelayanan-publik")
    assert [(p["innovation"], p["total"]) for p in cell["places"]] == [("anakku", 78.33), ("peci", 43.33)]
    assert outside.status_code == 403
    public = await service.get(frozen.headers["Location"])
    assert [p["total"] for c in public["cells"] for p in c["places"] if c["category"] == "pelayanan-publik"][:2] == [
        78.33, 43.33,
    ]  # fmt: skip
    assert (await service.get(f"/competitions/{id}"))["marks"] is None
    assert len((await service.get(f"/competitions/{id}", "curator"))["marks"]) == 2


@pytest.mark.parametrize(
    ("marks", "field"),
    [
        ([{"innovation": "peci", "marks": {"sihir": 1}}], "marks.0.marks.sihir"),
        ([{"innovation": "peci", "marks": {}}, {"innovation": "peci", "marks": {}}], "marks.1.innovation"),
        ([{"innovation": "peci", "marks": {"kebaruan": 101}}], "marks.0.marks.kebaruan"),
    ],
)
async def test_marks_that_do_not_fit_are_flaws(service: ScoringService, marks: list[Any], field: str) -> None:
    id, tag = await created(service, jury=JURY)

    answer = await service.request("PUT", f"/competitions/{id}/marks", "curator", {"marks": marks}, If_Match=tag)

    assert (answer.status_code, answer.json()["flaws"][0]["field"]) == (422, field)


async def test_a_competition_without_a_jury_takes_no_marks(service: ScoringService) -> None:
    id, tag = await created(service)

    answer = await service.request("PUT", f"/competitions/{id}/marks", "curator", {"marks": []}, If_Match=tag)

    assert answer.status_code == 409


async def test_a_jurys_weights_stay_once_it_has_marked(service: ScoringService) -> None:
    id, tag = await created(service, jury=JURY)
    marks = {"marks": [{"innovation": "peci", "marks": {"kebaruan": 20}}]}
    marked = await service.request("PUT", f"/competitions/{id}/marks", "curator", marks, If_Match=tag)

    without = competition()["terms"]
    answer = await service.request("PUT", f"/competitions/{id}", "curator", without, If_Match=marked.headers["ETag"])

    assert answer.status_code == 409


async def test_a_competition_is_made_once_per_key(service: ScoringService) -> None:
    id, _ = await created(service)

    again = await service.request("POST", "/competitions", "curator", competition(), Idempotency_Key="lomba-1")
    other = await service.request("POST", "/competitions", "curator", competition(places=9), Idempotency_Key="lomba-1")
    unsound = await service.request(
        "POST", "/competitions", "curator", competition(entrance={"first": "2025-02-01", "last": "2025-01-01"}),
        Idempotency_Key="lomba-2",
    )  # fmt: skip
    foreign = await service.request("POST", "/competitions", "neighbour", competition(), Idempotency_Key="lomba-3")

    assert (again.status_code, again.json()["id"]) == (201, id)
    assert other.json()["type"] == "/problems/idempotency-key-reused"
    assert unsound.json()["flaws"][0]["field"] == "terms.entrance.last"
    assert foreign.status_code == 403
    assert [each["id"] for each in (await service.get("/competitions?region=61.71"))["items"]] == [id]
    assert (await service.get(f"/competitions?region={KUBU_RAYA}"))["items"] == []
