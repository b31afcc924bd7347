"""`satu audit verify`, `list` and `export` as an operator runs them."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.registry.kinds import KINDS
from shared.adapters.sqlite.store import SqliteStore
from shared.ports.audit import ENTRY
from shared.storage.audit.sealing import Sealing
from tests.support.audit.notes import put
from tests.support.commands import satu


@pytest.fixture
async def environment(tmp_path: Path) -> dict[str, str]:
    """A registry with three entries on two days, of which the first is sealed."""
    data = tmp_path / "data"
    store = SqliteStore(data / "registry.sqlite")
    await store.open(KINDS)
    await put(store, "2026-01-01", "a", 1)
    await put(store, "2026-01-01", "b", 2)
    await put(store, "2026-01-02", "a", 3)
    await Sealing(store, lambda: datetime(2026, 1, 2, 3, tzinfo=UTC)).run()
    await store.close()
    return {"DATA_DIR": str(data)}


ONLY = ("--service", "registry")


async def test_the_log_is_verified_with_the_seal_that_was_kept(environment: dict[str, str]) -> None:
    done = await satu(environment, "audit", "verify", *ONLY)

    first, second = done.out.splitlines()
    assert first == "registry: 3 entries on 1 sealed days, 1 not sealed yet: as it was sealed"
    kept = second.removeprefix("registry: last seal ")
    await satu(environment, "audit", "verify", *ONLY, "--seal", kept)
    other = await satu(environment, "audit", "verify", *ONLY, "--seal", f"{kept[:-4]}0000", status=1)
    assert "as you know it" in other.out
    await satu(environment, "audit", "verify", *ONLY, "--seal", "registry", status=2)


async def test_an_entry_that_was_removed_is_found(environment: dict[str, str]) -> None:
    store = SqliteStore(Path(environment["DATA_DIR"]) / "registry.sqlite")
    await store.open(KINDS)
    await store.erase(ENTRY.name, "2026-01-01/note/b/0000000000000002")
    await store.close()

    done = await satu(environment, "audit", "verify", *ONLY, status=1)

    assert "registry: 2026-01-01: 1 entries; 2 were sealed" in done.out


async def test_entries_are_listed_and_exported(environment: dict[str, str], tmp_path: Path) -> None:
    listed = await satu(environment, "audit", "list", *ONLY, "--document", "note/a", "--from", "2026-01-02")
    file = tmp_path / "audit.csv"
    exported = await satu(environment, "audit", "export", str(file), *ONLY)

    (entry,) = map(json.loads, listed.out.splitlines())
    assert entry["sequence"] == "0000000000000003"
    assert exported.out == f"3 entries in {file}\n"
    lines = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert [(each["Layanan"], each["Dokumen"]) for each in lines] == [
        ("registry", "note/a"),
        ("registry", "note/b"),
        ("registry", "note/a"),
    ]
    await satu(environment, "audit", "export", str(file), *ONLY, status=2)
