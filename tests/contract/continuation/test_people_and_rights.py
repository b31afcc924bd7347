"""Actors, sustainability, mentor and intellectual property: for the region only; events say no name."""

from __future__ import annotations

from typing import Any

from shared.contracts.innovation import InnovationState
from tests.contract.continuation.conftest import Office

TEAM = {
    "team": [{"name": "Nama Contoh Satu"}],
    "decree": {"number": "188/20", "dated": "2026-03-02"},
    "sop": {"number": "SOP/4", "dated": "2026-04-06"},
    "financing": "APBD",
    "successor": "Nama Contoh Dua",
}


async def test_kinds_of_actors_are_counted_once_each(office: Office) -> None:
    actors = [
        {"kind": "media", "name": "Radio Contoh", "part": None},
        {"kind": "pemerintah", "name": "Dinas Sosial", "part": "Pelaksana"},
        {"kind": "pemerintah", "name": "Diskominfo", "part": None},
        {"kind": "akademisi", "name": "Universitas Contoh", "part": None},
    ]
    said = await office.change(office.owner, "PUT", "/actors", {"actors": actors})

    assert said["actors"] == actors
    assert said["actor_kinds"] == ["pemerintah", "akademisi", "media"]
    assert await office.registry.owed_events() == []  # not in the event, so none is owed


async def test_a_warning_comes_when_the_only_named_person_leaves(office: Office) -> None:
    safe = await office.change(office.owner, "PUT", "/sustainability", TEAM)
    leaving = {**TEAM, "team": [{"name": "Nama Contoh Satu", "leaves_on": "2026-07-01"}]}
    soon = await office.change(office.owner, "PUT", "/sustainability", leaving)
    office.at("2026-07-01T09:00:00+07:00")
    gone = await office.read()
    listed = (await office.curator("GET", "/regions/61.12/attention?concern=weak")).json()["items"]

    assert safe["concerns"] == []
    assert _weak(soon) == "satu-satunya orang yang tersisa segera tidak bertugas lagi"
    assert _weak(gone) == "semua orang yang disebut sudah tidak bertugas lagi"
    assert [each["innovation"] for each in listed] == [office.place.rpartition("/")[2]]
    told = await office.told()
    assert told.continuation is not None
    assert (str(told.continuation.staffed_until), told.continuation.staffing) == ("2026-07-01", 1)
    assert "Nama Contoh" not in told.model_dump_json()


async def test_another_last_day_of_the_team_is_another_number_and_a_successor_ends_it(office: Office) -> None:
    numbers = []
    for leaves_on in ("2026-07-01", "2026-07-01", "2026-08-01", None, "2026-08-01"):
        member = {"name": "Nama Contoh Satu", **({"leaves_on": leaves_on} if leaves_on else {})}
        await office.change(office.owner, "PUT", "/sustainability", {**TEAM, "team": [member]})
        told = await office.registry.owed_events()
        state = told[-1][1] if told else None
        known = state.continuation if isinstance(state, InnovationState) else None
        numbers.append((str(known.staffed_until), known.staffing) if known else None)

    assert numbers == [("2026-07-01", 1), None, ("2026-08-01", 2), ("None", 2), ("2026-08-01", 3)]


async def test_one_person_without_a_successor_sop_decree_and_financing_is_a_warning_each(office: Office) -> None:
    said = await office.change(office.owner, "PUT", "/sustainability", {"team": [{"name": "Nama Contoh Satu"}]})

    assert _weak(said).count(";") == 3
    assert "tidak ada penerus" in _weak(said)


async def test_the_end_of_protection_follows_from_the_kind_and_the_event_names_no_holder(office: Office) -> None:
    program = {
        "kind": "program_komputer",
        "number": "EC001",
        "dated": "2026-05-04",
        "holder": "Nama Contoh Satu",
        "published_on": "2025-05-05",
    }
    work = {"kind": "ciptaan", "number": "EC002", "dated": "2026-05-04", "holder": "Nama Contoh Satu"}
    mark = {"kind": "merek", "number": "M003", "dated": "2020-05-04", "holder": "Pemda", "expires_on": "2026-10-05"}
    said = await office.change(office.owner, "PUT", "/rights", {"rights": [program, work, mark]})
    told = await office.told()

    assert [each["protected_until"] for each in said["rights"]] == ["2075-05-05", None, "2026-10-05"]
    assert [each["concern"] for each in said["concerns"]] == ["right-ends"]
    assert isinstance(told, InnovationState)
    assert told.continuation is not None
    assert [(each.number, each.kind, str(each.expires_on)) for each in told.continuation.rights] == [
        (2, "merek", "2026-10-05"),
        (1, "program_komputer", "2075-05-05"),
    ]
    assert "Nama Contoh" not in told.model_dump_json()
    assert "EC001" not in told.model_dump_json()


async def test_another_last_day_is_another_number_so_that_it_is_told_anew(office: Office) -> None:
    mark = {"kind": "merek", "number": "M003", "dated": "2020-05-04", "holder": "Pemda", "expires_on": "2026-10-05"}
    await office.change(office.owner, "PUT", "/rights", {"rights": [mark]})
    corrected = await office.change(office.owner, "PUT", "/rights", {"rights": [{**mark, "holder": "Pemerintah"}]})
    renewed = await office.change(office.owner, "PUT", "/rights", {"rights": [{**mark, "expires_on": "2036-10-05"}]})

    assert [each["nth"] for each in (*corrected["rights"], *renewed["rights"])] == [1, 2]


async def test_a_mentor_is_named_by_the_curator_and_forgotten_again(office: Office) -> None:
    path = f"/agencies/{office.agency}/mentor"
    nobody = await office.owner("GET", path)
    named = await office.curator("PUT", path, {"name": "Nama Contoh"}, tag=nobody.headers["ETag"])
    stale = await office.curator("PUT", path, {"name": "Nama Lain"}, tag='"0"')
    read = (await office.owner("GET", path)).json()
    none = await office.curator("PUT", path, {"name": None}, tag=named.headers["ETag"])

    assert (nobody.json()["name"], nobody.headers["ETag"]) == (None, '"0"')
    assert (read["name"], stale.status_code, none.json()["name"]) == ("Nama Contoh", 412, None)
    assert (await office.registry.by("agency:other")("GET", path)).status_code == 403
    assert (await office.registry.by(None)("GET", path)).status_code == 401
    assert (await office.registry.by("operator")("GET", path)).status_code == 403
    assert await office.registry.owed_events() == []
    assert "Nama Contoh" not in str([row async for row in office.registry.store.dump("mentor")])


async def test_names_are_read_in_the_region_only(office: Office) -> None:
    await office.change(office.owner, "PUT", "/sustainability", TEAM)

    public = await office.registry.by(None)("GET", office.place)
    assert "Nama Contoh" not in public.text
    for token in ("curator-71", "agency:other", "operator"):
        assert (await office.registry.by(token)("GET", f"{office.place}/continuation")).status_code == 403


def _weak(continuation: Any) -> str:  # noqa: ANN401 - JSON
    (found,) = [each["words"] for each in continuation["concerns"] if each["concern"] == "weak"]
    assert isinstance(found, str)
    return found
