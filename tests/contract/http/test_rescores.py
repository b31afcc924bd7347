"""Rescores over HTTP, on every store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from services.scoring.kinds import KINDS
from tests.support.scoring_examples import catalogue
from tests.support.scoring_service import KUBU_RAYA, PONTIANAK, ScoringService, add_examples, opened
from tests.support.store_engines import Engine
from tests.unit.scoring.rescore.test_decision import HEAVIER

CATALOGUES = {"2024.1": catalogue("2024.1"), "2026.1": catalogue(), HEAVIER.name: HEAVIER}
REQUEST = {"region": PONTIANAK, "year": 2025, "catalogue": "2026"}


@pytest.fixture
async def service(engine: Engine) -> AsyncIterator[ScoringService]:
    async with opened(await engine.open(*KINDS), CATALOGUES) as service:
        await add_examples(service)
        yield service


async def ordered(service: ScoringService, who: str = "curator", key: str = "k1", **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    answer = await service.request("POST", "/rescores", who, REQUEST | changes, Idempotency_Key=key)
    assert answer.status_code == 202, answer.text
    assert answer.headers["Location"].endswith(f"/rescores/{answer.json()['id']}")
    found: dict[str, Any] = answer.json()
    return found


async def by_catalogue(service: ScoringService) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    async for card in service.store.scan("scorecard", {}, ("catalogue",)):
        found.setdefault(card["catalogue"], set()).add(card.id)
    return found


async def test_a_dry_run_changes_nothing_and_the_real_rescore_does_what_it_reported(service: ScoringService) -> None:
    before = await by_catalogue(service)
    dry = await ordered(service, dry_run=True)
    assert (dry["status"], dry["catalogue"], dry["total"], dry["by"]) == ("queued", "2026.2", None, "bapperida")
    assert service.rescoring.wake.is_set()
    await service.rescoring.pending()
    shown = await service.get(f"/rescores/{dry['id']}", "curator")

    # five innovations, of which four bring level 3 in row 31 and one level 2, a point more for each level
    report = shown["report"]
    assert (shown["status"], shown["total"], report["seen"]) == ("done", 5, 5)
    assert (report["gained"], report["lost"], report["points"], report["verified_points"]) == (5, 0, 14, 8)
    assert report["by_row"] == {"31": {"gained": 5, "lost": 0, "points": 14}}
    assert report["gains"][0]["name"].startswith("Inovasi ")
    assert await by_catalogue(service) == before == {"2026.1": {"peci", "anakku", "baca", "klinik", "menunggu"}}

    real = await ordered(service, key="k2")
    await service.rescoring.pending()
    done = await service.get(f"/rescores/{real['id']}", "executive")

    assert done["report"] == report
    assert set(await by_catalogue(service)) == {"2026.2"}
    assert (await service.get("/scorecards/peci"))["maturity"]["verified"] == 74 + 2


async def test_the_same_request_again_is_the_same_rescore(service: ScoringService) -> None:
    first, again = await asyncio.gather(ordered(service), ordered(service))
    assert first == again
    await service.rescoring.pending()

    assert (await ordered(service))["status"] == "done"
    answer = await service.request("POST", "/rescores", "curator", REQUEST | {"year": 2024}, Idempotency_Key="k1")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (422, "idempotency-key-reused")
    assert len((await service.get("/rescores", "curator"))["items"]) == 1


async def test_of_two_about_the_same_the_later_one_prevails(service: ScoringService) -> None:
    later = await ordered(service, key="a", catalogue="2026.1")
    service.clock.move_to(service.clock.now().replace(day=2))
    sooner = await ordered(service, key="b", catalogue="2026.2")

    await service.rescoring.pending()

    assert (later["status"], sooner["status"]) == ("queued", "queued")
    assert set(await by_catalogue(service)) == {"2026.1"}


@pytest.mark.parametrize(
    ("who", "changes", "status", "slug"),
    [
        (None, {}, 401, "unauthenticated"),
        ("agency", {}, 403, "forbidden"),
        ("executive", {}, 403, "forbidden"),
        ("neighbour", {}, 403, "forbidden"),
        ("curator", {"region": None}, 403, "forbidden"),
        ("curator", {"catalogue": "2031"}, 422, "invalid"),
        ("curator", {"catalogue": "../x"}, 422, "invalid"),
        ("operator", {"region": "99.99"}, 422, "invalid"),
        ("operator", {"year": "besok"}, 422, "invalid"),
        ("operator", {"dry": True}, 422, "invalid"),
    ],
)
async def test_a_forbidden_or_invalid_request_starts_nothing(
    service: ScoringService, who: str | None, changes: dict[str, Any], status: int, slug: str
) -> None:
    answer = await service.request("POST", "/rescores", who, REQUEST | changes, Idempotency_Key="k1")

    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (status, slug)
    if status == 422:
        assert [flaw["field"].rpartition(".")[2] for flaw in answer.json()["flaws"]] == list(changes)
    assert (await service.get("/rescores", "operator"))["items"] == []


async def test_a_region_reads_its_own_and_the_operator_all(service: ScoringService) -> None:
    own = await ordered(service)
    whole = await ordered(service, "operator", "k2", region=None, dry_run=True)
    await service.rescoring.pending()

    for who in ("curator", "executive"):
        assert [each["id"] for each in (await service.get("/rescores?status=done", who))["items"]] == [own["id"]]
        assert (await service.request("GET", f"/rescores/{whole['id']}", who)).status_code == 403
        assert (await service.request("GET", f"/rescores?region={KUBU_RAYA}", who)).status_code == 403
    assert (await service.get("/rescores", "neighbour"))["items"] == []
    assert (await service.request("GET", f"/rescores/{own['id']}", "neighbour")).status_code == 403
    assert {each["id"] for each in (await service.get("/rescores", "operator"))["items"]} == {own["id"], whole["id"]}
    assert (await service.get("/rescores?status=queued", "operator"))["items"] == []
    report = (await service.get(f"/rescores/{own['id']}", "operator"))["report"]
    assert (report["gains"], report["losses"]) == ([], []), "single innovations are not the operator's"
    assert report["seen"] > 0
    service.clock.move_to(service.clock.now() + timedelta(days=1))
    newest = await ordered(service, key="k3", catalogue="2026.1")
    listed = (await service.get("/rescores?limit=1", "operator"))["items"]
    assert [each["id"] for each in listed] == [newest["id"]]
    assert (await service.request("GET", "/rescores/tidak-ada", "operator")).status_code == 404
