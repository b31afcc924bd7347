"""A process that imports tables of 30 rows, and may kill itself: ``python -m tests.support.faults.import_process SHEET
FOLDER ENGINE PLACE WHERE``.

SHEET is `contacts`, imported by notifications, or one of the registry's. ENGINE and PLACE are the registry's store;
notifications has its own in FOLDER. WHERE is as in `killed_process`; it counts from when the table has been accepted.
Every run sends the same table under the same key.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from tests.support.faults.killed_process import kill_at
from tests.support.notifications_api import DINKES, DINSOS, notifications_api
from tests.support.registry_service import REGION, running_registry
from tests.support.store_engines import store_at
from tests.support.tables import send

COUNT = 30
NEVER = "never"
_WHAT = ("OPD", "Tahun", "Judul inovasi", "Status", "Tanggal pengajuan")
_FORM = {
    "Tahapan": "Penerapan",
    "Inisiator": "OPD",
    "Klasifikasi": "Perangkat Daerah",
    "Jenis": "Digital",
    "Bentuk": "Pelayanan publik",
    "Urusan utama": "Kesehatan",
}
TABLES: dict[str, list[tuple[Any, ...]]] = {
    "agencies": [
        ("Nama", "Jenis", "Induk"),
        *((f"Dinas {n}", "Dinas", f"Dinas {n - 1}" if n % 10 == 9 else None) for n in range(COUNT)),
    ],
    "innovations": [
        (*_WHAT, *_FORM, "16", "Tujuan"),
        *(
            (f"Dinas {n}", 2025, f"Inovasi {n}", "Diajukan", "2025-05-06", *_FORM.values(), 1 + n % 3, "Tujuan")
            for n in range(COUNT)
        ),
    ],
    "commitments": [
        ("OPD", "Tahun", "Nomor perjanjian", "Tanggal perjanjian", "Inovasi yang dijanjikan"),
        *((f"Dinas {n}", 2026, f"{n}/PI/2026", "2026-01-12", f"Janji {n}; Janji lain") for n in range(COUNT)),
    ],
    "contacts": [
        ("Nama", "Surel", "No HP", "OPD"),
        *((f"Orang {n}", f"o{n}@x.example", f"0812-3456-{7000 + n}", (DINKES, DINSOS)[n % 2]) for n in range(COUNT)),
    ],
}


async def import_table(sheet: str, folder: Path, engine: str, place: str, where: str) -> None:
    """Send the table and finish its import."""
    if sheet == "contacts":
        await _contacts(folder, where)
        return
    async with running_registry(folder, own_store=store_at(engine, place)) as registry:  # type: ignore[arg-type]
        if (await registry.by("operator")("GET", "/regions")).json()["items"] == []:
            await registry.region()
        if sheet != "agencies":
            await send(registry, "agencies", _csv("agencies"), key="agencies", name="tabel.csv")
            await registry.loops["imports"]()
        await send(registry, sheet, _csv(sheet), key="table", name="tabel.csv")
        _arm(where)
        await registry.loops["imports"]()


async def _contacts(folder: Path, where: str) -> None:
    async with notifications_api(folder) as api:
        headers = {"Idempotency-Key": "table", "Content-Type": "text/csv"}
        sent = await api.request(
            "curator",
            "POST",
            "/contacts/imports",
            params={"region": REGION},
            content=_csv("contacts"),
            headers=headers,
        )
        assert sent.status_code == 201, sent.text
        _arm(where)
        await api.service.parts.contact_tables.run()


def _csv(sheet: str) -> bytes:
    """The same bytes in every run; a semicolon within a cell is quoted."""
    rows = [[f'"{cell}"' if ";" in str(cell) else str(cell or "") for cell in row] for row in TABLES[sheet]]
    return "\n".join(";".join(row) for row in rows).encode()


def _arm(where: str) -> None:
    if where != NEVER:
        kill_at(where)


if __name__ == "__main__":
    asyncio.run(import_table(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:6]))
