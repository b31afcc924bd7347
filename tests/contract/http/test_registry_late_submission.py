"""First submissions for an earlier year, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from shared.contracts.innovation import InnovationState
from tests.support.registry_service import REGION, RegistryService, running_registry

PLACE = f"/regions/{REGION}"


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[RegistryService]:
    """On 1 June 2026, with a region."""
    async with running_registry(tmp_path) as registry:
        await registry.region()
        yield registry


async def deadline(registry: RegistryService, day: str, **more: Any) -> None:  # noqa: ANN401 - of the body
    body = {"year": 2025, "date": day, "basis": f"SE {day}", **more}
    done = await registry.by("curator").change("POST", f"{PLACE}/deadlines", body, of=PLACE)
    assert done.status_code == 200, done.text


async def an_agency(registry: RegistryService, name: str = "Dinas Sosial", **more: Any) -> str:  # noqa: ANN401 - of the body
    body = {"region": REGION, "name": name, "kind": "dinas", "obliged_from": None, **more}
    return str((await registry.by("curator")("POST", "/agencies", body, key=name)).json()["id"])


async def submit(registry: RegistryService, agency: str, place: str) -> httpx2.Response:
    return await registry.by(f"agency:{agency}").change("POST", f"{place}/submit", of=place)


def codes(answer: httpx2.Response) -> list[tuple[str, str]]:
    return [(flaw["field"], flaw["code"]) for flaw in answer.json()["flaws"]]


async def test_a_first_submission_after_the_deadline_is_accepted_once(registry: RegistryService) -> None:
    await deadline(registry, "2025-12-31")
    agency = await an_agency(registry)
    first, second = await registry.draft(agency, "one", year=2025), await registry.draft(agency, "two", year=2025)
    await registry.owed_events()

    accepted, refused = await submit(registry, agency, first), await submit(registry, agency, second)

    assert (accepted.status_code, accepted.json()["year"]) == (200, 2025)
    assert (refused.status_code, codes(refused)) == (422, [("year", "already-met")])
    ((_, payload),) = await registry.owed_events()
    assert isinstance(payload, InnovationState)
    assert (payload.year, payload.first_submitted_at.year, payload.turn) == (2025, 2026, 2)


async def test_a_verified_innovation_meets_the_duty_and_a_returned_one_does_not(registry: RegistryService) -> None:
    await deadline(registry, "2025-12-31")
    agency = await an_agency(registry)
    places = [await registry.draft(agency, key, year=2025) for key in ("one", "two", "three")]
    curator = registry.by("curator")

    await submit(registry, agency, places[0])
    await curator.change("POST", f"{places[0]}/verify", {"rows": {}}, of=places[0])
    while_verified = await submit(registry, agency, places[1])
    remarks = {"comments": {"profile": "Lengkapi hasil."}}
    await curator.change("POST", f"{places[0]}/return", remarks, of=places[0])
    while_returned = await submit(registry, agency, places[2])
    again = await submit(registry, agency, places[0])

    assert [each.status_code for each in (while_verified, while_returned, again)] == [422, 200, 200]


async def test_the_minimum_of_the_earlier_year_decides(registry: RegistryService) -> None:
    policy = {"obliged_kinds": ["dinas"], "minimum": 2, "from_year": 2025, "decree": "Perbup 1/2025"}
    await registry.by("curator").change("POST", f"{PLACE}/policies", policy, of=PLACE)
    await deadline(registry, "2025-12-31")
    agency = await an_agency(registry)
    places = [await registry.draft(agency, key, year=2025) for key in ("one", "two", "three")]
    assert [(await submit(registry, agency, place)).status_code for place in places] == [200, 200, 422]


async def test_an_earlier_year_without_a_duty_of_the_agency_is_refused(registry: RegistryService) -> None:
    agency, new = await an_agency(registry), await an_agency(registry, "Dinas Baru", obliged_from=2026)
    await deadline(registry, "2025-12-31", confirm_overdue=1)
    places = {each: await registry.draft(each, each, year=2025) for each in (agency, new)}

    assert codes(await submit(registry, new, places[new])) == [("year", "not-obliged")]
    await registry.by("curator").change("POST", f"{PLACE}/deadlines/2025/cancel", {"basis": "SE 2"}, of=PLACE)
    assert codes(await submit(registry, agency, places[agency])) == [("year", "no-duty")]


async def test_an_earlier_year_can_be_chosen_before_its_deadline_too(registry: RegistryService) -> None:
    await deadline(registry, "2026-06-30")
    agency = await an_agency(registry)
    place = await registry.draft(agency, year=2025)
    assert (await submit(registry, agency, place)).status_code == 200


async def test_the_current_year_has_no_upper_limit(registry: RegistryService) -> None:
    agency = await an_agency(registry)
    places = [await registry.draft(agency, key) for key in ("one", "two", "three")]
    assert [(await submit(registry, agency, place)).status_code for place in places] == [200, 200, 200]


async def test_a_year_that_ends_between_draft_and_submission_is_an_earlier_year(registry: RegistryService) -> None:
    await registry.by("curator").change(
        "POST", f"{PLACE}/deadlines", {"year": 2026, "date": "2026-12-31", "basis": "SE 1"}, of=PLACE
    )
    agency = await registry.agency()
    places = [await registry.draft(agency, key) for key in ("one", "two")]
    registry.clock.move_to(datetime.fromisoformat("2027-01-01T00:00:01+07:00"))
    assert [(await submit(registry, agency, place)).status_code for place in places] == [200, 422]


async def test_of_two_drafts_submitted_at_the_same_instant_at_least_one_is_accepted(registry: RegistryService) -> None:
    """The count is read before the decision, so both may be: then both are late, and the duty is met once."""
    await deadline(registry, "2025-12-31")
    agency = await an_agency(registry)
    places = [await registry.draft(agency, key, year=2025) for key in ("one", "two")]

    answers = await asyncio.gather(*(submit(registry, agency, place) for place in places))

    assert 200 in [each.status_code for each in answers]
    assert {each.status_code for each in answers} <= {200, 422}
    third = await registry.draft(agency, "three", year=2025)
    assert codes(await submit(registry, agency, third)) == [("year", "already-met")]
