"""Exports in the columns of imports: imported again they change nothing, and elsewhere they make the same tables."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.support.registry_service import REGION, Caller, RegistryService, running_registry
from tests.support.tables import findings, imported

KINDS = ("agencies", "innovations", "commitments")


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[RegistryService]:
    async with running_registry(tmp_path / "one") as running:
        await running.region()
        yield running


async def exported(registry: RegistryService, sheet: str, format: str = "csv", query: str = "") -> bytes:
    answer = await registry.by("curator")("GET", f"/exports/{sheet}.{format}?region={REGION}{query}")
    assert answer.status_code == 200, answer.text
    return answer.content


async def put_in(registry: RegistryService, sheet: str, body: bytes, key: str, format: str = "csv") -> dict[str, Any]:
    done = await imported(registry, sheet, body, key=key, name=f"tabel.{format}")
    assert done["status"] == "done", await findings(registry, done["id"])
    return done


async def require_unchanged(registry: RegistryService, format: str, sheets: Sequence[str] = KINDS) -> None:
    for sheet in sheets:
        body = await exported(registry, sheet, format)
        done = await put_in(registry, sheet, body, f"again {sheet} {format}", format)
        assert (done["created"], done["updated"], done["errors"]) == (0, 0, 0), sheet
        assert done["rows"] == done["unchanged"]
    assert await registry.owed_types() == []


async def office(registry: RegistryService) -> None:
    """Two agencies, a draft, a submitted and a verified innovation, a commitment."""
    first, second = await registry.agency("Dinas Kesehatan"), await registry.agency("Dinas Pasar")
    await registry.draft(first, key="one")
    await registry.submitted(second, key="two")
    place = await registry.submitted(first, key="three")
    curator = registry.by("curator")
    done = await curator.change("POST", f"{place}/verify", {"rows": {"16": 1}}, of=place)
    assert done.is_success, done.text
    signed = {"agency": first, "year": 2026, "number": "1/PI/2026", "dated": "2026-01-12"}
    signed["promises"] = [{"name": "Layanan Antar"}, {"name": "=1+1"}]
    made = await curator("POST", "/commitments", signed, key="commitment")
    assert made.status_code == 201, made.text
    await registry.owed_events()


async def test_what_was_entered_here_is_imported_again_without_a_change(registry: RegistryService) -> None:
    await office(registry)
    await require_unchanged(registry, "csv")
    await require_unchanged(registry, "xlsx")


async def test_tables_move_to_another_installation_and_come_out_the_same(
    registry: RegistryService, tmp_path: Path
) -> None:
    await office(registry)
    bodies = {sheet: await exported(registry, sheet) for sheet in KINDS}

    async with running_registry(tmp_path / "two") as other:
        await other.region()
        for sheet in KINDS:
            await put_in(other, sheet, bodies[sheet], sheet)
        assert {sheet: await exported(other, sheet) for sheet in KINDS} == bodies


async def test_decisions_of_every_kind_that_were_made_here_move_too(registry: RegistryService, tmp_path: Path) -> None:
    """One returned and edited since, one withdrawn with a reason, one moved to another agency, one without levels."""
    agency, other = await registry.agency("Dinas Kesehatan"), await registry.agency("Dinas Pasar")
    own, curator = registry.by(f"agency:{agency}"), registry.by("curator")
    places = [await registry.submitted(agency, key=str(number)) for number in range(4)]
    returned, withdrawn, moved, bare = places

    async def decide(place: str, what: str, body: object, by: Caller = curator) -> None:
        done = await by.change("POST", f"{place}/{what}", body, of=place)
        assert done.is_success, done.text

    await decide(returned, "return", {"comments": {"profile": "Lengkapi"}, "rows": {"16": 2}})
    claim = await own.change("PUT", f"{returned}/evidence/20", {"links": ["https://bukti.example/20"]}, of=returned)
    assert claim.is_success, claim.text
    await decide(withdrawn, "withdraw", {"reason": "=ganda"})
    await decide(moved, "verify", {"rows": {"16": 0, "17": 3}})
    await decide(moved, "reassign", {"agency": other, "year": 2026, "reason": "salah"})
    await decide(bare, "return", {"comments": {"profile": "Lengkapi"}})
    gone = await own.change("DELETE", f"{bare}/evidence/16", of=bare)
    assert gone.is_success, gone.text
    await registry.owed_events()

    await require_unchanged(registry, "csv", KINDS[:2])
    bodies = {sheet: await exported(registry, sheet) for sheet in KINDS}
    async with running_registry(tmp_path / "two") as elsewhere:
        await elsewhere.region()
        for sheet in KINDS[:2]:
            await put_in(elsewhere, sheet, bodies[sheet], sheet)
        assert {sheet: await exported(elsewhere, sheet) for sheet in KINDS} == bodies


async def test_a_workbook_has_every_sheet_and_a_year_narrows_it(registry: RegistryService) -> None:
    await office(registry)

    book = load_workbook(BytesIO(await exported(registry, "all", "xlsx")))
    assert [(sheet.title, sheet.max_row) for sheet in book.worksheets] == [
        ("Perangkat Daerah", 3),
        ("Perjanjian Inovasi", 2),
        ("Inovasi", 4),
    ]
    (lines,) = {(await exported(registry, "innovations", query="&year=2025")).count(b"\r\n")}
    assert lines == 1


async def test_a_workbook_has_no_sheet_without_rows(registry: RegistryService) -> None:
    book = load_workbook(BytesIO(await exported(registry, "all", "xlsx")))
    assert [(sheet.title, sheet.max_row) for sheet in book.worksheets] == [("Perangkat Daerah", 1)]


async def test_only_the_curator_of_the_region_exports(registry: RegistryService) -> None:
    path = f"/exports/agencies.csv?region={REGION}"
    for who, status in ((None, 401), ("curator-71", 403), ("executive", 403), ("operator", 403), ("agency:x", 403)):
        assert (await registry.by(who)("GET", path)).status_code == status
    refused = await registry.by("curator")("GET", f"/exports/all.csv?region={REGION}")
    assert refused.status_code == 422
