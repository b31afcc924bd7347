"""An office moves in. Its workbook of 31 agencies, 60 innovations of three years, contacts and commitments, with its
typing errors, goes through `satu import` into a running system; it is corrected by the report, imported again and
exported; and the recap for the Sekda is the one that was made by hand."""

from __future__ import annotations

import contextlib
import csv
import io
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.journeys.conftest import PAIRS
from tests.support.client import Answer, Regency, eventually
from tests.support.commands import satu
from tests.support.faults.processes import RunningSystem
from tests.support.office.agencies import AGENCIES, OBLIGED_KINDS
from tests.support.office.book import write_book
from tests.support.office.by_hand import BY_HAND
from tests.support.office.comparing import cells_of, check_pages, check_workbook, collapsed, in_json, lines_of
from tests.support.office.habits import Clerk
from tests.support.office.innovations import INNOVATIONS, STATUS_WORDS, levels_of
from tests.support.office.mistakes import Place, corrected, with_mistakes
from tests.support.office.people import contacts
from tests.support.office.sheets import ROWS, OfficeSheet, sheets

pytestmark = pytest.mark.asyncio(loop_scope="session")

REGISTRY, NOTIFICATIONS = "/registry/v1", "/notifications/v1"
RECAP = f"{NOTIFICATIONS}/recaps/{{region}}/2026"
POLICY = {"obliged_kinds": list(OBLIGED_KINDS), "minimum": 1, "counts_when": "verified", "community_counts": True}
DEADLINES = {2024: "2024-12-31", 2025: "2025-12-31", 2026: "2026-05-29"}


