"""How long the portal's pages take over HTTP with 36,742 innovations of 1,000 agencies in its read model, how much they
transfer, and what Lighthouse says of them on a slow telephone.

    python -m benchmarks.portal_pages [--size tiny|quick|normal|full] [--out FILE]

One process with all services on SQLite, as `satu up` runs them. The registry is empty: a part that an owner would fill
is answered by a refusal. Lighthouse is installed by npm once; without npm or Chromium the section says so.
"""

from __future__ import annotations

import asyncio
import gzip
import random
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from uuid import uuid4

import httpx2

from benchmarks.lighthouse import LighthouseMissing, scores
from benchmarks.report.section import Section, number
from benchmarks.report.size import Size, command
from benchmarks.system.data import NATION
from benchmarks.system.drafts import REGION_CODE
from benchmarks.system.embedded import embedded
from benchmarks.system.portal_data import AGENCIES, YEARS, agency_id, filled_portal, words
from services.portal.accounts.account import Account
from services.portal.accounts.repositories import account_repository
from services.portal.accounts.session import Step
from services.portal.accounts.sessions import Sessions
from services.portal.kinds import KINDS
from services.portal.pages.session import PLAIN_COOKIE
from shared.adapters.sqlite.store import SqliteStore
from shared.auth.policy import Role
from shared.clock import Clock

LONGEST = 50.0  # ms at the 95th percentile of every page
LEAST = 95.0  # points of Lighthouse, on a telephone
FIRST_LOAD, SCRIPTS, LATER = 60_000, 20_000, 12_000  # bytes transferred

_ASSET = re.compile(r'(?:src|href)="(/[^"]+\.(?:js|css|svg))"')


def portal_pages_section(size: Size) -> Section:
    """Pages of the public, an executive, a curator and an agency."""
    section = Section(
        "portal_pages",
        "The portal's pages",
        f"{NATION:,} innovations of {AGENCIES:,} agencies in one region; one request after the other over HTTP, from "
        "another process. kB: transferred, gzip.",
        ["page", "p50 ms", "p95 ms", "kB"],
        size.counts,
    )
    innovations = size.choose(tiny=200, quick=4_000, normal=NATION)
    agencies = size.choose(tiny=20, quick=200, normal=AGENCIES)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "data"
        folder.mkdir()
        cookies = asyncio.run(_prepared(folder, innovations, agencies))
        with embedded(folder) as system:
            _pages(section, system.url, cookies, agencies, size.choose(tiny=2, quick=20, normal=100))
            if size.counts:
                _lighthouse(section, system.url)
    return section


async def _prepared(folder: Path, innovations: int, agencies: int) -> dict[Role, str]:
    """Fill the store; role → the cookie of a session."""
    async with filled_portal(folder, innovations, agencies):
        pass
    store = SqliteStore(folder / "portal.sqlite")
    await store.open(KINDS)
    try:
        return {role: await _signed_in(store, role) for role in (Role.AGENCY, Role.CURATOR, Role.EXECUTIVE)}
    finally:
        await store.close()


async def _signed_in(store: SqliteStore, role: Role) -> str:
    account = Account(
        name="Pengukuran",
        email=f"{role}@contoh.example",
        role=role,
        region=REGION_CODE,
        agencies=(agency_id(0),) if role is Role.AGENCY else (),
        password="",
        created_at=Clock.machine(),
        by="benchmark",
    )
    made = await account_repository(store).create(str(uuid4()), account)
    return await Sessions(store).begin(made, Step.OPEN)


