"""What an office meets over HTTP: names of agencies, parts, drafts, withdrawals, letters, mandatory rows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.agency import AgencyRegistered
from shared.contracts.innovation import InnovationDrafted, InnovationState
from tests.support.registry_samples import valid_profile
from tests.support.registry_service import REGION, RegistryService, running_registry

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
REASON = {"reason": "Layanan ini sudah dihentikan."}


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[RegistryService]:
    """On 1 June 2026, with a region."""
    async with running_registry(tmp_path) as registry:
        await registry.region()
        yield registry


def office(name: str, **more: object) -> dict[str, Any]:
    return {"region": REGION, "name": name, "kind": "dinas", **more}


async def verified(registry: RegistryService, agency: str) -> str:
    place = await registry.submitted(agency)
    assert (await registry.by("curator").change("POST", f"{place}/verify", {"rows": {}}, of=place)).status_code == 200
    return place


# --- Agencies ---


async def test_a_name_that_exists_in_the_region_is_a_conflict_that_names_the_other(registry: RegistryService) -> None:
    first, curator = await registry.agency("Dinas Sosial"), registry.by("curator")

    refused = await curator("POST", "/agencies", office("dínas  SOSIAL"), key="k1")
    again = await registry.by("operator")("POST", "/agencies", office("Dinas Sosial"), key=f"{REGION} Dinas Sosial")

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/already-exists")
    assert refused.json()["other"] == {"id": first, "name": "Dinas Sosial"}
    assert "Dinas Sosial" in refused.json()["detail"]
    assert (again.status_code, again.json()["id"]) == (201, first)
    await registry.region("61.71")
    assert (await registry.agency("Dinas Sosial", "61.71")) != first


async def test_two_curators_at_once_register_one_agency(registry: RegistryService) -> None:
    names = ["Dinas Sosial", "DINAS SOSIAL", "Dinas  Sosial", "dinas sosial"]
    sent = (registry.by("curator")("POST", "/agencies", office(each), key=each) for each in names)
    answers = await asyncio.gather(*sent)

    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]
    (made,) = [each.json()["id"] for each in answers if each.status_code == 201]
    assert {each.json()["other"]["id"] for each in answers if each.status_code == 409} == {made}


async def test_a_renamed_agency_leaves_its_name_and_takes_no_other_s(registry: RegistryService) -> None:
    one, _ = f"/agencies/{await registry.agency('Dinas Satu')}", await registry.agency("Dinas Dua")
    curator = registry.by("curator")
    terms = {"kind": "dinas"}

    refused = await curator.change("PUT", one, {**terms, "name": "dinas dua"}, of=one)
    same = await curator.change("PUT", one, {**terms, "name": "DINAS SATU"}, of=one)
    moved = await curator.change("PUT", one, {**terms, "name": "Dinas Tiga"}, of=one)

    assert (refused.status_code, same.status_code, moved.status_code) == (409, 200, 200)
    assert (await curator("POST", "/agencies", office("Dinas Satu"), key="k")).status_code == 201


async def test_a_retired_agency_cannot_come_back_under_a_name_that_another_one_has(registry: RegistryService) -> None:
    place, curator = f"/agencies/{await registry.agency('Dinas Satu')}", registry.by("curator")
    await curator.change("POST", f"{place}/retire", {"retired_on": "2026-06-01"}, of=place)
    heir = await registry.agency("Dinas satu ")

    back = await curator.change("POST", f"{place}/reinstate", of=place)
    later = await curator.change("POST", f"{place}/retire", {"retired_on": "2026-09-01"}, of=place)

    assert [(each.status_code, each.json()["other"]["id"]) for each in (back, later)] == [(409, heir), (409, heir)]


async def test_an_agency_is_part_of_another_one(registry: RegistryService) -> None:
    parent, curator = await registry.agency("Sekretariat Daerah"), registry.by("curator")
    await registry.owed_events()

    part = await curator(
        "POST", "/agencies", {**office("Bagian Organisasi"), "kind": "bagian", "parent": parent}, key="k"
    )
    place = f"/agencies/{part.json()['id']}"
    listed = await registry.by(None)("GET", f"/agencies?parent={parent}")
    kept = await curator.change("PUT", place, {"name": "Bagian Organisasi", "kind": "bagian"}, of=place)
    freed = await curator.change("PUT", place, {"name": "Bagian Umum", "kind": "bagian", "parent": None}, of=place)

    assert (part.status_code, part.json()["parent"], part.json()["kind"]) == (201, parent, "bagian")
    assert [each["id"] for each in listed.json()["items"]] == [part.json()["id"]]
    assert (kept.json()["parent"], freed.json()["parent"]) == (parent, None)
    payloads = [payload for _, payload in await registry.owed_events()]
    assert [each.parent for each in payloads if isinstance(each, AgencyRegistered)] == [parent, None]


async def test_a_parent_exists_in_the_region_and_is_no_part_of_it(registry: RegistryService) -> None:
    await registry.region("61.71")
    top, curator = await registry.agency("Dinas Atas"), registry.by("curator")
    part = (await curator("POST", "/agencies", office("Unit", parent=top), key="k")).json()["id"]
    far, closed = await registry.agency("Dinas Kota", "61.71"), await registry.agency("Dinas Tutup")
    retired = f"/agencies/{closed}"
    await curator.change("POST", f"{retired}/retire", {"retired_on": "2026-06-01"}, of=retired)

    for parent, code in (
        (far, "unknown"),
        ("none", "unknown"),
        (closed, "retired"),
        (top, "circular"),
        (part, "circular"),
    ):
        body = {"name": "Dinas Atas", "kind": "dinas", "parent": parent}
        refused = await curator.change("PUT", f"/agencies/{top}", body, of=f"/agencies/{top}")
        assert [(each["field"], each["code"]) for each in refused.json()["flaws"]] == [("parent", code)]


# --- Drafts ---


async def test_a_deleted_draft_is_gone_and_everybody_hears_of_it(registry: RegistryService) -> None:
    agency = await registry.agency()
    place, owner = await registry.draft(agency), registry.by(f"agency:{agency}")
    await registry.owed_events()

    stale = await owner("DELETE", place, tag='"1"')
    gone = await owner.change("DELETE", place, of=place)
    again = await owner("POST", "/innovations", {"agency": agency, "profile": valid_profile()}, key="draft")

    assert (stale.status_code, gone.status_code, again.status_code) == (412, 204, 404)
    for token in (f"agency:{agency}", "curator", "operator"):
        assert (await registry.by(token)("GET", place)).status_code == 404
        assert (await registry.by(token)("GET", "/innovations")).json()["items"] == []
    ((event, payload),) = await registry.owed_events()
    assert event.type == "innovation.drafted"
    assert isinstance(payload, InnovationDrafted)
    assert (payload.status, payload.turn) == ("withdrawn", 2)
    state = (await registry.store.get("innovation", place.rpartition("/")[2])).state  # type: ignore[union-attr]
    assert (state["profile"]["design"], state["evidence"], state["documents"]) == (None, {}, {})


async def test_what_was_submitted_is_not_deleted(registry: RegistryService) -> None:
    agency = await registry.agency()
    place = await registry.submitted(agency)
    assert (await registry.by(f"agency:{agency}").change("DELETE", place, of=place)).status_code == 409
    await registry.by("curator").change("POST", f"{place}/return", {"comments": {"profile": "Lengkapi."}}, of=place)
    assert (await registry.by(f"agency:{agency}").change("DELETE", place, of=place)).status_code == 409


@pytest.mark.parametrize(("year", "passes"), [(2024, False), (2025, True), (2026, True), (2027, True), (2028, False)])
async def test_a_draft_is_for_a_plausible_year(registry: RegistryService, year: int, *, passes: bool) -> None:
    at = f"/regions/{REGION}"
    deadline = {"year": 2025, "date": "2025-12-31", "basis": "SE 1", "confirm_overdue": 0}
    assert (await registry.by("curator").change("POST", f"{at}/deadlines", deadline, of=at)).status_code == 200
    agency = await registry.agency()
    owner, place = registry.by(f"agency:{agency}"), await registry.draft(agency)

    made = await owner("POST", "/innovations", {"agency": agency, "year": year}, key="other")
    moved = await owner.change("PUT", place, {"year": year, "profile": valid_profile()}, of=place)

    assert (made.status_code, moved.status_code) == ((201, 200) if passes else (422, 422))
    for answer in () if passes else (made, moved):
        assert [(each["field"], each["code"]) for each in answer.json()["flaws"]] == [("year", "implausible")]


# --- Withdrawal ---


async def test_a_verified_innovation_is_withdrawn_by_the_curator_s_yes(registry: RegistryService) -> None:
    agency = await registry.agency()
    place, owner, curator = await verified(registry, agency), registry.by(f"agency:{agency}"), registry.by("curator")
    await registry.owed_events()

    alone = await owner.change("POST", f"{place}/withdraw", REASON, of=place)
    without = await curator.change("POST", f"{place}/withdraw", of=place)
    asked = await owner.change("POST", f"{place}/withdrawal", REASON, of=place)
    listed = await curator("GET", "/innovations?withdrawal_asked=true")
    agreed = await curator.change("POST", f"{place}/withdraw", of=place)

    assert (alone.status_code, without.status_code) == (409, 422)
    assert (asked.json()["status"], asked.json()["withdrawal"]["reason"]) == ("verified", REASON["reason"])
    assert [each["id"] for each in listed.json()["items"]] == [asked.json()["id"]]
    assert (agreed.json()["status"], agreed.json()["withdrawal"]) == ("withdrawn", None)
    assert agreed.json()["history"][-1]["reason"] == REASON["reason"]
    states = [payload for _, payload in await registry.owed_events() if isinstance(payload, InnovationState)]
    assert [(each.status, each.withdrawal_asked) for each in states] == [("verified", True), ("withdrawn", False)]
    assert REASON["reason"] not in repr(states)


async def test_a_request_can_be_declined_or_taken_back(registry: RegistryService) -> None:
    agency = await registry.agency()
    place, owner, curator = await verified(registry, agency), registry.by(f"agency:{agency}"), registry.by("curator")

    early = await curator.change("POST", f"{place}/withdrawal/decline", REASON, of=place)
    await owner.change("POST", f"{place}/withdrawal", REASON, of=place)
    declined = await curator.change("POST", f"{place}/withdrawal/decline", {"reason": "Masih dipakai."}, of=place)
    await owner.change("POST", f"{place}/withdrawal", REASON, of=place)
    back = await owner.change("DELETE", f"{place}/withdrawal", of=place)

    assert early.status_code == 409
    assert [(each.json()["status"], each.json()["withdrawal"]) for each in (declined, back)] == [("verified", None)] * 2
    assert [each["action"] for each in back.json()["history"]][-4:] == [
        "withdrawal_asked", "withdrawal_declined", "withdrawal_asked", "withdrawal_taken_back",
    ]  # fmt: skip
    assert (await curator("GET", "/innovations?withdrawal_asked=true")).json()["items"] == []


async def test_only_curator_and_executive_of_the_region_list_requests(registry: RegistryService) -> None:
    agency = await registry.agency()
    place = await verified(registry, agency)
    await registry.by(f"agency:{agency}").change("POST", f"{place}/withdrawal", REASON, of=place)
    seen = {
        token: len((await registry.by(token)("GET", "/innovations?withdrawal_asked=true")).json()["items"])
        for token in (None, "operator", f"agency:{agency}", "curator-71", "curator", "executive")
    }
    assert seen == {None: 0, "operator": 0, f"agency:{agency}": 0, "curator-71": 0, "curator": 1, "executive": 1}
    assert (await registry.by("curator")("GET", "/innovations?withdrawal_asked=true&year=2025")).json()["items"] == []


# --- Evidence ---


async def test_each_file_of_a_row_has_its_own_letter(registry: RegistryService) -> None:
    agency = await registry.agency()
    place, owner = await registry.draft(agency), registry.by(f"agency:{agency}")
    letters = [
        {"number": f"900/{year}/DPA", "dated": f"{year}-01-05", "subject": f"DPA {year}"} for year in (2026, 2024, 2025)
    ]
    answer = await owner.change("PUT", f"{place}/evidence/18", {"level": 3}, of=place)
    for number, letter in enumerate(letters):
        file = {"file": (f"DPA {number}.pdf", PDF + bytes([number]), "application/pdf")}
        added = await owner.change("POST", f"{place}/evidence/18/files", of=place, files=file)
        digest = added.json()["evidence"]["18"]["files"][number]["digest"]
        answer = await owner.change("PUT", f"{place}/evidence/18/files/{digest}", letter, of=place)
        assert answer.status_code == 200, answer.text

    kept = [
        {name: each[name] for name in ("number", "dated", "subject")}
        for each in answer.json()["evidence"]["18"]["files"]
    ]
    assert kept == letters
    await registry.owed_events()
    await owner.change("POST", f"{place}/submit", of=place)
    ((_, payload),) = await registry.owed_events()
    assert isinstance(payload, InnovationState)
    row = next(each for each in payload.evidence if each.row == "18")
    assert [each.year for each in row.dates] == [2024, 2025, 2026]
    assert (row.dated, row.proofs) == (row.dates[-1], 3)
    assert "DPA" not in payload.model_dump_json()


async def test_a_letter_of_a_file_has_no_future_date_and_belongs_to_a_file(registry: RegistryService) -> None:
    agency = await registry.agency()
    place, owner = await registry.draft(agency), registry.by(f"agency:{agency}")
    file = {"file": ("SK.pdf", PDF, "application/pdf")}
    added = await owner.change("POST", f"{place}/evidence/16/files", of=place, files=file)
    digest = added.json()["evidence"]["16"]["files"][0]["digest"]
    await owner.change("PUT", f"{place}/evidence/16/files/{digest}", {"dated": "2026-06-02"}, of=place)

    refused = await owner.change("POST", f"{place}/submit", of=place)
    other = await owner.change("PUT", f"{place}/evidence/17/files/{digest}", {"number": "1"}, of=place)

    assert [(each["field"], each["code"]) for each in refused.json()["flaws"]] == [
        (f"evidence.16.files.{digest}.dated", "future")
    ]
    assert other.status_code == 404


async def test_a_submission_names_the_mandatory_rows_that_are_empty(registry: RegistryService) -> None:
    agency = await registry.agency()
    place, owner = await registry.draft(agency), registry.by(f"agency:{agency}")
    await owner.change("DELETE", f"{place}/evidence/17", of=place)
    await owner.change("PUT", f"{place}/evidence/33", {"level": 3}, of=place)  # no proof

    done = await owner.change("POST", f"{place}/submit", of=place)

    assert done.status_code == 200
    assert done.json()["missing_mandatory"] == {
        "17": "Ketersediaan dan peran SDM terhadap inovasi daerah",
        "33": "Kemanfaatan inovasi",
    }
