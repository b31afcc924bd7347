"""Imports on both engines: the same tables, reports by pages, the list of imports."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from services.registry.imports import tables
from shared.ports.files import StoredFile
from shared.ports.store import AUDIT
from tests.contract.registry.test_imports import AGENCIES, PAST
from tests.support.registry_service import running_registry
from tests.support.store_engines import Engine, store_at
from tests.support.tables import findings, imported, send, workbook

WRONG = [("Nama", "Jenis"), *((f"Dinas {number}", "Kantor") for number in range(210))]


async def test_tables_come_in_and_change_nothing_the_second_time(either: Engine, tmp_path: Path) -> None:
    async with running_registry(tmp_path, own_store=store_at(either.name, either.where)) as registry:
        await registry.region()
        ends = [
            await imported(registry, sheet, workbook({"Lembar": rows}), key=f"{sheet} {turn}")
            for turn in range(2)
            for sheet, rows in (("agencies", AGENCIES), ("innovations", PAST))
        ]

    assert [(each["status"], each["created"], each["updated"], each["unchanged"]) for each in ends] == [
        ("done", 4, 0, 0),
        ("done", 3, 0, 0),
        ("done", 0, 0, 4),
        ("done", 0, 0, 3),
    ]


async def test_a_long_report_is_read_by_pages_and_imports_are_listed_newest_first(
    either: Engine, tmp_path: Path
) -> None:
    async with running_registry(tmp_path, own_store=store_at(either.name, either.where)) as registry:
        await registry.region()
        runs = [
            await imported(registry, "agencies", workbook({"OPD": rows}), key=str(number))
            for number, rows in enumerate((WRONG, AGENCIES, WRONG))
        ]
        for limit in (30, 200):
            report = await findings(registry, runs[0]["id"], limit=limit)
            assert [each["row"] for each in report] == list(range(2, 212))
        listed = (await registry.by("curator")("GET", "/imports", params={"limit": 2})).json()
        rest = (await registry.by("curator")("GET", "/imports", params={"after": listed["next"]})).json()

    assert [each["id"] for each in (*listed["items"], *rest["items"])] == [each["id"] for each in reversed(runs)]


async def test_the_files_of_imports_are_kept_while_something_refers_to_them(tmp_path: Path) -> None:
    async with running_registry(tmp_path) as registry:
        await registry.region()
        done = await imported(registry, "agencies", workbook({"OPD": AGENCIES}))

        kept = await registry.files.stat(done["digest"])

    assert isinstance(kept, StoredFile)
    assert kept.media_type == "application/gzip"


async def test_what_an_import_changes_is_audited_as_its_curator_s_doing(tmp_path: Path) -> None:
    async with running_registry(tmp_path) as registry:
        await registry.region()
        await registry.owed_events()
        done = await imported(registry, "agencies", workbook({"OPD": AGENCIES}))
        entries = [
            json.loads(event.body)
            for owed in await registry.store.claim_owed(100, timedelta(minutes=1))
            for event in owed.events
            if event.type == AUDIT and owed.kind == "agency"
        ]

    assert {(each["account"], each["role"], each["through"]) for each in entries} == {
        ("account-curator", "import", f"import/{done['id']}")
    }


class Crash(BaseException):
    """The process ends here."""


async def test_a_crash_while_a_file_is_read_begins_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running_registry(tmp_path) as registry:
        await registry.region()
        made = await send(registry, "agencies", workbook({"OPD": AGENCIES}))
        with monkeypatch.context() as crashing:

            def crash(*_: object) -> None:
                raise Crash

            crashing.setattr(tables, "read_tables", crash)
            with pytest.raises(Crash):
                await registry.loops["imports"]()
    async with running_registry(tmp_path) as registry:
        await registry.loops["imports"]()
        done = (await registry.by("curator")("GET", f"/imports/{made['id']}")).json()

    assert (done["status"], done["created"]) == ("done", 4)
