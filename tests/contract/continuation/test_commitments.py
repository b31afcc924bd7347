"""The signed Perjanjian Inovasi by agency and year, what was promised, and what became of it."""

from __future__ import annotations

from datetime import timedelta

from services.registry.files.sweep import FileSweep
from shared.contracts.commitment import CommitmentSigned
from tests.contract.continuation.conftest import Office
from tests.support.registry_service import REGION
from tests.support.small_files import PDF_FILE

PROMISES = [{"name": "Layanan Antar Dokumen"}, {"name": "Loket Keliling"}]
TERMS = {"number": "PI/1/2026", "dated": "2026-02-02", "promises": PROMISES}


async def signed(office: Office) -> str:
    """Returns the commitment's path."""
    made = await office.curator("POST", "/commitments", {"agency": office.agency, "year": 2026, **TERMS})
    assert made.status_code == 201, made.text
    assert made.headers["Location"].endswith(f"/commitments/{office.agency}/2026")
    return f"/commitments/{office.agency}/2026"


async def test_a_commitment_is_recorded_once_for_an_agency_and_year_with_its_event(office: Office) -> None:
    await signed(office)
    await signed(office)
    other = await office.curator(
        "POST", "/commitments", {"agency": office.agency, "year": 2026, **TERMS, "number": "PI/2/2026"}
    )
    ((event, payload),) = await office.registry.owed_events()

    assert other.status_code == 409
    assert event.subject == f"commitment/{office.agency}/2026"
    assert isinstance(payload, CommitmentSigned)
    assert (payload.number, str(payload.dated), payload.revoked) == ("PI/1/2026", "2026-02-02", False)
    assert [(each.name, each.outcome) for each in payload.promised] == [
        ("Layanan Antar Dokumen", "open"),
        ("Loket Keliling", "open"),
    ]


async def test_what_became_of_the_promises_is_named_and_read(office: Office) -> None:
    place = await signed(office)
    id = office.place.rpartition("/")[2]
    kept = [{**PROMISES[0], "innovation": id}, {**PROMISES[1], "dropped": "Digabungkan."}]
    changed = await office.curator.change("PUT", place, {**TERMS, "promises": kept}, of=place)
    read = (await office.owner("GET", place)).json()
    payload = (await office.registry.owed_events())[-1][1]

    assert changed.is_success, changed.text
    assert [(each["outcome"], each["status"]) for each in read["promises"]] == [
        ("taken_up", "verified"),
        ("dropped", None),
    ]
    assert isinstance(payload, CommitmentSigned)
    assert [(each.outcome, each.innovation) for each in payload.promised] == [("taken_up", id), ("dropped", None)]
    assert "Digabungkan" not in payload.model_dump_json()


async def test_a_promise_is_kept_by_an_innovation_of_the_same_agency_only(office: Office) -> None:
    place = await signed(office)
    other = await office.registry.draft(await office.registry.agency("Dinas Sosial"), "other")
    promised = [{**PROMISES[0], "innovation": other.rpartition("/")[2]}]
    refused = await office.curator.change("PUT", place, {**TERMS, "promises": promised}, of=place)
    future = await office.curator.change("PUT", place, {**TERMS, "dated": "2026-06-02"}, of=place)

    assert [flaw["field"] for flaw in refused.json()["flaws"]] == ["promises.0.innovation"]
    assert [flaw["field"] for flaw in future.json()["flaws"]] == ["dated"]


async def test_the_signed_paper_is_kept_and_survives_the_sweep_of_files(office: Office) -> None:
    place = await signed(office)
    await office.registry.owed_events()
    files = {"file": ("perjanjian.pdf", PDF_FILE, "application/pdf")}
    put = await office.curator.change("PUT", f"{place}/file", of=place, files=files)
    swept = await FileSweep(office.registry.store, office.registry.files).sweep(timedelta(0))
    read = await office.owner("GET", f"{place}/file")

    assert put.is_success, put.text
    assert (swept.removed, read.content) == (0, PDF_FILE)
    assert await office.registry.owed_events() == []  # a file is no part of the event


async def test_each_sees_what_is_its_own(office: Office) -> None:
    place = await signed(office)
    stranger = office.registry.by("agency:someone-else")

    listed = (await office.curator("GET", "/commitments?year=2026")).json()["items"]
    own = (await office.owner("GET", "/commitments")).json()["items"]
    assert [each["agency"] for each in listed] == [each["agency"] for each in own] == [office.agency]
    assert (await office.curator("GET", "/commitments?year=2025")).json()["items"] == []
    assert (await stranger("GET", "/commitments")).json()["items"] == []
    assert (await stranger("GET", f"/commitments?agency={office.agency}")).status_code == 403
    assert (await stranger("GET", place)).status_code == 403
    assert (await office.registry.by("curator-71")("GET", place)).status_code == 403
    assert (await office.registry.by("curator-71")("GET", "/commitments")).json()["items"] == []
    assert (await office.owner("PUT", place, TERMS, tag='"1"')).status_code == 403


async def test_a_revoked_commitment_says_so_in_its_event(office: Office) -> None:
    place = await signed(office)
    await office.curator.change("PUT", place, {**TERMS, "revoked": True}, of=place)
    payload = (await office.registry.owed_events())[-1][1]

    assert isinstance(payload, CommitmentSigned)
    assert payload.revoked


async def test_promises_are_matched_with_innovations_of_their_name(office: Office) -> None:
    place = await signed(office)
    id = office.place.rpartition("/")[2]
    name = (await office.owner("GET", office.place)).json()["profile"]["name"]
    promised = [{"name": f"  {name.upper()}"}, PROMISES[1], {"name": name, "dropped": "Digabungkan."}]
    await office.curator.change("PUT", place, {**TERMS, "promises": promised}, of=place)
    await office.registry.owed_events()
    match, asked = f"/regions/{REGION}/commitments/match", {"year": 2026}

    foreign = await office.registry.by("curator-71")("POST", match, asked)
    matched = await office.curator("POST", match, asked)
    again = await office.curator("POST", match, asked)
    read = (await office.owner("GET", place)).json()
    ((_, payload),) = await office.registry.owed_events()

    assert foreign.status_code == 403
    assert (matched.json(), again.json()["taken_up"]) == ({"year": 2026, "taken_up": 1, "open": 1}, 0)
    assert [(each["outcome"], each["innovation"]) for each in read["promises"]] == [
        ("taken_up", id),
        ("open", None),
        ("dropped", None),
    ]
    assert isinstance(payload, CommitmentSigned)
    assert [each.outcome for each in payload.promised] == ["taken_up", "open", "dropped"]