def _pages(section: Section, url: str, cookies: dict[Role, str], agencies: int, times: int) -> None:
    dice = random.Random(13)
    slowest, heaviest = ("", 0.0), ("", 0)
    for name, (role, path) in _questions(dice, agencies).items():
        headers = {"Accept": "text/html", "Accept-Encoding": "gzip"}
        if role is not None:
            headers["Cookie"] = f"{PLAIN_COOKIE}={cookies[role]}"
        with httpx2.Client(base_url=url, headers=headers, timeout=30, trust_env=False) as client:
            took, size = [], 0
            for _ in range(times):
                began = time.perf_counter()
                answer = client.get(path())
                took.append((time.perf_counter() - began) * 1000)
                answer.raise_for_status()
                size = max(size, int(answer.headers.get("content-length", 0)) or len(gzip.compress(answer.content)))
        p95 = quantiles(took, n=20)[-1]
        section.row(name, number(quantiles(took, n=2)[0], 1), number(p95, 1), number(size / 1000, 1))
        slowest = max(slowest, (name, p95), key=lambda each: each[1])
        heaviest = max(heaviest, (name, size), key=lambda each: each[1])
    told = f"{slowest[1]:.0f} ms ({slowest[0]})"
    section.goal("13", "slowest page, p95", f"≤ {LONGEST:.0f} ms", told, holds=slowest[1] <= LONGEST)
    told = f"{heaviest[1] / 1000:.1f} kB ({heaviest[0]})"
    section.goal("13", "heaviest page", f"≤ {LATER / 1000:.0f} kB", told, holds=heaviest[1] <= LATER)
    first, scripts = _first_load(url)
    told = f"{first / 1000:.1f} kB"
    section.goal("13", "first load", f"≤ {FIRST_LOAD / 1000:.0f} kB", told, holds=first <= FIRST_LOAD)
    told = f"{scripts / 1000:.1f} kB"
    section.goal("13", "JavaScript", f"≤ {SCRIPTS / 1000:.0f} kB", told, holds=scripts <= SCRIPTS)


def _first_load(url: str) -> tuple[int, int]:
    """Bytes of the first page with all it needs, and of its scripts."""
    with httpx2.Client(base_url=url, headers={"Accept-Encoding": "gzip"}, timeout=30, trust_env=False) as client:
        page = client.get("/")
        sizes = {"/": int(page.headers["content-length"])}
        for path in set(_ASSET.findall(page.text)):
            sizes[path] = int(client.get(path).headers["content-length"])
    return sum(sizes.values()), sum(size for path, size in sizes.items() if path.endswith(".js"))


def _questions(dice: random.Random, agencies: int) -> dict[str, tuple[Role | None, Callable[[], str]]]:
    """Name → who asks, and a path with other arguments each time."""

    def year() -> int:
        return dice.choice(YEARS)

    return {
        "the first page": (None, lambda: "/"),
        "the catalogue": (None, lambda: f"/inovasi?tahun={year()}"),
        "the catalogue, searched": (None, lambda: f"/inovasi?cari={dice.choice(words())}"),
        "the ranking": (None, lambda: f"/peringkat?daerah={REGION_CODE}&tahun={year()}"),
        "the executive's page": (Role.EXECUTIVE, lambda: f"/pimpinan?tahun={year()}"),
        "the executive's late list": (Role.EXECUTIVE, lambda: f"/pimpinan/terlambat?tahun={year()}"),
        "the curator's home": (Role.CURATOR, lambda: "/kurator"),
        "the queue": (Role.CURATOR, lambda: "/kurator/antrean"),
        "the compliance board, 200 agencies": (Role.CURATOR, lambda: f"/kurator/kepatuhan?tahun={year()}"),
        "an agency's line": (Role.CURATOR, lambda: f"/kurator/kepatuhan/{agency_id(dice.randrange(agencies))}"),
        "the innovations of a status": (Role.CURATOR, lambda: f"/kurator/inovasi?status=submitted&tahun={year()}"),
        "the agency's home": (Role.AGENCY, lambda: "/opd"),
        "the agency's innovations": (Role.AGENCY, lambda: "/opd/inovasi"),
    }


def _lighthouse(section: Section, url: str) -> None:
    paths = ("/", "/inovasi", "/peringkat", "/masuk")
    try:
        found = scores([f"{url}{path}" for path in paths])
    except LighthouseMissing as missing:
        section.note(f"Lighthouse was not run: {missing}")
        return
    told = {path: found[f"{url}{path}"] for path in paths}
    section.note(
        "Lighthouse on a telephone, performance and accessibility: "
        + "; ".join(f"{path} {each.performance:.0f} and {each.accessibility:.0f}" for path, each in told.items())
        + "."
    )
    for what, least in (
        ("performance", min(each.performance for each in told.values())),
        ("accessibility", min(each.accessibility for each in told.values())),
    ):
        section.goal("13", f"Lighthouse, {what}", f"≥ {LEAST:.0f}", f"{least:.0f}", holds=least >= LEAST)


if __name__ == "__main__":
    command(portal_pages_section, __doc__)
