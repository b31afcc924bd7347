"""What would block a submission, over HTTP, is what a submission is refused for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.registry_samples import valid_profile
from tests.support.registry_service import REGION, RegistryService, running_registry


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[RegistryService]:
    async with running_registry(tmp_path) as registry:
        await registry.region()
        yield registry


async def test_the_check_names_what_a_submission_is_refused_for(registry: RegistryService) -> None:
    agency = await registry.agency()
    caller = registry.by(f"agency:{agency}")
    place = await registry.draft(agency, profile={**valid_profile(), "purpose": None, "design": "Terlalu pendek."})
    await registry.owed_events()

    check = await caller("GET", f"{place}/submission")
    refused = await caller.change("POST", f"{place}/submit", of=place)

    assert (check.status_code, refused.status_code) == (200, 422)
    assert check.json()["flaws"] == refused.json()["flaws"]
    assert {each["field"] for each in check.json()["flaws"]} == {"profile.purpose", "profile.design"}
    assert check.headers["ETag"] == (await caller("GET", place)).headers["ETag"]
    assert await registry.owed_types() == []


async def test_a_past_year_is_checked_with_the_number_of_innovations_that_count(registry: RegistryService) -> None:
    agency = await registry.agency()
    caller, region = registry.by(f"agency:{agency}"), f"/regions/{REGION}"
    deadline = {"year": 2025, "date": "2025-12-31", "basis": "SE 1"}
    done = await registry.by("curator").change("POST", f"{region}/deadlines", deadline, of=region)
    assert done.status_code == 200, done.text
    place = await registry.draft(agency, year=2025)

    check = (await caller("GET", f"{place}/submission")).json()
    refused = await caller.change("POST", f"{place}/submit", of=place)

    assert check["flaws"] == (refused.json()["flaws"] if refused.status_code == 422 else [])


async def test_what_is_submitted_is_not_checked_and_strangers_see_nothing(registry: RegistryService) -> None:
    agency, other = await registry.agency(), await registry.agency("Dinas Sosial")
    place = await registry.submitted(agency)

    assert (await registry.by(f"agency:{agency}")("GET", f"{place}/submission")).status_code == 409
    assert (await registry.by(f"agency:{other}")("GET", f"{place}/submission")).status_code == 404
    assert (await registry.by(None)("GET", f"{place}/submission")).status_code == 401
