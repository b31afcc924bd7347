"""Two curators who do something to the same thing at the same moment: one wins, the other is told so and has written
nothing. On both pairs of engines, or where it is the same, on the embedded one."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from tests.journeys.conftest import PAIRS
from tests.support.client import Answer, Api, Regency, eventually
from tests.support.faults.scenario import EVIDENCE, YEAR
from tests.support.registry_samples import valid_profile
from tests.support.tables import workbook

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.sampled(1)]

REGISTRY, NOTIFICATIONS = "/registry/v1", "/notifications/v1"
WON, LOST, UNREAD = 200, 412, 428
EMBEDDED = pytest.mark.parametrize("system", PAIRS[:1], indirect=True)
"""Where another test shows the same on both pairs."""
Request = tuple[str, str, Mapping[str, Any] | None]
"""Method, path, body."""


async def at_once(regency: Regency, of: str, one: Request, other: Request) -> tuple[int, Answer, Answer]:
    """Both curators read `of`, then send their requests at once. Which of them won (0 or 1), its answer, and what
    `of` is afterwards. Fails unless the other one was told that somebody was faster."""
    curators = (regency.curator, regency.other_curator)
    seen = [await each.raw("GET", of) for each in curators]
    assert seen[0].headers["etag"] == seen[1].headers["etag"]
    headers = {"If-Match": seen[0].headers["etag"]}
    answers = await asyncio.gather(
        *(
            each.raw(method, path, json=body, headers=headers)
            for each, (method, path, body) in zip(curators, (one, other), strict=True)
        )
    )
    statuses = [each.status_code for each in answers]
    assert sorted(statuses) == [WON, LOST], [each.text for each in answers]
    problem = answers[statuses.index(LOST)].json()
    assert problem["type"].endswith("stale"), problem
    assert problem["detail"], problem
    after = await regency.curator.get(of)
    return statuses.index(WON), answers[statuses.index(WON)].json(), after


async def submitted(regency: Regency) -> tuple[str, str]:
    """An agency, and the path of an innovation that it has submitted."""
    agency = await regency.agency(f"Dinas {uuid.uuid4().hex[:6]}")
    innovation = await regency.draft(agency, valid_profile(applied_on="2026-05-05"), EVIDENCE)
    await regency.submit(innovation, agency)
    return agency, f"{REGISTRY}/innovations/{innovation}"


async def test_one_verifies_and_the_other_returns_the_same_innovation(regency: Regency) -> None:
    _, place = await submitted(regency)
    before = await regency.curator.get(place)
    verify = ("POST", f"{place}/verify", {"rows": {"16": 2}})
    give_back = ("POST", f"{place}/return", {"comments": {"16": "Belum ditandatangani."}})

    winner, _, after = await at_once(regency, place, verify, give_back)

    assert after["status"] == ("verified", "returned")[winner]
    assert after["comments"] == ({}, {"16": "Belum ditandatangani."})[winner]
    assert after["evidence"]["16"]["verified_level"] == (2, None)[winner]
    assert len(after["history"]) == len(before["history"]) + 1
    loser = (regency.curator, regency.other_curator)[1 - winner]
    late = await loser.raw(*give_back[:2], json=give_back[2], headers={"If-Match": f'"{after["sequence"]}"'})
    assert late.status_code == (LOST, 409)[1] if winner == 1 else late.status_code in (WON, 409)


@EMBEDDED
async def test_both_verify_the_same_innovation_with_other_levels(regency: Regency) -> None:
    _, place = await submitted(regency)
    levels: tuple[dict[str, int], ...] = ({"16": 2, "35": 1}, {"16": 1, "17": 2})

    winner, _, after = await at_once(regency, place, *(("POST", f"{place}/verify", {"rows": each}) for each in levels))

    found = {row: each["verified_level"] for row, each in after["evidence"].items() if each["verified_level"]}
    assert found == levels[winner]
    assert [each["action"] for each in after["history"]].count("verified") == 1


@EMBEDDED
async def test_one_reassigns_and_the_other_withdraws_the_same_innovation(regency: Regency) -> None:
    agency, place = await submitted(regency)
    heir = await regency.agency("Dinas Penerus")
    move = ("POST", f"{place}/reassign", {"agency": heir, "year": YEAR, "reason": "Salah alamat."})
    withdraw = ("POST", f"{place}/withdraw", {"reason": "Diajukan dua kali."})

    winner, _, after = await at_once(regency, place, move, withdraw)

    assert (after["agency"], after["status"]) == ((heir, "submitted"), (agency, "withdrawn"))[winner]


async def test_both_answer_the_same_follow_up(regency: Regency) -> None:
    _, place = await submitted(regency)
    await regency.curator.change("POST", f"{place}/verify", {"rows": {}}, of=place)
    question = f"{place}/continuation/follow-up"
    await regency.curator.change("PUT", question, {"asked_on": "2026-06-15"}, of=place)
    words = ({"use": "live", "note": "Ramai dipakai."}, {"use": "stopped", "reason": "Pindah ke aplikasi nasional."})

    winner, _, _ = await at_once(regency, place, *(("POST", f"{question}/answer", each) for each in words))

    after = await regency.curator.get(f"{place}/continuation")
    (settled,) = after["follow_ups"]
    assert settled["answer"]["use"] == words[winner]["use"]
    assert (after["use"]["use"], after["question"] is None) == ((("live", False), ("stopped", True))[winner])


@EMBEDDED
async def test_both_plan_the_same_follow_up(regency: Regency) -> None:
    _, place = await submitted(regency)
    await regency.curator.change("POST", f"{place}/verify", {"rows": {}}, of=place)
    days = ("2026-07-01", "2026-08-03")

    winner, _, _ = await at_once(
        regency, place, *(("PUT", f"{place}/continuation/follow-up", {"asked_on": each}) for each in days)
    )

    assert (await regency.curator.get(f"{place}/continuation"))["question"]["asked_on"] == days[winner]


@EMBEDDED
async def test_both_sign_and_both_revise_the_same_commitment(regency: Regency) -> None:
    agency = await regency.agency()
    terms = [{"number": f"PI/{number}", "dated": "2026-02-03", "promises": [{"name": "A"}]} for number in range(2)]
    new = [{"agency": agency, "year": YEAR, **each} for each in terms]
    signed = await asyncio.gather(
        *(
            each.raw("POST", f"{REGISTRY}/commitments", json=body)
            for each, body in zip((regency.curator, regency.other_curator), new, strict=True)
        )
    )
    assert sorted(each.status_code for each in signed) == [201, 409], [each.text for each in signed]

    place = f"{REGISTRY}/commitments/{agency}/{YEAR}"
    revised = [{**each, "promises": [{"name": each["number"]}]} for each in terms]
    winner, _, after = await at_once(regency, place, *(("PUT", place, each) for each in revised))

    assert (after["number"], after["promises"][0]["name"]) == (terms[winner]["number"], terms[winner]["number"])


@EMBEDDED
async def test_both_set_the_same_deadline(regency: Regency) -> None:
    place = f"{REGISTRY}/regions/{regency.code}"
    days = ("2026-11-30", "2026-12-31")

    winner, _, after = await at_once(
        regency,
        place,
        *(("POST", f"{place}/deadlines", {"year": YEAR, "date": each, "basis": f"SE {each}"}) for each in days),
    )

    assert [(each["date"], each["revision"]) for each in after["policy"]["deadlines"]] == [(days[winner], 1)]


async def test_both_exempt_the_same_agency_by_different_decrees(regency: Regency) -> None:
    await regency.deadline(YEAR, date(2026, 12, 31))
    agency = await regency.agency()
    await eventually(lambda: regency.obligation(agency, YEAR))
    place = f"{NOTIFICATIONS}/exemptions/{agency}/{YEAR}"
    decrees = [{"decree": f"100/{number}/2026", "reason": "Baru dibentuk."} for number in range(2)]

    winner = await first_at_once(regency, place, decrees)

    assert (await regency.curator.get(place))["decree"] == decrees[winner]["decree"]


@EMBEDDED
async def test_both_name_the_curator_s_office_for_the_first_time(regency: Regency) -> None:
    place = f"{NOTIFICATIONS}/office/{regency.code}"
    await regency.agency("Dinas Contoh", mail=f"kantor-{regency.code}@satu.example")  # notifications knows the region
    names = [{"name": f"Bapperida {number}"} for number in range(2)]

    winner = await first_at_once(regency, place, names)

    assert (await regency.curator.get(place))["name"] == names[winner]["name"]


async def first_at_once(regency: Regency, place: str, bodies: list[dict[str, str]]) -> int:
    """Both curators set at once what nobody has set before, each with a body; which of them won."""
    answers = await asyncio.gather(
        *(
            each.raw("PUT", place, json=body)
            for each, body in zip((regency.curator, regency.other_curator), bodies, strict=True)
        )
    )
    statuses = [each.status_code for each in answers]
    assert statuses.count(WON) == 1, [each.text for each in answers]
    assert set(statuses) <= {WON, LOST, UNREAD}, [each.text for each in answers]
    return statuses.index(WON)


async def test_both_import_the_same_table_and_nothing_is_there_twice(regency: Regency) -> None:
    rows = [("Nama", "Jenis", "Induk"), ("Dinas Induk", "Dinas", None)]
    rows += [(f"Puskesmas {number}", "Puskesmas", "Dinas Induk") for number in range(20)]

    ends = await both_import(regency, "agencies", [workbook({"OPD": rows})] * 2)

    assert [(each["status"], each["skipped"], each["errors"]) for each in ends] == [("done", 0, 0)] * 2
    listed = await regency.curator.every(f"{REGISTRY}/agencies", region=regency.code)
    assert sorted(each["name"] for each in listed) == sorted(row[0] for row in rows[1:])
    (head,) = [each["id"] for each in listed if each["name"] == "Dinas Induk"]
    assert {each["parent"] for each in listed if each["name"] != "Dinas Induk"} == {head}


async def test_both_import_other_answers_for_the_same_innovations(regency: Regency) -> None:
    agency = await regency.agency("Dinas Contoh")
    head = (
        *("OPD", "Tahun", "Nama Inovasi", "Status", "Tanggal Pengajuan", "Tanggal Verifikasi"),
        *("Tahapan", "Inisiator", "Klasifikasi", "Jenis", "Bentuk", "Urusan", "Level 16", "Level 35"),
    )
    form = ("Penerapan", "OPD", "Perangkat Daerah", "Digital", "Pelayanan publik", "Kesehatan")

    def table(level: int) -> bytes:
        facts = ("Terverifikasi", "2024-05-06", f"2024-06-0{level}", *form, level, level)
        return workbook({"Inovasi": [head, *(("Dinas Contoh", 2024, f"Ide {number}", *facts) for number in range(20))]})

    ends = await both_import(regency, "innovations", [table(1), table(3)])

    assert [(each["status"], each["skipped"]) for each in ends] == [("done", 0)] * 2
    listed = await regency.curator.every(f"{REGISTRY}/innovations", region=regency.code, agency=agency)
    assert len(listed) == len({each["profile"]["name"] for each in listed}) == 20
    for each in listed:
        whole = await regency.innovation(each["id"])
        levels = {row["level"] for row in whole["evidence"].values()}
        assert len(levels) == 1, "a row is one table's, never half of each"
        assert whole["verified_at"].startswith(f"2024-05-3{0 + 1}" if levels == {1} else "2024-06-02")


@EMBEDDED
async def test_one_imports_an_edit_while_the_other_submits_the_draft(regency: Regency) -> None:
    agency = await regency.agency("Dinas Contoh")
    innovation = await regency.draft(agency, valid_profile(applied_on="2026-05-05"), EVIDENCE)
    place = f"{REGISTRY}/innovations/{innovation}"
    before = await regency.curator.get(place)
    rows = [("OPD", "Tahun", "Nama Inovasi", "Tujuan"), ("Dinas Contoh", YEAR, before["profile"]["name"], "Diimpor.")]

    end, answer = await asyncio.gather(
        import_one(regency.curator, regency.code, "innovations", workbook({"Inovasi": rows})),
        regency.other_curator.raw("POST", f"{place}/submit", headers={"If-Match": f'"{before["sequence"]}"'}),
    )

    after = await regency.curator.get(place)
    edited = (end["status"], end["updated"], end["skipped"]) == ("done", 1, 0)
    assert after["profile"] == {**before["profile"], **({"purpose": "Diimpor."} if edited else {})}
    assert (answer.status_code, after["status"]) == ((LOST, "draft") if edited else (WON, "submitted"))
    if not edited:
        report = await regency.curator.every(f"{REGISTRY}/imports/{end['id']}/findings")
        assert [each["row"] for each in report if not each["note"]] == [2]


async def both_import(regency: Regency, sheet: str, tables: list[bytes]) -> list[Answer]:
    """Each curator sends a table; both imports when they have ended."""
    curators = (regency.curator, regency.other_curator)
    return list(
        await asyncio.gather(
            *(import_one(each, regency.code, sheet, table) for each, table in zip(curators, tables, strict=True))
        )
    )


async def import_one(curator: Api, region: str, sheet: str, table: bytes) -> Answer:
    """Send a table; the import when it has ended."""
    sent = await curator.raw(
        "POST",
        f"{REGISTRY}/imports",
        params={"region": region, "sheet": sheet},
        files={"file": ("tabel.xlsx", table, "application/octet-stream")},
        headers={"Idempotency-Key": str(uuid.uuid4())},
    )
    assert sent.status_code == 201, sent.text
    place = f"{REGISTRY}/imports/{sent.json()['id']}"
    return await eventually(lambda: curator.get(place), lambda it: it["finished_at"] is not None)
