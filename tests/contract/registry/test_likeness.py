"""Alike innovations over HTTP: the curator is shown both; over regions only what is public."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from services.registry.innovation.innovation import Innovation
from services.registry.innovation.likeness.index import MOST_CANDIDATES, LikenessIndex
from services.registry.innovation.likeness.noting import LikenessUpkeep, NotedInnovations
from services.registry.kinds import INNOVATION
from tests.support.likeness.proposals import copied, proposal
from tests.support.registry_service import REGION, RegistryService, running_registry

OTHER = "61.71"


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[RegistryService]:
    async with running_registry(tmp_path) as registry:
        await registry.region()
        yield registry


async def indexed(registry: RegistryService) -> None:
    """What the registry's loop does every few seconds."""
    innovations = NotedInnovations(registry.store, INNOVATION, Innovation, "tidak ada")
    await LikenessUpkeep(LikenessIndex(registry.store, innovations), innovations).look_and_catch_up()


async def handed_in(registry: RegistryService, agency: str, key: str, profile: dict[str, Any], **body: object) -> str:
    place = await registry.draft(agency, key, profile=profile, **body)
    done = await registry.by("curator").change("POST", f"{place}/submit", of=place)
    assert done.status_code == 200, done.text
    return place


async def verified(registry: RegistryService, place: str, token: str = "curator") -> None:
    done = await registry.by(token).change("POST", f"{place}/verify", {"rows": {}}, of=place)
    assert done.status_code == 200, done.text


def id_of(place: str) -> str:
    return place.rpartition("/")[2]


async def test_an_innovation_that_is_handed_in_twice_is_shown_beside_the_first(registry: RegistryService) -> None:
    random = Random(1)
    original = proposal(random, 0)
    first = await handed_in(registry, await registry.agency("Dinas Kesehatan"), "a", original)
    await handed_in(registry, await registry.agency("Dinas Sosial"), "b", proposal(random, 1))
    again = await handed_in(registry, await registry.agency("Puskesmas"), "c", copied(random, original))
    await indexed(registry)

    found = await registry.by("curator")("GET", f"{again}/likeness")

    assert found.status_code == 200, found.text
    (one,) = found.json()["items"]
    assert (found.json()["innovation"]["id"], one["other"]["id"]) == (id_of(again), id_of(first))
    assert one["likeness"]["level"] == "same"
    assert one["likeness"]["passages"][0]["words"] >= 8
    assert "bukan penilaian" in one["likeness"]["explanation"]


async def test_the_curators_list_of_a_year_names_each_pair_once_also_over_years(registry: RegistryService) -> None:
    random = Random(2)
    original = proposal(random, 3)
    agency = await registry.agency()
    first = await handed_in(registry, agency, "a", original)
    registry.clock.move_to(registry.clock.now().replace(year=2027))
    again = await handed_in(registry, agency, "b", copied(random, original))
    await handed_in(registry, agency, "c", proposal(random, 5))
    await indexed(registry)
    curator = registry.by("curator")

    before = await curator("GET", f"/likeness?region={REGION}&year=2026")
    pages = [await curator("GET", f"/likeness?region={REGION}&year=2027&limit=1")]
    while (after := pages[-1].json()["next"]) is not None:
        pages.append(await curator("GET", f"/likeness?region={REGION}&year=2027&limit=1&after={after}"))

    assert before.json()["items"] == []
    (pair,) = [each for page in pages for each in page.json()["items"]]
    assert pair["innovation"]["id"] == id_of(again)
    assert [each["other"]["id"] for each in pair["items"]] == [id_of(first)]


