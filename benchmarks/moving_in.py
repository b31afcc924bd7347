"""Moving in: a region with 200 agencies and five years of history comes in by one workbook, into all services in one
process, ``python -m benchmarks.moving_in [AGENCIES] [YEARS] [FOLDER]``.

Made up. Each agency has an innovation a year with its texts and levels, a commitment a year, and two contacts. Seconds
of each step as the curator sees them: the command's, with its start; `followed` is until scoring and notifications know
everything. FOLDER keeps the workbook and what was downloaded. Nobody is notified.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from datetime import date
from functools import partial
from pathlib import Path

from openpyxl import Workbook

from shared.clock import machine_seconds
from tests.support.client import Regency, eventually
from tests.support.commands import satu
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import NOW
from tests.support.registry_samples import design

THIS_YEAR = 2026
KINDS = ("Dinas", "Badan", "Kecamatan", "Kelurahan", "Puskesmas", "Sekolah")
_LONG = "Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan Keluarga Berencana"
_FORM = ("Penerapan", "OPD", "Perangkat Daerah", "Digital", "Pelayanan publik", "Kesehatan")
_FORM_HEADS = ("Tahapan", "Inisiator", "Klasifikasi", "Jenis", "Bentuk", "Urusan utama")


def write_book(path: Path, agencies: int, years: int) -> None:
    """The office's workbook."""
    book = Workbook(write_only=True)
    names = [f"{KINDS[n % len(KINDS)]} {_LONG if n % 7 == 1 else 'Contoh'} {n}" for n in range(agencies)]
    sheet = book.create_sheet("Perangkat Daerah")
    sheet.append(("Nama perangkat daerah", "Jenis", "Wajib sejak tahun"))
    for number, name in enumerate(names):
        sheet.append((name, KINDS[number % len(KINDS)], "semua tahun"))
    sheet = book.create_sheet("Kontak")
    sheet.append(("Nama", "Perangkat daerah", "Peran", "Surel"))
    for number, name in enumerate(names):
        for role in ("petugas", "kepala"):
            sheet.append((f"{role.title()} Contoh {number}", name, role, f"{role}{number}@contoh.example"))
    signed = book.create_sheet("Perjanjian")
    signed.append(("Perangkat daerah", "Tahun", "Nomor perjanjian", "Tanggal perjanjian", "Inovasi yang dijanjikan"))
    for year in range(THIS_YEAR - years + 1, THIS_YEAR + 1):
        sheet = book.create_sheet(f"Inovasi {year}")
        heads = ("Perangkat daerah", "Tahun", "Nama inovasi", "Status", "Tanggal pengajuan", "Tanggal keputusan")
        prose = ("Rancang bangun", "Tujuan", "Manfaat", "Hasil")
        levels = [f"Level {row}{kind}" for kind in ("", " terverifikasi") for row in range(16, 36)]
        sheet.append((*heads, *_FORM_HEADS, *prose, *levels))
        for number, name in enumerate(names):
            title, first = f"Inovasi {number} tahun {year}", date(year, 1 + number % 5, 1 + number % 28)
            if number % 9 == year % 9:
                continue  # an agency that owes this year
            decided = date(year, 1 + number % 5, 28) if number % 4 else None
            status = "Terverifikasi" if decided else "Diajukan"
            texts = (design(320), "Mempercepat layanan.", "Waktu warga berkurang.", "Dari lima hari menjadi satu.")
            claimed = [1 + (number + row) % 3 for row in range(20)]
            verified = [max(level - 1, 1) for level in claimed] if decided else [None] * 20
            sheet.append((name, year, title, status, first, decided, *_FORM, *texts, *claimed, *verified))
            signed.append((name, year, f"PI/{number}/{year}", date(year, 1, 20), title))
    book.save(path)


async def main() -> None:
    agencies, years, *rest = (*sys.argv[1:], *("200", "5")[max(len(sys.argv) - 1, 0) :])
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(rest[0]) if rest else Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        book = folder / "kantor.xlsx"
        write_book(book, int(agencies), int(years))
        environment = {"BUSINESS_TIME": NOW}
        async with RunningSystem(Path(temporary) / "up", environment, smtp="smtp://127.0.0.1:9") as system:
            await system.process.ready()
            async with Regency(system.url, system.issue) as regency:
                await regency.found()
                await _move(system, regency, book, folder, int(years))


async def _move(system: RunningSystem, regency: Regency, book: Path, folder: Path, years: int) -> None:
    began = machine_seconds()

    def took(what: str) -> None:
        nonlocal began
        print(f"{what:28} {machine_seconds() - began:7.1f} s", flush=True)
        began = machine_seconds()

    where = ("--region", regency.code, "--url", system.url)
    environment = system.process.environment
    place = f"/registry/v1/regions/{regency.code}"
    policy = {"obliged_kinds": [each.lower() for each in KINDS[:3]], "minimum": 1, "counts_when": "verified"}
    terms = {"from_year": THIS_YEAR - years + 1, "decree": "SE 1 (contoh)", "community_counts": True, **policy}
    await regency.curator.change("POST", f"{place}/policies", terms, of=place)
    took("start")
    for command in ("--dry-run", "", ""):
        done = await satu(environment, "import", str(book), *where, *([command] if command else []))
        took(f"import {command}")
        print("\n".join(line for line in done.out.splitlines() if " rows, " in line))
    await system.wait_until_idle(within=900)
    took("followed")
    for year in range(THIS_YEAR - years + 1, THIS_YEAR + 1):
        await regency.deadline(year, date(year, 5, 29) if year == THIS_YEAR else date(year, 12, 31))
    recap = f"/notifications/v1/recaps/{regency.code}/{THIS_YEAR}"
    read = partial(regency.curator.get, recap)
    await eventually(read, lambda it: it["totals"]["overdue"] and not it["totals"]["without_deadline"], within=900)
    await system.wait_until_idle(within=900)
    took("deadlines, duties")
    for path, name in ((recap, "rekap.json"), *((f"{recap}/{name}", name) for name in _FILES)):
        answer = await regency.curator.raw("GET", path)
        answer.raise_for_status()
        (folder / name.partition("?")[0]).write_bytes(answer.content)
        took(name)
    await satu(environment, "export", str(folder / "keluar.xlsx"), *where)
    took("export")


_FILES = ("recap.xlsx", "recap.pdf", "facts.pdf?kind=dinas")

if __name__ == "__main__":
    asyncio.run(main())
