"""Imports of the signed Perjanjian Inovasi."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.support.registry_service import running_registry
from tests.support.tables import findings, imported, workbook

ROWS = [
    ("OPD", "Tahun", "Nomor", "Tanggal", "Rencana inovasi"),
    ("Dinas Kesehatan", 2026, "1/PI/2026", date(2026, 2, 3), "Satu; Dua"),
    ("Dinas Kesehatan", 2026, "1/PI/2026", date(2026, 2, 3), "Tiga"),
    ("Dinas Sosial", 2026, "2/PI/2026", "3 Februari 2026", None),
]


async def test_commitments_come_in_once_with_all_their_promises(tmp_path: Path) -> None:
    async with running_registry(tmp_path) as registry:
        await registry.region()
        agency = await registry.agency("Dinas Kesehatan")
        await registry.agency("Dinas Sosial")

        first = await imported(registry, "commitments", workbook({"Perjanjian": ROWS}), key="a")
        await registry.owed_events()
        again = await imported(registry, "commitments", workbook({"Perjanjian": ROWS}), key="b")

        assert (first["status"], first["rows"], first["created"]) == ("done", 3, 2)
        assert (again["unchanged"], await registry.owed_types()) == (2, [])
        stored = await registry.store.get("commitment", f"{agency}/2026")
        assert stored is not None
        assert [each["name"] for each in stored.state["promises"]] == ["Satu", "Dua", "Tiga"]


async def test_a_commitment_that_cannot_be_is_reported(tmp_path: Path) -> None:
    async with running_registry(tmp_path) as registry:
        await registry.region()
        await registry.agency("Dinas Kesehatan")
        rows = [
            ROWS[0],
            ("Dinas Kesehatan", 2026, "1/PI/2026", date(2026, 12, 3), "Satu"),
            ("Dinas Lain", 2026, "1/PI/2026", date(2026, 2, 3), "Satu"),
            ("Dinas Kesehatan", 2026, "3/PI/2026", date(2026, 2, 3), "Satu"),
        ]

        done = await imported(registry, "commitments", workbook({"Perjanjian": rows}))

        assert done["status"] == "refused"
        assert {(each["row"], each["code"]) for each in await findings(registry, done["id"])} == {
            (2, "malformed"),
            (3, "unknown"),
            (4, "duplicate"),
        }
