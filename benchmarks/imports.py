"""Importing a large table into the embedded process: seconds and memory, as an office would send it.

    python -m benchmarks.imports [INNOVATIONS] [WORDS]

Made up, and so labelled (default 10,000 past innovations of 200 agencies with texts of 320 words). The workbook is sent
over HTTP; the process with all services is measured from outside until its last innovation has a scorecard.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.system.embedded import embedded, settings_of
from benchmarks.system.measuring import System
from benchmarks.system.usage import usage
from shared.auth import keys
from shared.auth.policy import Role
from shared.clock import machine_seconds
from shared.tables.columns import AGENCIES, INNOVATIONS
from shared.tables.writing import Row, write_workbook

REGION = "61.12"
AGENCY_COUNT = 200
POLL = 0.5  # seconds
_TERMS = {
    "code": REGION,
    "name": "Kabupaten buatan",
    "zone": "Asia/Pontianak",
    "catalogue": "2026.1",
    "policy": {"obliged_kinds": ["dinas"]},
}
_WORDS = (
    *("dasar", "hukum", "masalah", "pelayanan", "warga", "antre", "perangkat", "daerah", "aplikasi", "data", "laporan"),
    *("hasil", "manfaat", "cara", "kerja", "waktu", "biaya", "pembaruan", "kecamatan", "desa", "puskesmas", "sekolah"),
    *("pasar", "petani", "nelayan", "usaha", "kecil", "jaringan", "tahap", "uji", "coba", "anggaran", "regulasi"),
)


def agency_rows() -> list[Row]:
    return [
        {"name": f"Dinas buatan {number}", "kind": "dinas", "obliged_from": "all"} for number in range(AGENCY_COUNT)
    ]


def innovation_row(number: int, words: int) -> Row:
    dice = random.Random(number)
    year = 2021 + number % 5
    handed_in = date(year, 1, 1) + timedelta(days=dice.randrange(300))
    row: dict[str, Any] = {
        "agency": f"Dinas buatan {number % AGENCY_COUNT}",
        "year": year,
        "name": f"Inovasi buatan {number}",
        "status": "verified" if number % 4 else "submitted",
        "first_submitted_on": handed_in,
        "decided_on": handed_in + timedelta(days=30) if number % 4 else None,
        "stage": "penerapan",
        "initiator": "opd",
        "classification": "perangkat_daerah",
        "nature": "digital",
        "form": "pelayanan_publik",
        "main_affair": "kesehatan",
        "design": " ".join(dice.choices(_WORDS, k=words)),
        **{key: " ".join(dice.choices(_WORDS, k=40)) for key in ("purpose", "benefit", "outcome")},
    }
    levels = {f"level.{place}": dice.randint(1, 3) for place in range(16, 36)}
    return row | levels | ({f"verified.{place}": dice.randint(0, 3) for place in range(16, 36)} if number % 4 else {})


@dataclass(frozen=True)
class Part:
    """seconds: by the clock; cpu: seconds of the processor; before, most, peak: MB of the process."""

    sheet: str
    status: str
    seconds: float
    cpu: float
    before: float
    most: float
    peak: float


class Office:
    """Sends tables as a curator. told: gets each part of an import that has ended."""

    def __init__(self, system: System, http: httpx2.AsyncClient, told: Callable[[Part], None]) -> None:
        self._system = system
        self._http = http
        self._told = told

    async def region(self, operator: str) -> None:
        headers = {"Authorization": f"Bearer {operator}"}
        (await self._http.post("/registry/v1/regions", json=_TERMS, headers=headers)).raise_for_status()

    async def bring(self, sheet: str, file: Path) -> None:
        """Import a sheet, and tell what each part of it took."""
        pid = next(pid for pid in self._system.pids.values() if pid is not None)
        before, began, status, rss = usage(pid), machine_seconds(), "reading", 0.0
        with file.open("rb") as body:
            sent = await self._http.post(
                "/registry/v1/imports",
                params={"region": REGION, "sheet": sheet},
                files={"file": (file.name, body.read(), "application/octet-stream")},
                headers={"Idempotency-Key": str(uuid.uuid4())},
            )
        sent.raise_for_status()
        place = f"/registry/v1/imports/{sent.json()['id']}"
        while True:
            run = (await self._http.get(place)).json()
            rss = max(rss, usage(pid).rss)
            if run["status"] != status or run["finished_at"]:
                now = usage(pid)
                seconds, cpu = machine_seconds() - began, now.cpu - before.cpu
                self._told(Part(sheet, status, seconds, cpu, before.rss, rss, now.peak))
                status = run["status"]
            if run["finished_at"]:
                break
            await asyncio.sleep(POLL)
        assert run["status"] == "done", run

    async def scored(self, count: int) -> Part:
        """Wait until scoring knows all innovations."""
        pid = next(pid for pid in self._system.pids.values() if pid is not None)
        before, began = usage(pid), machine_seconds()
        while True:
            found = 0
            for year in range(2021, 2026):
                query: dict[str, str | int] = {"region": REGION, "year": year, "measure": "claimed", "limit": 1}
                answer = await self._http.get("/scoring/v1/rankings", params=query)
                answer.raise_for_status()
                found += answer.json().get("total") or 0
            if found >= count or machine_seconds() - began > 600:
                break
            await asyncio.sleep(POLL)
        now = usage(pid)
        assert found >= count, found
        seconds, cpu = machine_seconds() - began, now.cpu - before.cpu
        return Part("innovations", "scored", seconds, cpu, before.rss, now.rss, now.peak)


async def measure(
    system: System, operator: str, folder: Path, *, count: int, words: int, told: Callable[[Part], None]
) -> None:
    """Import the agencies and the innovations, and wait for their scorecards."""
    headers = {"Authorization": f"Bearer {system.token}"}
    async with httpx2.AsyncClient(base_url=system.url, headers=headers, timeout=120, trust_env=False) as http:
        office = Office(system, http, told)
        await office.region(operator)
        for sheet, rows in (
            (AGENCIES, agency_rows()),
            (INNOVATIONS, (innovation_row(number, words) for number in range(count))),
        ):
            file = folder / f"{sheet.key}.xlsx"
            write_workbook(file, [(sheet, rows)])
            await office.bring(sheet.key, file)
        told(await office.scored(count))


def imported(count: int, words: int, told: Callable[[Part], None]) -> None:
    """Start the embedded process and import so many innovations of so many words."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        with embedded(folder) as system:
            settings = settings_of(folder)
            operator = keys.issue(settings.root, keys.Grant("benchmark", Role.OPERATOR, None), timedelta(hours=2))
            asyncio.run(measure(system, operator, Path(name), count=count, words=words, told=told))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    words = int(sys.argv[2]) if len(sys.argv) > 2 else 320
    print(f"{count} innovations of {AGENCY_COUNT} agencies, {words} words each; made up")

    def told(part: Part) -> None:
        took = f"{part.seconds:6.1f} s, processor {part.cpu:6.1f} s"
        memory = f"rss {part.before:4.0f} → {part.most:4.0f} MB, peak {part.peak:4.0f} MB"
        print(f"{part.sheet:12} {part.status:9} {took}; {memory}", flush=True)

    imported(count, words, told)


if __name__ == "__main__":
    main()
