"""A crash while the file of an import is read. Those at its rows: `test_kill_importing.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.registry.imports import tables
from tests.support.registry_service import running_registry
from tests.support.tables import send, workbook

AGENCIES = [("Nama", "Jenis"), *((f"Dinas {number}", "Dinas") for number in range(30))]


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

    assert (done["status"], done["created"]) == ("done", 30)