class Desk:
    """The curator's desk: the `satu` command, a folder, and the region."""

    def __init__(self, system: RunningSystem, regency: Regency, folder: Path) -> None:
        self.regency = regency
        self.folder = folder
        self._system = system

    async def satu_import(self, book: Path, *options: str, status: int = 0) -> str:
        """Import a file; what the command printed."""
        where = ("--region", self.regency.code, "--url", self._system.url)
        return (await satu(self._system.process.environment, "import", str(book), *where, *options, status=status)).out

    async def satu_export(self, name: str) -> Path:
        """Export everything to a file."""
        path = self.folder / name
        where = ("--region", self.regency.code, "--url", self._system.url)
        await satu(self._system.process.environment, "export", str(path), *where)
        return path

    def written(self, made: list[OfficeSheet], name: str) -> Path:
        """The workbook, typed."""
        path = self.folder / name
        write_book(made, path)
        return path

    async def recap(self, file: str = "", **query: str) -> Any:  # noqa: ANN401 - JSON, or a file's bytes
        """The recap as JSON, or one of its files."""
        path = RECAP.format(region=self.regency.code)
        if not file:
            return await self.regency.curator.get(path, **query)
        answer = await self.regency.curator.raw("GET", f"{path}/{file}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.content


def errors_of(report: Path) -> set[Place]:
    """What a report calls an error."""
    lines = csv.DictReader(io.StringIO(report.read_text(encoding="utf-8-sig")))
    errors = [line for line in lines if line["Jenis"] == "kesalahan"]
    return {Place(line["Lembar"], int(line["Baris"]), line["Kolom"]) for line in errors}


@pytest.mark.parametrize("system", PAIRS[:1], indirect=True)
async def test_an_office_s_workbook_is_corrected_by_its_report_and_its_recap_is_the_one_made_by_hand(
    system: RunningSystem, regency: Regency, tmp_path: Path
) -> None:
    await move_in(Desk(system, regency, tmp_path), system, seed=random.randrange(2**32))


async def move_in(desk: Desk, system: RunningSystem, *, seed: int) -> None:
    """An office with the habits and mistakes of this seed moves into a region that is only founded."""
    print(f"seed of the office's habits and mistakes: {seed}")
    clerk, place = Clerk(seed), f"{REGISTRY}/regions/{desk.regency.code}"
    terms = {"from_year": 2024, "decree": "SE 1 (contoh)", **POLICY}
    await desk.regency.curator.change("POST", f"{place}/policies", terms, of=place)
    right = sheets(clerk, desk.regency.code)
    wrong, mistakes = with_mistakes(right, clerk)

    await the_report_names_just_the_mistakes(desk, wrong, right, mistakes)
    await decide_what_no_table_holds(desk.regency)
    await system.wait_until_idle()

    by_hand = [in_json(each) for each in BY_HAND]
    with contextlib.suppress(AssertionError):
        await eventually(desk.recap, lambda it: lines_of(it) == by_hand)
    assert lines_of(await desk.recap()) == by_hand
    check_workbook(await desk.recap("recap.xlsx"))
    check_pages(await desk.recap("recap.pdf"))
    await check_reports(desk)
    await check_export(desk)


async def the_report_names_just_the_mistakes(
    desk: Desk, wrong: list[OfficeSheet], right: list[OfficeSheet], mistakes: set[Place]
) -> None:
    """A dry run reports every mistake and nothing else, and stores nothing; corrected by it, the workbook comes in."""
    report = desk.folder / "laporan.csv"
    await desk.satu_import(desk.written(wrong, "salah.xlsx"), "--dry-run", "--report", str(report), status=1)
    found = errors_of(report)
    assert (found - mistakes, mistakes - found) == (set(), set())
    assert await agencies_of(desk.regency) == []

    told = await desk.satu_import(desk.written(corrected(wrong, right, found), "benar.xlsx"))
    assert "refused" not in told
    known = await desk.regency.curator.every(f"{REGISTRY}/innovations", region=desk.regency.code)
    assert len(await agencies_of(desk.regency)) == len(AGENCIES)
    assert len(known) == len(INNOVATIONS)


async def decide_what_no_table_holds(regency: Regency) -> None:
    """Set the deadlines, of which two have long passed; exempt an agency by decree; keep a promise."""
    for year, day in DEADLINES.items():
        await regency.deadline(year, date.fromisoformat(day))
    ids = {each["name"]: each["id"] for each in await agencies_of(regency)}
    decree = {"decree": "100.3.3.2/417/2026", "decree_date": "2026-03-02", "reason": "Baru dilanda banjir (contoh)."}
    exempted = f"{NOTIFICATIONS}/exemptions/{ids['Kecamatan Terentang']}/2026"
    answer = await regency.curator.raw("PUT", exempted, json=decree)
    assert answer.is_success, answer.text
    kept = f"{REGISTRY}/commitments/{ids['Sekretariat Daerah']}/2026"
    signed = await regency.curator.get(kept)
    listed = await regency.curator.every(f"{REGISTRY}/innovations", region=regency.code, year=2026)
    (halo,) = [each["id"] for each in listed if each["profile"]["name"] == "Halo Pimpinan"]
    promises = [
        {"name": each["name"], "innovation": halo if each["name"] == "Halo Pimpinan" else None}
        for each in signed["promises"]
    ]
    terms = {"number": signed["number"], "dated": signed["dated"], "promises": promises}
    await regency.curator.change("PUT", kept, terms)


async def check_reports(desk: Desk) -> None:
    """The recap is filtered; the facts for reward and sanction are a page for each agency that is late."""
    late = await desk.recap(late="true")
    names = [each["agency_name"] for each in late["lines"]]
    assert names == [each.agency for each in BY_HAND if each.days_late is not None]
    pages = PdfReader(io.BytesIO(await desk.recap("facts.pdf", late="true"))).pages
    assert len(pages) == len(names)
    for name, page in zip(names, pages, strict=True):
        assert collapsed(name) in collapsed(page.extract_text())
    chosen = await desk.recap(kind="kecamatan", status="overdue", sort="name")
    assert [each["agency_name"] for each in chosen["lines"]] == ["Kecamatan Kubu", "Kecamatan Sungai Kakap"]


async def check_export(desk: Desk) -> None:
    """What is exported is what was typed; imported again, it changes nothing."""
    first = await desk.satu_export("keluar.xlsx")
    table = cells_of(first)
    assert len(table["Perangkat Daerah"]) == len(AGENCIES)
    exported = {(row["Perangkat daerah"], row["Tahun"], row["Nama inovasi"]): row for row in table["Inovasi"]}
    assert len(exported) == len(INNOVATIONS)
    for each in INNOVATIONS:
        row = exported[AGENCIES[each.agency].name, each.year, each.name]
        assert [row[f"Level {number}"] for number in ROWS] == levels_of(each.claimed), each
        assert [row[f"Level {number} terverifikasi"] for number in ROWS] == levels_of(each.verified), each
        days = [day and day.date().isoformat() for day in (row["Tanggal pengajuan pertama"], row["Tanggal keputusan"])]
        assert days == [each.first or None, each.decided or None], each
        assert row["Status"] == STATUS_WORDS[each.status], each
    code = desk.regency.code.replace(".", "-")
    persons = {row["Surel"]: (row["Nama"], row["Perangkat daerah"], row["Nomor seluler"]) for row in table["Kontak"]}
    for person in contacts():
        agency = AGENCIES[person.agency].name if person.agency else None
        expected = (person.name, agency, f"+62{person.phone.removeprefix('0')}")
        assert persons[person.email.format(code=code)] == expected
    told = await desk.satu_import(first)
    counts = [line for line in told.splitlines() if " rows, " in line]
    assert [line.partition(":")[0] for line in counts] == [
        "Perangkat Daerah",
        "Inovasi",
        "Perjanjian Inovasi",
        "Kontak",
    ]
    assert all("0 created, 0 updated" in line for line in counts), told


async def agencies_of(regency: Regency) -> list[Answer]:
    """The region's agencies, also those that are retired."""
    return await regency.curator.every(f"{REGISTRY}/agencies", region=regency.code)
