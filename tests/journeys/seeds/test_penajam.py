"""Penajam Paser Utara: the competition is open to kecamatan, kelurahan, desa, UPT and schools (Perbup 9/2025). Those
that owe nothing take part all the same; what they have begun is asked after. All names are synthetic."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from tests.journeys.seeds.pairs import SYSTEMS
from tests.support.client import eventually
from tests.support.faults.scenario import EVIDENCE
from tests.support.registry_samples import valid_profile
from tests.support.seeds.office import REGISTRY, Office
from tests.support.seeds.tables import agency, innovation, sheets
from tests.support.small_files import PDF_FILE

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.parametrize("system", SYSTEMS, indirect=True),
]

SCHOOL, VILLAGE, WARD, DISTRICT, CLINIC = (
    *("SMP Contoh", "Desa Contoh", "Kelurahan Contoh"),
    *("Kecamatan Contoh", "Puskesmas Contoh"),
)
TREE = [
    agency("Dinas Pendidikan Contoh", "Dinas"),
    agency(SCHOOL, "Sekolah", "Dinas Pendidikan Contoh"),
    agency("Dinas Kesehatan Contoh", "Dinas"),
    agency(CLINIC, "UPT Puskesmas", "Dinas Kesehatan Contoh"),
    agency(DISTRICT, "Kecamatan"),
    agency(VILLAGE, "Desa", DISTRICT),
    agency(WARD, "Kelurahan", DISTRICT),
]
LIBRARY, BARN = "Perpustakaan Keliling", "Lumbung Warga"
LEVELS = {"16": 2, "17": 2, "32": 3, "33": 2, "35": 3}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def office(office_to_be: Office) -> Office:
    """Offices, districts, schools and villages, of which two have begun something in 2025; only some kinds owe."""
    office = office_to_be
    await office.register("Kabupaten Penajam Paser Utara", "Asia/Makassar", obliged_kinds=["dinas", "kecamatan"])
    begun = date(2025, 6, 2), date(2025, 7, 7)
    await office.bring_in(sheets(TREE, [innovation(SCHOOL, LIBRARY, *begun), innovation(VILLAGE, BARN, *begun)]))
    await office.regency.deadline(2026, date(2026, 12, 31))
    return office


async def test_penajam_s_schools_and_villages_compete_without_owing_anything(office: Office) -> None:
    for name in (SCHOOL, VILLAGE, DISTRICT):
        profile = valid_profile(name=f"Inovasi {name}", applied_on="2026-05-05", classification="desa_kelurahan")
        made = await office.regency.draft(office.agencies[name], profile, EVIDENCE)
        await office.regency.submit(made, office.agencies[name])
        await office.regency.verify(made, LEVELS)
    competition = await office.compete("penajam-paser-utara")
    found = await office.standings(competition, total=3)
    await office.regency.becomes(office.agencies[DISTRICT], 2026, "fulfilled")
    lines = await eventually(lambda: office.recap(2026), lambda lines: len(lines) == len(TREE))
    totals = (await office.whole_recap(2026))["totals"]
    agencies = await office.curator.every(f"{REGISTRY}/agencies", region=office.code)

    assert {each["group"]: [place["name"] for place in each["places"]] for each in found["cells"]} == {
        "sekolah": [f"Inovasi {SCHOOL}"],
        "desa-kelurahan": [f"Inovasi {VILLAGE}"],
        "kecamatan": [f"Inovasi {DISTRICT}"],
        "upt": [],
    }
    assert {name: (line["duty"]["status"], line["duty"]["ground"]) for name, line in lines.items()} == {
        **dict.fromkeys((SCHOOL, VILLAGE), ("fulfilled", "not_obliged")),
        **dict.fromkeys((WARD, CLINIC), ("exempted", "not_obliged")),
        DISTRICT: ("fulfilled", None),
        **dict.fromkeys(("Dinas Pendidikan Contoh", "Dinas Kesehatan Contoh"), ("open", None)),
    }
    assert (totals["obliged"], totals["fulfilled"], totals["voluntary"]) == (3, 1, 2)
    parents = {each["name"]: each["parent"] for each in agencies}
    assert (parents[SCHOOL], parents[VILLAGE]) == (
        office.agencies["Dinas Pendidikan Contoh"],
        office.agencies[DISTRICT],
    )


async def test_what_penajam_s_villages_and_schools_have_begun_is_asked_after(office: Office, tmp_path: Path) -> None:
    replicated = {"kind": "replication", "replicated": {"region_name": "Kabupaten Banjar", "name": "Lumbung Contoh"}}
    await office.owner_continues("PUT", VILLAGE, BARN, "origin", replicated)
    mentor = f"{REGISTRY}/agencies/{office.agencies[SCHOOL]}/mentor"
    await office.curator.change("PUT", mentor, {"name": "Nama Contoh"})
    for name in (LIBRARY, BARN):
        await office.continues("PUT", name, "follow-up", {"asked_on": "2026-05-04"})

    proof = tmp_path / "daftar.pdf"
    proof.write_bytes(PDF_FILE)
    figures = [{"label": "Keluarga terbantu", "value": 42, "unit": "keluarga"}]
    given = office.written({"use": "live", "figures": figures})
    answered = await office.satu("continuation", "answer", office.innovations[BARN], given, "--proof", str(proof))
    lapsed = await office.satu("continuation", "follow-up", office.code)
    named = await office.satu("continuation", "mentor", office.agencies[SCHOOL])
    silent = await office.curator.get(f"{REGISTRY}/innovations/{office.innovations[LIBRARY]}/continuation")
    summary = await office.curator.get(f"{REGISTRY}/regions/{office.code}/continuation", year=2025)

    assert "question 1: asked 4 Mei 2026, live, Keluarga terbantu 42 keluarga, 1 files" in answered
    assert "origin: replication of Lumbung Contoh, Kabupaten Banjar" in answered
    assert lapsed[0].endswith(" first questions planned, 1 questions lapsed")
    assert (silent["use"]["use"], silent["follow_ups"][0]["lapsed_on"]) == ("dormant", "2026-06-15")
    assert summary["uses"] == {"dormant": 1, "live": 1}
    assert await office.attention() == {LIBRARY: ["dormant"]}
    assert named == [f"{office.agencies[SCHOOL]} has a mentor"]
