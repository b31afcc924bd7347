"""Round trips of any tables, on both engines: what is imported comes out, goes in again without a change, and makes the
same tables in another installation."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from shared.tables.columns import SHEETS
from shared.tables.writing import csv_lines
from tests.contract.registry.exports.any_tables import AnyOffice
from tests.contract.registry.exports.test_tables import KINDS, exported, put_in, require_unchanged
from tests.support.registry_service import running_registry
from tests.support.store_engines import Engine, store_at

CASES = 20 if os.environ.get("SOAK_SECONDS") else 1


@pytest.mark.parametrize("case", range(CASES))
async def test_any_tables_come_in_and_out_and_in_again(either: Engine, tmp_path: Path, case: int) -> None:
    seed = int(os.environ.get("SEED", random.randrange(2**32))) + case
    print(f"SEED={seed}")
    office = AnyOffice(random.Random(seed))
    async with running_registry(tmp_path / "one", own_store=store_at(either.name, either.where)) as registry:
        await registry.region()
        rows = {"agencies": office.agencies(), "innovations": office.innovations(), "commitments": office.commitments()}
        for sheet in KINDS:
            done = await put_in(registry, sheet, b"".join(csv_lines(SHEETS[sheet], rows[sheet])), sheet)
            assert done["created"] == len(rows[sheet])
        await registry.owed_events()

        for format in ("csv", "xlsx"):
            await require_unchanged(registry, format)
        bodies = {sheet: await exported(registry, sheet) for sheet in KINDS}

    async with running_registry(tmp_path / "two") as other:
        await other.region()
        for sheet in KINDS:
            await put_in(other, sheet, bodies[sheet], sheet)
        assert {sheet: await exported(other, sheet) for sheet in KINDS} == bodies


def test_the_drawn_tables_use_every_column() -> None:
    """So that a column which is added is exported too."""
    office = AnyOffice(random.Random(1))
    drawn = {"agencies": office.agencies(), "innovations": office.innovations(300), "commitments": office.commitments()}

    used = {
        sheet: {key for row in rows for key, value in row.items() if value is not None} for sheet, rows in drawn.items()
    }

    for sheet, keys in used.items():
        assert {column.key for column in SHEETS[sheet].columns} - keys <= {"id"}, sheet
