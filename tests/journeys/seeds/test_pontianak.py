"""Kota Pontianak: a competition of two groups in three forms with twelve finalists; what must be named so that an
innovation survives a rotation of staff; projects of leadership training that must not end with the course; ideas of
anybody. All but the competition's terms is synthetic."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from itertools import product

import pytest
import pytest_asyncio

from tests.journeys.seeds.pairs import SYSTEMS
from tests.support.client import Api
from tests.support.faults.processes import RunningSystem
from tests.support.seeds.office import REGISTRY, Office
from tests.support.seeds.tables import Row, agency, innovation, sheets

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.parametrize("system", SYSTEMS, indirect=True),
]

GROUPS = {
    "kelompok-1": {"Dinas Contoh": "Dinas", "Kecamatan Contoh": "Kecamatan", "Perumda Contoh": "BUMD"},
    "kelompok-2": {"UPT Contoh": "UPT", "Puskesmas Contoh": "Puskesmas", "Kelurahan Contoh": "Kelurahan"},
}
SCHOOL = "SD Contoh"  # of no group
FORMS = {
    "tata-kelola": "Tata kelola pemerintahan daerah",
    "pelayanan-publik": "Pelayanan publik",
    "bentuk-lainnya": "Bentuk lainnya",
}
FIRST, LAST = date(2025, 9, 18), date(2025, 10, 18)
METERS, READER = "Perumda Contoh", "Baca Meter Contoh"
PROJECT = "Proyek Perubahan Contoh"


def competing() -> list[Row]:
    """Three of each group and form, the last one with the fewest points, and two that take no part."""
    verified = date(2025, 11, 3)
    lines = [
        innovation(
            owner,
            f"{form} {owner}",
            (FIRST, FIRST + timedelta(days=9), LAST)[place],
            verified,
            form=form,
            rows=14 - place,
        )
        for agencies, form in product(GROUPS.values(), FORMS.values())
        for place, owner in enumerate(agencies)
    ]
    late = innovation("Dinas Contoh", "Terlambat", LAST + timedelta(days=1), verified, rows=20)
    return [*lines, late, innovation(SCHOOL, "Milik sekolah", FIRST, verified, rows=20)]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def office(office_to_be: Office) -> Office:
    """An agency of each kind, those that compete in 2025, and two innovations that came before the entry began."""
    office = office_to_be
    await office.register("Kota Pontianak", "Asia/Pontianak", obliged_kinds=["dinas", "badan"])
    kinds = {**GROUPS["kelompok-1"], **GROUPS["kelompok-2"], SCHOOL: "Sekolah"}
    before = [
        innovation(METERS, READER, date(2025, 3, 3), date(2025, 4, 7)),
        innovation("Dinas Contoh", PROJECT, date(2025, 3, 3), date(2025, 4, 7), initiator="ASN", training="PKP"),
    ]
    await office.bring_in(sheets([agency(name, kind) for name, kind in kinds.items()], [*competing(), *before]))
    return office


async def test_pontianak_s_two_groups_and_three_forms_have_twelve_finalists(office: Office) -> None:
    competition = await office.compete("pontianak")
    found = await office.standings(competition, total=18)

    assert {(each["group"], each["category"]): each["awarded"] for each in found["cells"]} == dict.fromkeys(
        product(GROUPS, FORMS), 2
    )
    for cell in found["cells"]:
        finalists = [each["name"] for each in cell["places"][: cell["awarded"]]]
        assert finalists == [f"{FORMS[cell['category']]} {owner}" for owner in list(GROUPS[cell["group"]])[:2]]
    assert (found["late"], found["left_out"]) == (3, 1)  # of those three two came before the entry began


async def test_what_pontianak_wants_to_last_is_named_and_warned_of_before_the_only_person_leaves(
    office: Office,
) -> None:
    rules = f"{REGISTRY}/regions/{office.code}/continuation-rules"
    terms = {key: each for key, each in (await office.curator.get(rules)).items() if key not in {"sequence", "by"}}
    await office.curator.change("PUT", rules, {**terms, "sustainability_required": True})
    unnamed = await office.curator.get(f"{REGISTRY}/innovations/{office.innovations[READER]}/continuation")
    papers = {"sop": {"number": "SOP/4/2025", "dated": "2025-03-03"}, "financing": "Anggaran perusahaan"}
    leaving = {"name": "Nama Contoh Satu", "part": "Pengelola", "leaves_on": "2026-08-03"}
    alone = {"team": [leaving], "decree": {"number": "188/3/2025", "dated": "2025-03-03"}, **papers}

    warned = await office.owner_continues("PUT", METERS, READER, "sustainability", alone)
    lines = await office.satu("continuation", "show", office.innovations[READER])
    together = {**alone, "team": [leaving, {"name": "Nama Contoh Dua"}], "successor": "Nama Contoh Dua"}
    mended = await office.owner_continues("PUT", METERS, READER, "sustainability", together)
    actors = [{"kind": kind, "name": f"Mitra {kind}"} for kind in ("pemerintah", "akademisi", "media", "media", "lsm")]
    helped = await office.owner_continues("PUT", METERS, READER, "actors", {"actors": actors})
    program = {"kind": "program_komputer", "number": "EC1", "dated": "2025-05-05", "holder": METERS}
    rights = {"rights": [{**program, "published_on": "2025-03-03"}]}
    protected = await office.owner_continues("PUT", METERS, READER, "rights", rights)

    assert [each["words"] for each in unnamed["concerns"]] == [
        "tim pelaksana belum disebut; SOP belum ada; sumber pembiayaan belum disebut"
    ]
    assert [each["concern"] for each in warned["concerns"]] == ["weak"]
    assert lines[-1] == "weak: satu-satunya orang yang tersisa segera tidak bertugas lagi"
    assert "Nama Contoh" not in "".join(lines)
    assert mended["concerns"] == []
    assert helped["actor_kinds"] == ["pemerintah", "akademisi", "lsm", "media"]
    summary = await office.curator.get(f"{REGISTRY}/regions/{office.code}/continuation")
    assert summary["actors"] == {"akademisi": 1, "lsm": 1, "media": 1, "pemerintah": 1}
    assert protected["rights"][0]["protected_until"] == "2075-03-03"


async def test_a_project_of_pontianak_s_leadership_training_is_decided_and_does_not_end_with_the_course(
    office: Office,
) -> None:
    name, training = PROJECT, {"kind": "training", "training": "pkp"}
    waiting = await office.attention()
    stop = {**training, "decision": "stop", "decided_on": "2026-06-01", "reason": "Selesai bersama pelatihan."}
    stopped = await office.continues("PUT", name, "origin", stop)
    goes_on = {**training, "decision": "continue", "decided_on": "2026-06-15"}
    said = await office.satu("continuation", "origin", office.innovations[name], office.written(goes_on))
    again = await office.curator.get(f"{REGISTRY}/innovations/{office.innovations[name]}/continuation")

    assert "undecided" in waiting[name]
    assert (stopped["use"]["use"], stopped["question"]) == ("stopped", None)
    assert "origin: training pkp, continue since 15 Juni 2026" in said
    assert (again["use"]["use"], again["question"]["asked_on"]) == ("live", "2026-12-15")
    assert "undecided" not in {each["concern"] for each in again["concerns"]}


async def test_anybody_s_idea_in_pontianak_is_fostered_or_closed_with_a_reason(
    office: Office, system: RunningSystem
) -> None:
    owner = office.agencies["Kelurahan Contoh"]
    ideas = f"{REGISTRY}/regions/{office.code}/ideas"
    async with Api(system.url) as anybody:
        made = [
            await anybody.create(ideas, {"title": title, "text": "Dari warga, tanpa nama."}, key=str(uuid.uuid4()))
            for title in ("Bank sampah", "Lampu jalan")
        ]
        fostered, closed = (each["id"] for each in made)
        await office.satu("ideas", "hand-over", fostered, owner)
        await office.satu("ideas", "close", closed, "Sudah dikerjakan.")
        place = f"{REGISTRY}/ideas/{fostered}"
        taken = await office.regency.officer(owner).change("POST", f"{place}/take-up", of=place)
        told = await anybody.get(f"{REGISTRY}/ideas/{closed}")

    draft = await office.curator.get(f"{REGISTRY}/innovations/{taken['innovation']}/continuation")
    assert (draft["agency"], draft["origin"]["kind"], draft["origin"]["idea"]) == (owner, "community", fostered)
    assert (told["status"], told["reason"], "text" in told) == ("closed", "Sudah dikerjakan.", False)