async def test_an_agency_sees_its_own_and_public_ones_only(registry: RegistryService) -> None:
    random = Random(3)
    original = proposal(random, 0)
    other = await handed_in(registry, await registry.agency("Dinas Kesehatan"), "a", original)
    mine = await registry.agency("Puskesmas")
    place = await handed_in(registry, mine, "b", copied(random, original))
    await indexed(registry)
    owner = registry.by(f"agency:{mine}")

    assert (await owner("GET", f"{place}/likeness")).json()["items"] == []
    assert (await owner("GET", f"{other}/likeness")).status_code == 404
    await verified(registry, other)
    await indexed(registry)
    (one,) = (await owner("GET", f"{place}/likeness")).json()["items"]
    assert one["other"]["id"] == id_of(other)
    assert (await owner("GET", f"/likeness?region={REGION}&year=2026")).status_code == 403
    assert (await registry.by("curator-71")("GET", f"/likeness?region={REGION}&year=2026")).status_code == 403


async def test_a_withdrawn_one_is_warned_of_no_more_although_the_index_lags(registry: RegistryService) -> None:
    random = Random(4)
    original = proposal(random, 0)
    agency = await registry.agency()
    first = await handed_in(registry, agency, "a", original)
    again = await handed_in(registry, agency, "b", copied(random, original))
    await indexed(registry)
    curator = registry.by("curator")
    assert len((await curator("GET", f"{again}/likeness")).json()["items"]) == 1

    await registry.by(f"agency:{agency}").change("POST", f"{first}/withdraw", of=first)

    assert (await curator("GET", f"{again}/likeness")).json()["items"] == []


async def test_over_regions_only_what_is_public_is_found(registry: RegistryService) -> None:
    random = Random(5)
    original = proposal(random, 0)
    await registry.region(OTHER)
    theirs = await registry.agency("Dinas Kesehatan", OTHER)
    caller = registry.by("curator-71")
    body = {"agency": theirs, "profile": original}
    made = await caller("POST", "/innovations", body, key="theirs")
    place = f"/innovations/{made.json()['id']}"
    assert (await caller.change("POST", f"{place}/submit", of=place)).status_code == 200
    mine = await handed_in(registry, await registry.agency("Puskesmas"), "b", copied(random, original))
    await indexed(registry)
    curator, everybody = registry.by("curator"), registry.by(None)
    question = {"text": original["design"], "affairs": ["kesehatan"]}

    assert (await curator("GET", f"{mine}/replicable")).json()["items"] == []
    assert (await everybody("POST", "/likeness", question)).json()["items"] == []
    await verified(registry, place, "curator-71")
    await indexed(registry)

    (one,) = (await curator("GET", f"{mine}/replicable")).json()["items"]
    assert (one["other"]["id"], one["other"]["region"]) == (id_of(place), OTHER)
    (asked,) = (await everybody("POST", "/likeness", question)).json()["items"]
    assert asked["other"]["id"] == id_of(place)
    assert (await everybody("POST", "/likeness", {**question, "outside": OTHER})).json()["items"] == []
    assert (await curator("GET", f"{mine}/likeness")).json()["items"] == []
    assert original["initiator_name"] not in str(one) + str(asked)


async def test_a_question_of_unknown_affairs_is_refused(registry: RegistryService) -> None:
    for affairs in ([], ["tidak_ada"], ["kesehatan"] * 5):
        answer = await registry.by(None)("POST", "/likeness", {"text": "Perahu sehat", "affairs": affairs})
        assert answer.status_code == 422


async def test_no_more_than_the_candidates_are_read(registry: RegistryService, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(6)
    agency = await registry.agency()
    place = await handed_in(registry, agency, "a", proposal(random, 0))
    for number in range(40):
        await handed_in(registry, agency, f"n{number}", proposal(random, number % 2))
    await indexed(registry)
    reads, get = list[str](), registry.store.get

    async def counted(kind: str, id: str) -> object:
        reads.append(id)
        return await get(kind, id)

    monkeypatch.setattr(registry.store, "get", counted)

    assert (await registry.by("curator")("GET", f"{place}/likeness")).status_code == 200
    assert len(reads) <= MOST_CANDIDATES + 1
