"""SIGKILL at every row of an import of 30, in the registry on both engines and in notifications: nothing, or in the end
all, as if nothing had happened. One row drawn by the seed in `make test`, every row in `make soak`."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path
from typing import Any

import pytest

from shared.ports.store import Store
from tests.servers.mongo import fresh_database
from tests.support.faults.import_process import COUNT, NEVER, import_table
from tests.support.forks.process import environment_with, output_of
from tests.support.notifications_api import notifications_api
from tests.support.registry_service import running_registry
from tests.support.store_engines import store_at

ALL = bool(os.environ.get("SOAK_SECONDS"))
KINDS = {"agencies": "agency", "innovations": "innovation", "commitments": "commitment", "contacts": "contact"}
"""Sheet → the kind of document of its rows."""

FIELDS = {
    "agency": ("name", "kind", "parent", "key", "region"),
    "agency_name": (),
    "innovation": ("status", "agency", "profile", "evidence", "first_submitted_at", "imported", "history"),
    "commitment": ("number", "dated", "promises", "agency"),
    "contact": ("name", "email", "phone", "agencies", "address_revision", "reachable"),
    "membership": ("agency", "person"),
}
"""What the end states have in common; times and sequences differ."""


def places(sheet: str) -> list[str]:
    """Where the process kills itself: after a row, and between two of its steps."""
    rows = [f"change.committed@{KINDS[sheet]}/#{number}" for number in range(1, COUNT + 1)]
    decided = [f"change.decided@{KINDS[sheet]}/#{number}" for number in (1, COUNT)]
    run = [f"change.committed@{'contact_import' if sheet == 'contacts' else 'import'}/#1"]
    return [*rows, *decided, *run] if ALL else [random.choice(rows)]


async def state_of(store: Store, kinds: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    """Everything that an import leaves behind, without times."""
    found: dict[str, Any] = {}
    for kind, fields in kinds.items():
        async for row in store.scan(kind, {}, fields):
            state = {field: row[field] for field in fields}
            if "history" in state:
                state["history"] = [each["action"] for each in state["history"]]
            found[f"{kind}/{row.id}"] = state
    return found


async def registry_state(folder: Path, engine: str, place: str) -> dict[str, Any]:
    async with running_registry(folder, own_store=store_at(engine, place)) as registry:  # type: ignore[arg-type]
        listed = (await registry.by("curator")("GET", "/imports")).json()["items"]
        runs = sorted(
            (each["sheet"], each["status"], each["place"], each["created"], each["skipped"]) for each in listed
        )
        owed = sorted({event.subject for event, _ in await registry.owed_events()})
        kinds = {kind: fields for kind, fields in FIELDS.items() if kind not in ("contact", "membership")}
        return {"imports": runs, "owed": owed, **await state_of(registry.store, kinds)}


async def contacts_state(folder: Path) -> dict[str, Any]:
    async with notifications_api(folder) as api:
        store = api.service.store
        kinds = {kind: fields for kind, fields in FIELDS.items() if kind in ("contact", "membership")}
        runs = [
            (row["status"], row["place"], row["body"])
            async for row in store.scan("contact_table", {}, ("status", "place", "body"))
        ]
        left = [row["rows"] async for row in store.scan("contact_import", {}, ("rows",))]
        return {"imports": runs, "left": left, **await state_of(store, kinds)}


async def run(*arguments: str) -> int:
    """One process; its exit code."""
    done = await output_of(
        "tests.support.faults.import_process", *arguments, environment=environment_with({}), within=120
    )
    assert done.status in (0, -signal.SIGKILL), done
    return done.status


@pytest.mark.timeout(1800 if ALL else 180)
@pytest.mark.parametrize("engine", ["sqlite", pytest.param("motor", marks=pytest.mark.mongo)])
async def test_the_registry_is_killed_at_a_row(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    def place_in(folder: Path) -> str:
        folder.mkdir(parents=True)
        file = str(folder / "registry.sqlite")
        return file if engine == "sqlite" else fresh_database(request.getfixturevalue("mongo_url"))

    sheets = [sheet for sheet in KINDS if sheet != "contacts"]
    for sheet in sheets if ALL else random.sample(sheets, 1):
        whole = tmp_path / sheet
        place = place_in(whole)
        await import_table(sheet, whole, engine, place, NEVER)
        expected = await registry_state(whole, engine, place)
        assert (sheet, "done", COUNT + 3 * (sheet == "agencies"), COUNT, 0) in expected["imports"]
        for number, where in enumerate(places(sheet)):
            print(f"{sheet} on {engine}, killed at {where}")
            folder = whole / str(number)
            place = place_in(folder)

            assert await run(sheet, str(folder), engine, place, where) == -signal.SIGKILL
            assert await run(sheet, str(folder), engine, place, NEVER) == 0

            assert await registry_state(folder, engine, place) == expected


@pytest.mark.timeout(900 if ALL else 120)
async def test_notifications_is_killed_at_a_row(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    await import_table("contacts", whole, "", "", NEVER)
    expected = await contacts_state(whole)
    assert expected["imports"] == [("done", COUNT, "")]
    assert expected["left"] == [[]]
    for number, where in enumerate(places("contacts")):
        print(f"killed at {where}")
        folder = tmp_path / str(number)
        folder.mkdir()

        assert await run("contacts", str(folder), "", "", where) == -signal.SIGKILL
        assert await run("contacts", str(folder), "", "", NEVER) == 0

        assert await contacts_state(folder) == expected
