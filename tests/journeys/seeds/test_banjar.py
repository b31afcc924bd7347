"""Banjar: the Laboratorium Inovasi, a launch of 54 counted by four kinds (INTAN BANJAR), and the agreement that each
agency's head has signed. The numbers are public, all names are synthetic.

The article's parts (32 agencies, 4 kecamatan, 7 puskesmas, 10 of the community) add up to 53; the one that it leaves
without a kind is an agency's here.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from tests.journeys.seeds.pairs import SYSTEMS
from tests.support.client import eventually
from tests.support.seeds.office import REGISTRY, Office
from tests.support.seeds.tables import Row, agency, innovation, sheets

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.parametrize("system", SYSTEMS, indirect=True),
]

OBLIGED = ["dinas", "badan", "sekretariat", "inspektorat", "kecamatan", "puskesmas"]
OFFICES = [f"Dinas Contoh {number}" for number in range(33)]
DISTRICTS = [f"Kecamatan Contoh {number}" for number in range(4)]
CLINICS = [f"Puskesmas Contoh {number}" for number in range(7)]
PROMISED = "Inovasi Dinas Contoh 0"
SUBMITTED, VERIFIED = date(2025, 11, 3), date(2025, 11, 24)


def launched() -> list[Row]:
    """54 innovations: one of each agency, and ten of the community that agencies foster."""
    own = [
        innovation(name, f"Inovasi {name}", SUBMITTED, VERIFIED, initiator="ASN" if name in CLINICS else "OPD")
        for name in (*OFFICES, *DISTRICTS, *CLINICS)
    ]
    community: dict[str, Any] = {"initiator": "Masyarakat", "classification": "Masyarakat"}
    return own + [
        innovation(name, f"Inovasi Warga {number}", SUBMITTED, VERIFIED, **community)
        for number, name in enumerate(OFFICES[:10])
    ]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def office(office_to_be: Office) -> Office:
    """44 agencies, their signed agreements, and the innovations of 2025."""
    office = office_to_be
    await office.register("Kabupaten Banjar", "Asia/Makassar", obliged_kinds=OBLIGED, counts_when="verified")
    listed = [
        *(agency(name, "Dinas") for name in OFFICES),
        *(agency(name, "Kecamatan") for name in DISTRICTS),
        *(agency(name, "UPT Puskesmas", OFFICES[0]) for name in CLINICS),
    ]
    signed = [
        (name, 2025, f"PI/{number}/2025", date(2025, 2, 3), f"Inovasi {name}; Gagasan {name}")
        for number, name in enumerate((*OFFICES, *DISTRICTS, *CLINICS))
    ]
    await office.bring_in(sheets(listed, launched(), signed))
    return office


async def test_banjar_s_laboratory_ends_in_a_launch_of_54_counted_by_four_kinds(office: Office) -> None:
    office_of = f"{REGISTRY}/regions/{office.code}"
    may = await office.satu(
        *("continuation", "move-all", office.code, "labinov", "design", "--year", "2025", "--on", "2025-05-26")
    )
    designed = await office.curator.get(f"{office_of}/continuation", year=2025)
    december = await office.satu(
        *("continuation", "move-all", office.code, "labinov", "display", "--from", "labinov/design"),
        *("--year", "2025", "--on", "2025-12-04"),
    )
    stages = await office.satu("continuation", "stages", office.code, "--year", "2025")
    shown = await office.curator.get(f"{office_of}/continuation", year=2025)
    other_year = await office.curator.get(f"{office_of}/continuation", year=2024)
    competition = await office.compete("banjar")
    counts = (await office.standings(competition, total=54))["counts"]

    by_kind = {"kecamatan": 4, "masyarakat": 10, "perangkat_daerah": 33, "puskesmas": 7}
    assert may == ["54 innovations moved to labinov/design"]
    assert december == ["54 innovations moved to labinov/display"]
    laboratory = {each["slug"]: each for each in designed["pipelines"]}["labinov"]
    assert (laboratory["launched"], sum(each["stuck"] for each in laboratory["stages"])) == (0, 54)
    laboratory = {each["slug"]: each for each in shown["pipelines"]}["labinov"]
    assert (laboratory["launched"], laboratory["launched_by_source"]) == (54, by_kind)
    assert laboratory["stages"][-1]["by_initiator"] == {"asn": 7, "masyarakat": 10, "opd": 37}
    assert (shown["total"], shown["unplaced"], other_year["total"]) == (54, 0, 0)
    assert "labinov; launched: 54 (kecamatan 4, masyarakat 10, perangkat_daerah 33, puskesmas 7)" in stages
    assert {each["group"]: each["total"] for each in counts} == {
        "masyarakat": 10,
        "kecamatan": 4,
        "puskesmas": 7,
        "perangkat-daerah": 33,
    }
    moved = await office.curator.get(f"{REGISTRY}/innovations/{office.innovations[PROMISED]}/continuation")
    assert [(each["stage"], each["at"][:10], each["by"]) for each in moved["moves"]] == [
        ("design", "2025-05-25", "satu"),  # midnight in WITA is 16.00 UTC of the day before
        ("display", "2025-12-03", "satu"),
    ]


async def test_what_the_heads_of_banjar_s_agencies_have_signed_is_held_against_what_came_of_it(office: Office) -> None:
    owner, came = office.agencies[OFFICES[0]], office.innovations[PROMISED]
    place = f"{REGISTRY}/commitments/{owner}/2025"
    matched = await office.satu("commitment", "match", office.code, "--year", "2025")
    read = await office.curator.get(place)
    promises = [{key: each[key] for key in ("name", "innovation", "dropped")} for each in read["promises"]]
    promises[1]["dropped"] = "Digabungkan dengan layanan lain."
    kept = {"number": "PI/0/2025", "dated": "2025-02-03", "promises": promises}
    read = await office.curator.change("PUT", place, kept)
    listed = await office.satu("commitment", "list", office.code, "--year", "2025")
    await office.regency.deadline(2025, date(2025, 12, 31))
    recap = await eventually(
        lambda: office.recap(2025), lambda lines: lines[OFFICES[0]]["duty"]["commitment"]["dropped"] == 1
    )

    assert [(each["outcome"], each["status"]) for each in read["promises"]] == [
        ("taken_up", "verified"),
        ("dropped", None),
    ]
    assert len([line for line in listed if not line.startswith(" ")]) == 44
    at = listed.index(f"{owner} 2025: PI/0/2025, 3 Februari 2025, without a paper")
    assert listed[at + 1 : at + 3] == [
        f"  taken_up: {PROMISED} ({came}, verified)",
        f"  dropped: Gagasan {OFFICES[0]} (Digabungkan dengan layanan lain.)",
    ]
    others = {name: line["duty"]["commitment"] for name, line in recap.items() if name != OFFICES[0]}
    assert {(each["promised"], each["taken_up"]) for each in others.values()} == {(2, 1)}
    assert matched == ["44 promises taken up, 44 still open"]
