"""Kubu Raya: a circular obliges every agency from 2026 on, the Top 10 is launched yearly, and what is on its way is
followed through capacity building and incubator. Names of agencies and innovations are public, the rest synthetic."""

from __future__ import annotations

import csv
import json
from datetime import date

import pytest
import pytest_asyncio
import yaml

from tests.journeys.seeds.pairs import SYSTEMS
from tests.support.client import Answer, Api, eventually
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import EVIDENCE
from tests.support.paths import ROOT
from tests.support.registry_samples import valid_profile
from tests.support.seeds.office import NOTIFICATIONS, REGISTRY, SCORING, Office
from tests.support.seeds.tables import agency, innovation, sheets

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.parametrize("system", SYSTEMS, indirect=True),
]

EXAMPLE = ROOT / "examples" / "kubu-raya"
AGENCIES = list(csv.DictReader((EXAMPLE / "agencies.csv").read_text(encoding="utf-8").splitlines()))
TOP_10 = yaml.safe_load((EXAMPLE / "innovations.yaml").read_text(encoding="utf-8"))["innovations"]
NAMES = {each["key"]: each["name"] for each in AGENCIES}
OBLIGED = ["dinas", "badan", "sekretariat", "inspektorat", "kecamatan", "puskesmas", "rsud"]
OTHERS = ("Contoh Pertama", "Contoh Kedua")  # below the ten
BATU_AMPAR = "Kecamatan Batu Ampar"
MONITORING = "pemantauan_digital"
INCUBATOR = {"inkubator_konsep": "2026-04-20", "inkubator_sop": "2026-05-04", "inkubator_uji_coba": "2026-05-18"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def office(office_to_be: Office) -> Office:
    """31 agencies, and twelve innovations of 2025 of which each has more points than the next and came earlier."""
    office = office_to_be
    await office.register(
        "Kabupaten Kubu Raya", "Asia/Pontianak", obliged_kinds=OBLIGED, from_year=2026, decree="SE Bupati (contoh)"
    )
    listed = [(each["name"], NAMES[each["agency"]]) for each in TOP_10] + [(each, BATU_AMPAR) for each in OTHERS]
    lines = [
        innovation(owner, name, date(2025, 10, 1 + place), date(2025, 11, 3), rows=16 - place)
        for place, (name, owner) in enumerate(listed)
    ]
    await office.bring_in(sheets([agency(each["name"], each["kind"]) for each in AGENCIES], lines))
    for year in (2025, 2026):
        await office.regency.deadline(year, date(year, 12, 31))
    return office


async def test_kubu_raya_s_circular_obliges_every_agency_from_2026_on(office: Office) -> None:

    async def owed(year: int) -> list[Answer]:
        listed = await office.curator.every(f"{NOTIFICATIONS}/obligations", region=office.code, year=year)
        return [each for each in listed if each["status"] in {"open", "fulfilled"} and each["ground"] is None]

    await eventually(lambda: owed(2026), lambda them: len(them) == len(AGENCIES))
    before, present = await office.recap(2025), await office.recap(2026)

    assert len(AGENCIES) == 31
    assert await owed(2025) == []
    assert {each["duty"]["ground"] for each in before.values()} == {"not_obliged"}
    assert {each["duty"]["ground"] for each in present.values()} == {None}
    assert {BATU_AMPAR, "RSUD", "Puskesmas Sungai Radak"} <= present.keys()
    assert present["Dinas Sosial"]["before"]["innovations"][0]["name"] == "Adu KPM"


async def test_kubu_raya_s_top_10_are_ten_of_the_year_and_stay_ten(office: Office, system: RunningSystem) -> None:
    competition = await office.compete("kubu-raya")
    (cell,) = (await office.standings(competition, total=12))["cells"]
    request = {"competition": competition}
    frozen = await office.curator.create(f"{SCORING}/rankings/freezes", request)

    async with Api(system.url) as anybody:
        public = await anybody.get(f"{SCORING}/rankings/freezes/{frozen['id']}")

    assert cell["awarded"] == 10
    points = [each["total"] for each in cell["places"]]
    assert points == sorted(set(points), reverse=True)
    launched = [each["name"] for each in public["cells"][0]["places"][:10]]
    assert launched == [each["name"] for each in TOP_10]
    assert [each["name"] for each in public["cells"][0]["places"][10:]] == list(OTHERS)


async def test_what_kubu_raya_brings_up_is_followed_from_capacity_building_to_implementation(office: Office) -> None:
    owner = office.agencies[BATU_AMPAR]
    profile = valid_profile(name="Berjumpa Dua", applied_on="2026-05-05")
    draft = await office.regency.draft(owner, profile, EVIDENCE)

    rules = json.loads("".join(await office.satu("continuation", "rules", office.code)))
    monitored = {"slug": MONITORING, "name": "Pemantauan digital", "launched": True}
    rules["pipelines"][0]["stages"].append(monitored)
    await office.satu("continuation", "rules", office.code, office.written(rules))
    await office.satu("continuation", "move", draft, "pembinaan", "pengembangan_kapasitas", "--on", "2026-01-12")
    assert (await office.attention())["Berjumpa Dua"] == ["stuck"]
    said = await office.satu("continuation", "attention", office.code, "--concern", "stuck")
    since = "sudah 154 hari pada tahapan Pengembangan kapasitas, since 12 April 2026"
    assert said == [f"{draft} {owner} 2026 stuck: {since} [Berjumpa Dua]"]

    place = f"{REGISTRY}/innovations/{draft}"
    for stage, day in INCUBATOR.items():
        move = {"pipeline": "pembinaan", "stage": stage, "on": day}
        await office.curator.change("POST", f"{place}/continuation/stage", move, of=place)
    await office.regency.submit(draft, owner)
    await office.regency.verify(draft, {"16": 2, "17": 2, "32": 3, "33": 2, "35": 3})
    for stage in ("penerapan", MONITORING):
        shown = await office.satu("continuation", "move", draft, "pembinaan", stage)

    assert "Berjumpa Dua" not in await office.attention()
    assert [line.partition(" since ")[0] for line in shown[1:7]] == [
        "stage: pembinaan/pemantauan_digital",
        "before: pembinaan/penerapan",
        *(f"before: pembinaan/{stage}" for stage in reversed(INCUBATOR)),
        "before: pembinaan/pengembangan_kapasitas",
    ]
    summary = await office.curator.get(f"{REGISTRY}/regions/{office.code}/continuation", year=2026)
    assert {each["slug"]: each["launched_by_source"] for each in summary["pipelines"]} == {
        "pembinaan": {"kecamatan": 1},
        "labinov": {},
    }
    await office.regency.becomes(owner, 2026, "fulfilled")
