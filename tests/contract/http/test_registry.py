"""The registry over HTTP: regions, agencies, and innovations with the events that each change owes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from services.registry.api.innovations import NewInnovation
from shared.contracts.agency import AgencyRegistered
from shared.contracts.innovation import InnovationState
from shared.contracts.region import RegionRegistered
from shared.web.preconditions import fingerprint
from tests.support.registry_samples import design, valid_profile
from tests.support.registry_service import REGION, TERMS, RegistryService, running_registry

REMARKS = {"comments": {"profile": "Lengkapi hasil.", "17": "SK belum memuat peran."}}


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[RegistryService]:
    async with running_registry(tmp_path) as registry:
        yield registry


# --- Regions ---


async def test_a_region_is_registered_once_with_its_event(registry: RegistryService) -> None:
    body = {"code": REGION, **TERMS}

    first = await registry.by("operator")("POST", "/regions", body)
    again = await registry.by("operator")("POST", "/regions", body)
    other = await registry.by("operator")("POST", "/regions", {**body, "name": "Kota Pontianak"})

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert first.headers["Location"].endswith(f"/regions/{REGION}")
    assert first.headers["ETag"] == again.headers["ETag"] == f'"{first.json()["sequence"]}"'
    ((event, payload),) = await registry.owed_events()
    assert (event.type, event.subject, event.region) == ("region.registered", f"region/{REGION}", REGION)
    assert event.number == first.json()["sequence"]
    assert isinstance(payload, RegionRegistered)
    assert payload.catalogue == "2026.1"


async def test_the_event_of_a_moved_deadline_has_its_history(registry: RegistryService) -> None:
    await registry.region()
    place = f"/regions/{REGION}"
    for number, day in enumerate(("2026-11-30", "2026-12-31"), start=1):
        body = {"year": 2026, "date": day, "basis": f"SE {number}"}
        done = await registry.by("curator").change("POST", f"{place}/deadlines", body, of=place)
        assert done.status_code == 200, done.text

    assert [each["revision"] for each in done.json()["policy"]["deadlines"]] == [1, 2]
    (_, payload) = (await registry.owed_events())[-1]
    assert isinstance(payload, RegionRegistered)
    assert [deadline.date.isoformat() for deadline in payload.deadlines] == ["2026-11-30", "2026-12-31"]


async def test_unchanged_terms_keep_the_version_and_owe_nothing(registry: RegistryService) -> None:
    await registry.region()
    await registry.owed_events()
    before = await registry.by(None)("GET", f"/regions/{REGION}")

    done = await registry.by("curator").change("PUT", f"/regions/{REGION}", TERMS, of=f"/regions/{REGION}")

    assert done.status_code == 200
    assert done.headers["ETag"] == before.headers["ETag"]
    assert await registry.owed_types() == []


async def test_a_curator_changes_only_the_own_region(registry: RegistryService) -> None:
    await registry.region()
    place = f"/regions/{REGION}"
    assert (await registry.by("curator-71").change("PUT", place, TERMS, of=place)).status_code == 403
    assert (await registry.by("curator")("POST", "/regions", {"code": "61.71", **TERMS})).status_code == 403
    assert (await registry.by("curator")("PUT", place, TERMS)).status_code == 428
    assert (await registry.by("curator")("PUT", place, TERMS, tag='"17"')).status_code == 412
    assert (await registry.by("curator")("PUT", "/regions/61.99", TERMS, tag='"17"')).status_code == 404


# --- Agencies ---


async def test_an_agency_is_registered_once_per_key(registry: RegistryService) -> None:
    await registry.region()
    body = {"region": REGION, "name": "Dinas Sosial", "kind": "dinas", "obliged_from": 2026}
    curator = registry.by("curator")

    first = await curator("POST", "/agencies", body, key="k1")
    again = await curator("POST", "/agencies", body, key="k1")
    other_body = await curator("POST", "/agencies", {**body, "name": "Dinas Lain"}, key="k1")
    without = await curator("POST", "/agencies", body)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert other_body.status_code == 422
    assert other_body.json()["type"] == "/problems/idempotency-key-reused"
    assert without.status_code == 422
    assert await registry.owed_types() == ["region.registered", "agency.registered"]


async def test_an_agency_needs_a_registered_region_in_the_caller_s_scope(registry: RegistryService) -> None:
    body = {"region": REGION, "name": "Dinas Sosial", "kind": "dinas"}
    unknown = await registry.by("curator")("POST", "/agencies", body, key="k1")
    assert unknown.status_code == 422
    assert [flaw["field"] for flaw in unknown.json()["flaws"]] == ["region"]
    assert (await registry.by("curator-71")("POST", "/agencies", body, key="k1")).status_code == 403


async def test_a_retired_agency_gets_no_innovations_from_that_day_on(registry: RegistryService) -> None:
    await registry.region()
    agency = await registry.agency()
    place = f"/agencies/{agency}"
    done = await registry.by("curator").change("POST", f"{place}/retire", {"retired_on": "2026-07-01"}, of=place)
    assert (done.status_code, done.json()["retired"]) == (200, True)
    (_, payload) = (await registry.owed_events())[-1]
    assert isinstance(payload, AgencyRegistered)
    assert payload.retired

    caller = registry.by(f"agency:{agency}")
    before = await caller("POST", "/innovations", {"agency": agency}, key="k1")
    registry.clock.move_to(datetime.fromisoformat("2026-07-01T00:00:00+07:00"))
    after = await caller("POST", "/innovations", {"agency": agency}, key="k2")
    repeat = await caller("POST", "/innovations", {"agency": agency}, key="k1")

    assert (before.status_code, after.status_code, repeat.status_code) == (201, 422, 201)
    assert [(flaw["field"], flaw["code"]) for flaw in after.json()["flaws"]] == [("agency", "retired")]


async def test_lists_of_agencies_are_filtered_and_paged(registry: RegistryService) -> None:
    await registry.region()
    await registry.region("61.71")
    names = {f"Dinas {number}" for number in range(5)}
    for name in names:
        await registry.agency(name)
    await registry.agency("Dinas lain", "61.71")

    found: list[str] = []
    path: str | None = f"/agencies?region={REGION}&kind=dinas&limit=2"
    pages = 0
    while path is not None:
        page = await registry.by(None)("GET", path)
        found += [item["name"] for item in page.json()["items"]]
        pages += 1
        path = page.links["next"]["url"] if page.json()["next"] else None

    assert sorted(found) == sorted(names)
    assert pages == 3
    assert (await registry.by(None)("GET", "/agencies?region=61.12&kind=badan")).json() == {"items": [], "next": None}
    assert (await registry.by(None)("GET", "/agencies?after=zzz")).status_code == 422


# --- Innovations ---


async def test_an_innovation_goes_through_every_status(registry: RegistryService) -> None:
    await registry.region()
    agency = await registry.agency()
    owner, curator = registry.by(f"agency:{agency}"), registry.by("curator")
    place = await registry.draft(agency)
    await registry.owed_events()

    submitted = await owner.change("POST", f"{place}/submit", of=place)
    assert (submitted.status_code, submitted.json()["status"]) == (200, "submitted")
    locked = await owner.change("PUT", f"{place}/evidence/16", {"level": 3}, of=place)
    assert locked.status_code == 409

    returned = await curator.change("POST", f"{place}/return", {**REMARKS, "rows": {"16": 2}}, of=place)
    assert returned.json()["comments"] == REMARKS["comments"]
    assert (await owner.change("PUT", f"{place}/evidence/17", {"level": 3}, of=place)).status_code == 200
    again = await owner.change("POST", f"{place}/submit", of=place)
    assert again.json()["evidence"]["16"]["verified_level"] == 2

    done = await curator.change("POST", f"{place}/verify", {"rows": {"17": 3}}, of=place)
    assert done.json()["status"] == "verified"
    gone = await curator.change("POST", f"{place}/withdraw", {"reason": "Layanan dihentikan."}, of=place)
    assert gone.json()["status"] == "withdrawn"
    assert (await owner.change("POST", f"{place}/submit", of=place)).status_code == 409

    owed = await registry.owed_events()
    assert [event.type.removeprefix("innovation.") for event, _ in owed] == [
        "submitted", "returned", "submitted", "verified", "withdrawn",
    ]  # fmt: skip
    assert [event.number for event, _ in owed] == sorted({event.number for event, _ in owed})
    payload = owed[3][1]
    assert isinstance(payload, InnovationState)
    assert {row.row: row.verified_level for row in payload.evidence if row.verified_level} == {"16": 2, "17": 3}
    actions = [entry["action"] for entry in (await owner("GET", place)).json()["history"]]
    assert actions == ["drafted", "edited", "submitted", "returned", "edited", "submitted", "verified", "withdrawn"]


async def test_a_refused_submission_lists_every_flaw_and_writes_nothing(registry: RegistryService) -> None:
    await registry.region()
    agency = await registry.agency()
    place = await registry.draft(agency, profile=valid_profile(name=None, design=design(12), developed=True), year=2027)
    await registry.owed_events()
    before = await registry.by("curator")("GET", place)

    refused = await registry.by(f"agency:{agency}").change("POST", f"{place}/submit", of=place)

    assert refused.status_code == 422
    assert refused.headers["Content-Type"].startswith("application/problem+json")
    assert [(flaw["field"], flaw["code"]) for flaw in refused.json()["flaws"]] == [
        ("profile.name", "missing"),
        ("profile.design", "too-few-words"),
        ("profile.developed_on", "missing"),
        ("year", "too-early"),
    ]
    assert (await registry.by("curator")("GET", place)).json() == before.json()
    assert await registry.owed_types() == []


async def test_the_local_clock_decides_the_year_on_new_years_eve(registry: RegistryService) -> None:
    await registry.region()
    agency = await registry.agency()
    owner = registry.by(f"agency:{agency}")
    registry.clock.move_to(datetime.fromisoformat("2026-12-31T23:59:00+07:00"))
    first, second = await registry.draft(agency, "one"), await registry.draft(agency, "two")
    assert (await owner("GET", first)).json()["year"] == 2026
    assert (await owner.change("POST", f"{first}/submit", of=first)).status_code == 200

    registry.clock.move_to(datetime.fromisoformat("2027-01-01T00:00:01+07:00"))
    late = await owner.change("POST", f"{second}/submit", of=second)
    assert [flaw["code"] for flaw in late.json()["flaws"]] == ["no-duty"]

    moved = await owner.change("PUT", second, {"year": 2027, "profile": valid_profile()}, of=second)
    assert moved.json()["assignments"] == [{"agency": agency, "year": 2026}, {"agency": agency, "year": 2027}]
    assert (await owner.change("POST", f"{second}/submit", of=second)).status_code == 200


async def test_the_curator_reassigns_an_innovation_with_a_reason(registry: RegistryService) -> None:
    await registry.region()
    await registry.region("61.71")
    agency, heir = await registry.agency(), await registry.agency("Dinas Penerus")
    stranger = await registry.agency("Dinas Kota", "61.71")
    place = await registry.submitted(agency)
    await registry.owed_events()
    curator = registry.by("curator")
    body = {"agency": heir, "year": 2026, "reason": "Tusi beralih."}

    for wrong in (stranger, "nobody"):
        refused = await curator.change("POST", f"{place}/reassign", {**body, "agency": wrong}, of=place)
        assert (refused.status_code, refused.json()["flaws"][0]["field"]) == (422, "agency")
    assert (
        await registry.by(f"agency:{agency}").change("POST", f"{place}/reassign", body, of=place)
    ).status_code == 403
    done = await curator.change("POST", f"{place}/reassign", body, of=place)

    assert done.status_code == 200
    ((event, payload),) = await registry.owed_events()
    assert event.type == "innovation.submitted"
    assert isinstance(payload, InnovationState)
    assert [(each.agency, each.present) for each in payload.assignments] == [(agency, False), (heir, True)]
    assert (await registry.by(f"agency:{agency}")("GET", place)).status_code == 404
    assert (await registry.by(f"agency:{heir}")("GET", place)).status_code == 200


# --- Concurrent requests ---


async def test_ten_equal_concurrent_requests_create_one_draft(registry: RegistryService) -> None:
    await registry.region()
    agency = await registry.agency()
    await registry.owed_events()
    owner = registry.by(f"agency:{agency}")

    made = await asyncio.gather(*(owner("POST", "/innovations", {"agency": agency}, key="same") for _ in range(10)))

    assert {answer.status_code for answer in made} == {201}
    assert len({answer.text for answer in made}) == 1
    assert await registry.owed_types() == ["innovation.drafted"]
    reused = await owner("POST", "/innovations", {"agency": agency, "year": 2026}, key="same")
    assert reused.json()["type"] == "/problems/idempotency-key-reused"


async def test_of_two_concurrent_changes_of_one_version_one_wins(registry: RegistryService) -> None:
    await registry.region()
    agency = await registry.agency()
    place = await registry.draft(agency)
    await registry.owed_events()
    owner, curator = registry.by(f"agency:{agency}"), registry.by("curator")
    tag = (await owner("GET", place)).headers["ETag"]

    answers = await asyncio.gather(
        owner("POST", f"{place}/submit", tag=tag), curator("PUT", f"{place}/evidence/18", {"level": 1}, tag=tag)
    )

    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert "ETag" in next(answer for answer in answers if answer.status_code == 200).headers


# --- Visibility ---


async def test_the_public_sees_the_public_part_of_verified_innovations_only(registry: RegistryService) -> None:
    await registry.region()
    agency = await registry.agency()
    other = await registry.agency("Dinas Sosial")
    place = await registry.submitted(agency)
    for token in (None, f"agency:{other}", "curator-71"):
        assert (await registry.by(token)("GET", place)).status_code == 404
        listed = await registry.by(token)("GET", f"/innovations?region={REGION}&agency={agency}")
        assert listed.json()["items"] == []
    await registry.by("curator").change("POST", f"{place}/return", REMARKS, of=place)
    await registry.by(f"agency:{agency}").change("POST", f"{place}/submit", of=place)
    await registry.by("curator").change("POST", f"{place}/verify", {"rows": {"16": 2}}, of=place)

    for token in (None, f"agency:{other}", "curator-71"):
        seen = await registry.by(token)("GET", place)
        assert seen.status_code == 200
        private = (
            "initiator_name",
            "Tim inovasi",
            "comments",
            "history",
            "account-",
            "188/16",
            "bukti.kuburaya",
            "files",
        )
        assert not [word for word in private if word in seen.text]
        assert seen.json()["profile"]["outcome"].startswith("Sebelum")
        listed = await registry.by(token)("GET", f"/innovations?region={REGION}&agency={agency}")
        assert [item["profile"]["name"] for item in listed.json()["items"]] == ["Layanan Antar Dokumen"]
    assert (await registry.by("executive")("GET", place)).json()["profile"]["initiator_name"]


async def test_each_account_lists_the_innovations_in_its_scope(registry: RegistryService) -> None:
    await registry.region()
    await registry.region("61.71")
    one, two = await registry.agency("Satu"), await registry.agency("Dua")
    far = await registry.agency("Jauh", "61.71")
    drafted, submitted = await registry.draft(one, "a"), await registry.submitted(two, "b")
    body = {"agency": far}
    made = await registry.by("curator-71")("POST", "/innovations", body, key="c")

    async def ids(token: str, query: str = "") -> set[str]:
        answer = await registry.by(token)("GET", f"/innovations{query}")
        return {f"/innovations/{item['id']}" for item in answer.json()["items"]}

    distant = f"/innovations/{made.json()['id']}"
    assert await ids(f"agency:{one}") == {drafted}
    assert await ids(f"agency:{one},{two}") == {drafted, submitted}
    assert await ids(f"agency:{one}", f"?agency={two}") == set()
    assert await ids("curator") == await ids("executive") == {drafted, submitted}
    assert await ids("curator", "?status=submitted&year=2026") == {submitted}
    assert await ids("curator", "?region=61.71") == set()
    assert await ids("curator-71") == {distant}
    assert await ids("operator") == {drafted, submitted, distant}


async def test_the_operator_knows_of_an_innovation_and_does_not_read_it(registry: RegistryService) -> None:
    await registry.region()
    place = await registry.submitted(await registry.agency())
    operator, curator = registry.by("operator"), registry.by("curator")

    (listed,) = (await operator("GET", "/innovations")).json()["items"]
    refused = await operator("GET", place)
    await curator.change("POST", f"{place}/verify", {"rows": {"16": 2}}, of=place)
    public, nobody = await operator("GET", place), await registry.by(None)("GET", place)
    (named,) = (await operator("GET", "/innovations")).json()["items"]

    assert (listed["status"], set(listed["profile"].values())) == ("submitted", {None})
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/forbidden")
    assert "Layanan Antar Dokumen" not in refused.text
    assert public.json() == nobody.json()
    assert "initiator_name" not in public.json()["profile"]
    assert named["profile"]["name"] == "Layanan Antar Dokumen"


async def test_other_agencies_must_not_change_it(registry: RegistryService) -> None:
    await registry.region()
    agency, other = await registry.agency(), await registry.agency("Dinas Sosial")
    place = await registry.submitted(agency)
    tag = (await registry.by("curator")("GET", place)).headers["ETag"]
    for token, expected in ((f"agency:{other}", 404), ("curator-71", 404), ("executive", 403), (None, 401)):
        assert (await registry.by(token)("POST", f"{place}/withdraw", tag=tag)).status_code == expected
    await registry.by("curator").change("POST", f"{place}/verify", {}, of=place)
    tag = (await registry.by("curator")("GET", place)).headers["ETag"]
    assert (await registry.by(f"agency:{other}")("POST", f"{place}/withdraw", tag=tag)).status_code == 403
    refused = await registry.by(f"agency:{other}")("POST", "/innovations", {"agency": agency}, key="k")
    assert refused.status_code == 403


async def test_a_repeat_of_a_request_that_release_0_1_0_answered_gets_its_first_answer(
    registry: RegistryService,
) -> None:
    """That release stored the fingerprint of the body with all defaults."""
    await registry.region()
    agency = await registry.agency()
    caller, body = registry.by(f"agency:{agency}"), {"agency": agency, "profile": valid_profile()}
    first = await caller("POST", "/innovations", body, key="k1")
    former = fingerprint(NewInnovation.model_validate(body)).whole
    await registry.store.change(
        "innovation", first.json()["id"], lambda state: ({**(state or {}), "created_by_body": former}, None)
    )

    repeat = await caller("POST", "/innovations", body, key="k1")
    other = await caller("POST", "/innovations", {**body, "year": 2025}, key="k1")

    assert (repeat.status_code, repeat.json()["id"]) == (201, first.json()["id"])
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")
