"""The table of an office: 31 agencies, 60 innovations of three years, with its typing errors (synthetic). It is
imported, corrected by the report and imported again; two curators send it at once."""

from __future__ import annotations

import asyncio
import random
from datetime import date
from pathlib import Path
from typing import Any

from tests.support.registry_service import RegistryService, running_registry
from tests.support.tables import findings, imported, send, workbook

KINDS = {
    "Dinas": "Dinas",
    "Badan": "Badan",
    "Kecamatan": "kecamatan ",
    "Puskesmas": "UPT Puskesmas",
    "Bagian": "Bagian",
}
FORM = ("Penerapan", "OPD", "Perangkat Daerah", "Digital", "Pelayanan publik", "Kesehatan")
HEAD = (
    *("No", "Perangkat Daerah", "Tahun", "Judul Inovasi", "Status", "Tanggal Pengajuan", "Tanggal Verifikasi"),
    *("Tahapan Inovasi", "Inisiator", "Klasifikasi", "Jenis Inovasi", "Bentuk", "Urusan"),
    *(str(row) for row in range(16, 36)),
)
ERRORS: dict[tuple[int, int], object] = {
    (3, 1): "Dinas Contho 3",
    (7, 2): "20255",
    (11, 5): "31/02/2024",
    (15, 4): "Setuju sekali",
    (19, 13): 5,
    (23, 6): None,
    (27, 3): None,
    (31, 12): "Kesehatan Masyarakat",
}
"""(row, column) → what was typed; rows and columns from 0 within the innovations."""


def agencies() -> list[tuple[object, ...]]:
    kinds = list(KINDS)
    rows = [(n, f"{kinds[n % 5]} Contoh {n}", KINDS[kinds[n % 5]], "semua tahun") for n in range(31)]
    return [("No", "Nama OPD", "Jenis", "Wajib Sejak"), *rows]


def innovations(*, seed: int = 1, errors: bool) -> list[list[object]]:
    chosen, kinds = random.Random(seed), list(KINDS)
    rows: list[list[object]] = []
    for n in range(60):
        year = 2023 + n % 3
        day = date(year, 1 + n % 9, 1 + n % 28)
        typed = (day, day.strftime("%d/%m/%Y"), day.isoformat())[n % 3]
        agency = f"{kinds[n % 31 % 5]} Contoh {n % 31}"
        name = agency.upper() if n % 4 == 0 else f" {agency}  "
        decided = (f"{year}-11-{1 + n % 28:02}",) if n % 5 else (None,)
        status = "Terverifikasi" if n % 5 else "Diajukan"
        levels = [chosen.choice([None, 0, 1, 2, 3]) for _ in range(20)]
        rows.append([n + 1, name, year, f"Inovasi Contoh {n}", status, typed, *decided, *FORM, *levels])
    for (row, column), cell in ERRORS.items() if errors else ():
        rows[row][column] = cell
    return [["REKAP INOVASI DAERAH"], [], list(HEAD), *rows]


async def counts(registry: RegistryService) -> tuple[int, int]:
    found = [row async for row in registry.store.scan("agency", {}, ())]
    return len(found), len([row async for row in registry.store.scan("innovation", {}, ())])


async def test_an_office_s_table_is_corrected_by_its_report_and_comes_in_whole(tmp_path: Path) -> None:
    async with running_registry(tmp_path) as registry:
        await registry.region()
        done = await imported(registry, "agencies", workbook({"OPD": agencies()}), key="agencies")
        assert (done["status"], done["created"]) == ("done", 31)

        first = await imported(registry, "innovations", workbook({"Rekap": innovations(errors=True)}), key="1")
        report = await findings(registry, first["id"])
        second = await imported(registry, "innovations", workbook({"Rekap": innovations(errors=False)}), key="2")
        third = await imported(registry, "innovations", workbook({"Rekap": innovations(errors=False)}), key="3")

        wrong = {(each["row"] - 4, each["column"]) for each in report if not each["note"]}
        assert wrong == {(row, HEAD[column]) for row, column in ERRORS}
        assert (first["status"], second["status"], second["created"]) == ("refused", "done", 60)
        assert (third["created"], third["updated"], third["unchanged"]) == (0, 0, 60)
        assert await counts(registry) == (31, 60)
        listed = (await registry.by("curator")("GET", "/innovations", params={"limit": 200, "year": 2024})).json()
        assert len(listed["items"]) == 20
        assert {each["status"] for each in listed["items"]} == {"verified", "submitted"}


async def test_two_curators_who_send_the_same_table_at_once_make_one_of_each(tmp_path: Path) -> None:
    async def one(registry: RegistryService, sheet: str, body: bytes, key: str) -> dict[str, Any]:
        made = await send(registry, sheet, body, key=key)
        await registry.loops["imports"]()
        return made

    async with running_registry(tmp_path) as registry:
        await registry.region()
        for sheet, body in (
            ("agencies", workbook({"OPD": agencies()})),
            ("innovations", workbook({"Rekap": innovations(errors=False)})),
        ):
            made = await asyncio.gather(*(one(registry, sheet, body, f"{sheet} {n}") for n in range(2)))
            ends = [(await registry.by("curator")("GET", f"/imports/{each['id']}")).json() for each in made]
            assert [(each["status"], each["skipped"]) for each in ends] == [("done", 0), ("done", 0)]

        assert await counts(registry) == (31, 60)
