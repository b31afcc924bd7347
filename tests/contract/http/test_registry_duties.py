"""Duty policies by year, deadlines and retirements over HTTP."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from shared.contracts.agency import AgencyRegistered
from shared.contracts.region import RegionRegistered
from tests.support.registry_service import REGION, TERMS, RegistryService, running_registry

PLACE = f"/regions/{REGION}"
POLICY: dict[str, Any] = {
    "obliged_kinds": ["dinas", "badan"],
    "minimum": 1,
    "minimum_by_kind": {"badan": 2},
    "counts_when": "verified",
    "mandatory_rows": True,
    "from_year": 2027,
    "decree": "Perbup 7/2026",
}
PAST = {"year": 2026, "date": "2026-05-31", "basis": "SE 1"}
COMING = {"year": 2026, "date": "2026-12-31", "basis": "SE 1"}


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[RegistryService]:
    """On 1 June 2026, with a region."""
    async with running_registry(tmp_path) as registry:
        await registry.region()
        await registry.owed_events()
        yield registry


async def deadline(registry: RegistryService, body: dict[str, Any]) -> httpx2.Response:
    return await registry.by("curator").change("POST", f"{PLACE}/deadlines", body, of=PLACE)


async def cancel(registry: RegistryService, year: int = 2026) -> httpx2.Response:
    path = f"{PLACE}/deadlines/{year}/cancel"
    return await registry.by("curator").change("POST", path, {"basis": "SE 9"}, of=PLACE)


async def last_region(registry: RegistryService) -> RegionRegistered:
    (_, payload) = (await registry.owed_events())[-1]
    assert isinstance(payload, RegionRegistered)
    return payload


# --- Policies ---


async def test_a_further_policy_holds_from_its_year_on(registry: RegistryService) -> None:
    done = await registry.by("curator").change("POST", f"{PLACE}/policies", POLICY, of=PLACE)

    assert done.status_code == 200, done.text
    first, second = done.json()["policies"]
    assert (first["revision"], first["from_year"]) == (1, 2000)
    assert {name: second[name] for name in POLICY} == POLICY
    assert (second["revision"], "by" in second) == (2, False)
    assert done.json()["policy"]["minimum"] == 1  # of 2026
    assert done.json()["policy"]["minimum_by_kind"] == {}
    assert [each.from_year for each in (await last_region(registry)).policies] == [2000, 2027]


async def test_the_answer_shows_the_policy_of_the_region_s_current_year(registry: RegistryService) -> None:
    await registry.by("curator").change("POST", f"{PLACE}/policies", {**POLICY, "from_year": 2026}, of=PLACE)
    policy = (await registry.by(None)("GET", PLACE)).json()["policy"]
    assert (policy["minimum_by_kind"], policy["mandatory_rows"], policy["deadlines"]) == ({"badan": 2}, True, [])


async def test_a_changed_policy_in_the_terms_is_a_revision_from_the_current_year_on(registry: RegistryService) -> None:
    terms = {**TERMS, "policy": {**TERMS["policy"], "minimum": 3}}
    done = await registry.by("curator").change("PUT", PLACE, terms, of=PLACE)
    assert [(each["from_year"], each["minimum"]) for each in done.json()["policies"]] == [(2000, 1), (2026, 3)]
    assert done.json()["policy"]["minimum"] == 3


@pytest.mark.parametrize(("field", "value"), [("from_year", 1999), ("from_year", None), ("decree", None), ("x", 1)])
async def test_a_policy_without_year_or_decree_is_refused(registry: RegistryService, field: str, value: object) -> None:
    body = {**POLICY, field: value}
    refused = await registry.by("curator").change("POST", f"{PLACE}/policies", body, of=PLACE)
    assert refused.status_code == 422
    assert [flaw["field"] for flaw in refused.json()["flaws"]] == [field]


@pytest.mark.parametrize(
    ("path", "body"),
    [("policies", POLICY), ("deadlines", COMING), ("deadlines/2026/cancel", {"basis": "SE 9"})],
)
async def test_only_curator_and_operator_decide_about_duties(
    registry: RegistryService, path: str, body: dict[str, Any]
) -> None:
    await deadline(registry, {**COMING, "date": "2026-11-30"})
    agency = await registry.agency()
    found = {
        token: (await registry.by(token).change("POST", f"{PLACE}/{path}", body, of=PLACE)).status_code
        for token in (None, f"agency:{agency}", "executive", "curator-71", "curator")
    }
    assert list(found.values()) == [401, 403, 403, 403, 200]
    assert (await registry.by("operator")("POST", f"{PLACE}/{path}", body)).status_code == 428
    assert (await registry.by("operator")("POST", f"{PLACE}/{path}", body, tag='"17"')).status_code == 412


async def test_a_repeat_of_a_registration_that_release_0_1_0_answered_gets_its_answer(
    registry: RegistryService,
) -> None:
    """That release stored the fingerprint of the body with all defaults, which are written out here."""
    body = {"code": REGION, **TERMS}
    former = hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    await registry.store.change("region", REGION, lambda state: ({**(state or {}), "created_by_body": former}, None))

    assert (await registry.by("operator")("POST", "/regions", body)).status_code == 201


# --- Deadlines ---


async def test_a_deadline_may_have_an_hour_and_a_corrected_basis_keeps_its_revision(registry: RegistryService) -> None:
    await deadline(registry, COMING)
    hour = await deadline(registry, {**COMING, "hour": "16:00"})
    corrected = await deadline(registry, {**COMING, "hour": "16:00", "basis": "SE 1/2026"})

    assert [each["revision"] for each in hour.json()["policy"]["deadlines"]] == [1, 2]
    newest = corrected.json()["policy"]["deadlines"][-1]
    assert (newest["revision"], newest["hour"], newest["basis"]) == (2, "16:00", "SE 1/2026")
    assert (await last_region(registry)).deadlines[-1].basis == "SE 1/2026"


async def test_a_cancelled_deadline_can_be_set_again(registry: RegistryService) -> None:
    await deadline(registry, COMING)

    cancelled, twice = await cancel(registry), await cancel(registry)
    again = await deadline(registry, COMING)

    assert (cancelled.status_code, twice.status_code, again.status_code) == (200, 409, 200)
    assert twice.json()["type"] == "/problems/conflict"
    states = [(each["revision"], each["cancelled"]) for each in again.json()["policy"]["deadlines"]]
    assert states == [(1, False), (2, True), (3, False)]
    assert (await cancel(registry, 2025)).status_code == 409
    assert (await cancel(registry, 1999)).status_code == 422


@pytest.mark.parametrize("hour", ["26:00", "16.00", "16:00:30", 960])
async def test_an_impossible_hour_is_a_flaw_of_that_field(registry: RegistryService, hour: object) -> None:
    refused = await deadline(registry, {**COMING, "hour": hour})
    assert refused.status_code == 422
    assert [flaw["field"] for flaw in refused.json()["flaws"]] == ["hour"]


async def test_a_deadline_that_has_passed_is_confirmed_by_the_number_of_agencies_that_become_overdue(
    registry: RegistryService,
) -> None:
    await deadline(registry, {**COMING, "date": "2027-01-31"})
    missing = [await registry.agency(f"Dinas {number}") for number in range(3)]
    await registry.submitted(missing[0])
    await registry.draft(missing[1], "only a draft")
    operator = registry.by("operator")
    others: tuple[dict[str, Any], ...] = ({"kind": "badan"}, {"obliged_from": 2027})
    for number, more in enumerate(others):
        body = {"region": REGION, "name": f"Lain {number}", "kind": "dinas", **more}
        await operator("POST", "/agencies", body, key=f"other {number}")
    for day, name in (("2026-05-31", "Dinas Lama"), ("2026-06-01", "Dinas Baru Tutup")):
        place = f"/agencies/{await registry.agency(name)}"
        await operator.change("POST", f"{place}/retire", {"retired_on": day}, of=place)
    await registry.owed_events()

    without = await deadline(registry, PAST)
    wrong = await deadline(registry, {**PAST, "confirm_overdue": 2})
    read = await registry.by("curator")("GET", PLACE)
    right = await deadline(registry, {**PAST, "confirm_overdue": 3})

    for refused in (without, wrong):
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/overdue-unconfirmed")
        assert refused.json()["confirm"] == {"confirm_overdue": 3}
        assert "3 perangkat daerah" in refused.json()["detail"]
    assert len(read.json()["policy"]["deadlines"]) == 1
    assert (right.status_code, len(right.json()["policy"]["deadlines"])) == (200, 2)
    assert await registry.owed_types() == ["region.registered"]


async def test_a_past_deadline_that_makes_nobody_overdue_needs_no_number(registry: RegistryService) -> None:
    assert (await deadline(registry, PAST)).status_code == 200


async def test_a_corrected_basis_of_a_past_deadline_needs_no_number(registry: RegistryService) -> None:
    await deadline(registry, PAST)
    await registry.agency()
    assert (await deadline(registry, {**PAST, "basis": "SE 1/2026"})).status_code == 200
    assert (await deadline(registry, {**PAST, "hour": "16:00"})).json()["confirm"] == {"confirm_overdue": 1}


# --- Agencies ---


async def test_a_new_agency_owes_from_the_region_s_current_year_on(registry: RegistryService) -> None:
    body = {"region": REGION, "name": "Dinas Sosial", "kind": "dinas"}
    curator = registry.by("curator")
    default = await curator("POST", "/agencies", body, key="k1")
    always = await curator("POST", "/agencies", {**body, "name": "Dinas Lain", "obliged_from": None}, key="k2")
    assert (default.json()["obliged_from"], always.json()["obliged_from"]) == (2026, None)


async def test_a_retirement_names_a_successor_of_the_region_and_can_be_undone(registry: RegistryService) -> None:
    await registry.region("61.71")
    agency, heir = await registry.agency(), await registry.agency("Dinas Penerus")
    far, closed = await registry.agency("Dinas Kota", "61.71"), await registry.agency("Dinas Tutup")
    curator, place = registry.by("curator"), f"/agencies/{agency}"
    body: dict[str, Any] = {"retired_on": "2026-07-01"}
    await curator.change("POST", f"/agencies/{closed}/retire", body, of=f"/agencies/{closed}")

    for successor, code in ((agency, "same"), (far, "unknown"), ("nobody", "unknown"), (closed, "retired")):
        refused = await curator.change("POST", f"{place}/retire", {**body, "successor": successor}, of=place)
        assert [(flaw["field"], flaw["code"]) for flaw in refused.json()["flaws"]] == [("successor", code)]
    retired = await curator.change("POST", f"{place}/retire", {**body, "successor": heir}, of=place)
    moved = await curator.change("POST", f"{place}/retire", {"retired_on": "2026-08-01"}, of=place)
    await registry.owed_events()
    undone = await curator.change("POST", f"{place}/reinstate", of=place)
    again = await curator.change("POST", f"{place}/reinstate", of=place)

    assert (retired.json()["successor"], moved.json()["successor"]) == (heir, heir)
    assert (undone.status_code, undone.json()["retired"], undone.json()["successor"]) == (200, False, None)
    assert again.status_code == 409
    ((event, payload),) = await registry.owed_events()
    assert event.type == "agency.registered"
    assert isinstance(payload, AgencyRegistered)
    assert (payload.retired, payload.successor) == (False, None)


async def test_only_curator_and_operator_reinstate_an_agency(registry: RegistryService) -> None:
    agency = await registry.agency()
    place = f"/agencies/{agency}"
    await registry.by("curator").change("POST", f"{place}/retire", {"retired_on": "2026-07-01"}, of=place)
    found = [
        (await registry.by(token).change("POST", f"{place}/reinstate", of=place)).status_code
        for token in (None, f"agency:{agency}", "executive", "curator-71", "operator")
    ]
    assert found == [401, 403, 403, 403, 200]
