"""A crash at every row of an import of 30 (two in `make test`, all in `make soak`), and while the file is read:
nothing, or in the end all."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from services.registry.imports import runner, tables
from services.registry.imports.agencies import AgencyImport
from services.registry.imports.innovations import InnovationImport
from services.registry.imports.planned import Step
from services.registry.imports.sheet_import import Context
from tests.contract.registry.test_imports import FILLED, HEAD
from tests.support.registry_service import RegistryService, running_registry
from tests.support.tables import send, workbook

AGENCIES = [("Nama", "Jenis"), *((f"Dinas {number}", "Dinas") for number in range(30))]
INNOVATIONS = [
    HEAD,
    *(
        (f"Dinas {n}", 2025, f"Inovasi {n}", "Diajukan", "2025-05-06", None, *FILLED, 1 + n % 3, None)
        for n in range(30)
    ),
]


class Crash(BaseException):
    """The process ends here."""


def crash_at(place: int, monkeypatch: pytest.MonkeyPatch, *, after: bool) -> None:
    """End the process before or after the step with this number."""
    steps = 0
    for kind in (AgencyImport, InnovationImport):
        real = kind.apply

        async def apply(self: AgencyImport, context: Context, step: Step, real=real) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
            nonlocal steps
            steps += 1
            if steps - 1 == place and not after:
                raise Crash
            await real(self, context, step)
            if steps - 1 == place and after:
                raise Crash

        monkeypatch.setattr(kind, "apply", apply)


async def end_state(registry: RegistryService) -> tuple[list[object], list[str]]:
    """What is stored in the end, without times, and the subjects of all owed events."""
    rows: list[object] = []
    for kind, fields in (
        ("agency", ("name", "kind")),
        ("innovation", ("status", "profile.name", "evidence", "history")),
    ):
        async for row in registry.store.scan(kind, {}, fields):
            entries = [each["action"] for each in row.get("history") or ()]
            rows.append((row.id, {**row, "history": entries}))
    return rows, sorted(event.subject for event, _ in await registry.owed_events())


@pytest.mark.parametrize(("sheet", "rows"), [("agencies", AGENCIES), ("innovations", INNOVATIONS)])
async def test_a_crash_at_any_row_of_an_import_leaves_no_trace_in_the_end(
    sheet: str, rows: list[tuple[object, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "_AT_ONCE", 1)
    monkeypatch.setattr(runner, "_BATCH", 7)
    expected, told = None, None
    places = range(30) if "SOAK_SECONDS" in os.environ else random.sample(range(30), 2)
    print("crashes at", places)

    for place in (None, *places):
        folder = tmp_path / str(place)
        folder.mkdir()
        async with running_registry(folder) as registry:
            await registry.region()
            if sheet == "innovations":
                await send(registry, "agencies", workbook({"OPD": AGENCIES}), key="agencies")
                await registry.loops["imports"]()
            made = await send(registry, sheet, workbook({"Lembar": rows}), key="innovations")
            with monkeypatch.context() as crashing:
                if place is not None:
                    crash_at(place, crashing, after=place % 2 == 1)
                    with pytest.raises(Crash):
                        await registry.loops["imports"]()
        async with running_registry(folder) as registry:
            await registry.loops["imports"]()
            done = (await registry.by("curator")("GET", f"/imports/{made['id']}")).json()
            assert (done["status"], done["place"], done["created"], done["skipped"]) == ("done", 30, 30, 0)
            found = await end_state(registry)
        expected, told = (expected or found[0]), (told or found[1])
        assert found == (expected, told)


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

    assert (done["status"], done["created"]) == ("done", 30)
