"""How long the portal's pages take over HTTP with 36,742 innovations of 1,000 agencies in its read model, how much they
transfer, and what Lighthouse says of them on a slow telephone.

    python -m benchmarks.portal_pages [--size tiny|quick|normal|full] [--out FILE]

One process with all services on SQLite, as `satu up` runs them. The registry has one agency with one of each thing that
a page of details shows; the rest of the region is in the read model alone. Lighthouse is installed by npm once; without
npm or Chromium the section says so.
"""

from __future__ import annotations

import asyncio
import gzip
import random
import re
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from statistics import quantiles
from uuid import uuid4

import httpx2

from benchmarks.lighthouse import LighthouseMissing, scores
from benchmarks.report.section import Section, number
from benchmarks.report.size import Size, command
from benchmarks.system.data import NATION
from benchmarks.system.drafts import REGION_CODE
from benchmarks.system.embedded import embedded, settings_of
from benchmarks.system.measuring import System
from benchmarks.system.portal_data import AGENCIES, YEARS, agency_id, filled_portal, words
from benchmarks.system.usage import usage
from services.portal.accounts.account import Account
from services.portal.accounts.repositories import account_repository
from services.portal.accounts.session import Step
from services.portal.accounts.sessions import Sessions
from services.portal.model.kinds import INNOVATION
from services.portal.pages.session import PLAIN_COOKIE
from shared.auth import keys
from shared.auth.policy import Role
from shared.clock import Clock
from shared.ports.store import Store
from shared.runtime.process import Running, running
from tests.support.client import Regency, eventually, issuing
from tests.support.portal.one_of_each import ROW, OneOfEach, one_of_each, region_of

LONGEST = 50.0  # ms at the 95th percentile of every page
LEAST = 95.0  # points of Lighthouse, on a telephone
FIRST_LOAD, SCRIPTS, LATER = 60_000, 20_000, 12_000  # bytes transferred

OWN = "own"  # the account of the agency of which the registry knows
Questions = dict[str, tuple[str, Callable[[], str]]]
"""Name of a page → who asks, nobody if empty, and a path, with other arguments each time."""

_CHOOSING = {
    "messages, by agency": "/kurator/kantor/peringatan/pesan",
    "a message's preview": "/kurator/kantor/peringatan/pratinjau",
    "contacts, by agency": "/kurator/kantor/kontak",
    "a new contact": "/kurator/kantor/kontak/baru",
    "a new exemption": "/kurator/kantor/pengecualian/baru",
    "a new commitment": "/kurator/kantor/perjanjian/baru",
    "a new agency": "/kurator/kantor/opd/baru",
    "an invitation": "/pengguna/undangan/baru",
}
"""Pages that ask for an agency."""

_ASSET = re.compile(r'(?:src|href)="(/[^"]+\.(?:js|css|svg))"')


def portal_pages_section(size: Size) -> Section:
    """Pages of the public, an executive, a curator and an agency."""
    section = Section(
        "portal_pages",
        "The portal's pages",
        f"{NATION:,} innovations of {AGENCIES:,} agencies in one region; one request after the other over HTTP, from "
        "another process. kB: transferred, gzip; CPU: processor time of the portal's process for one page, which other "
        "work on the machine does not lengthen.",
        ["page", "p50 ms", "p95 ms", "CPU ms", "kB"],
        size.counts,
    )
    innovations = size.choose(tiny=200, quick=4_000, normal=NATION)
    agencies = size.choose(tiny=20, quick=200, normal=AGENCIES)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "data"
        folder.mkdir()
        cookies, each = asyncio.run(_prepared(folder, innovations, agencies))
        questions = _questions(random.Random(13), agencies) | _details(each)
        with embedded(folder) as system:
            _pages(section, system, cookies, questions, size.choose(tiny=2, quick=20, normal=100))
            if size.counts:
                _lighthouse(section, system.url)
    return section


async def _prepared(folder: Path, innovations: int, agencies: int) -> tuple[dict[str, str], OneOfEach]:
    """Fill the store, and tell the registry of one of each; who → the cookie of a session."""
    async with filled_portal(folder, innovations, agencies):
        pass
    settings = settings_of(folder).model_copy(update={"log_level": "warning"})
    keys.init(folder, settings.keys)
    async with running(settings) as process:
        year = process.resources["registry"].clock.now().year
        async with Regency(process.url, issuing(folder)) as regency:
            await region_of(regency, REGION_CODE, {year: date(year, 12, 31)})
            each = await one_of_each(regency, year)
        await eventually(lambda: _is_known(process, each))
        store = process.resources["portal"].store
        people = {str(role): (role, agency_id(0)) for role in (Role.AGENCY, Role.CURATOR, Role.EXECUTIVE)}
        people[OWN] = (Role.AGENCY, each.agency)
        cookies = {who: await _signed_in(store, who, role, agency) for who, (role, agency) in people.items()}
    return cookies, each


async def _is_known(process: Running, each: OneOfEach) -> bool:
    """Whether the read model has the innovation with its scorecard."""
    document = await process.resources["portal"].store.get(INNOVATION.name, each.innovation)
    return document is not None and document.state["innovation"] is not None and document.state["card"] is not None


async def _signed_in(store: Store, who: str, role: Role, agency: str) -> str:
    account = Account(
        name="Pengukuran",
        email=f"{who}@contoh.example",
        role=role,
        region=REGION_CODE,
        agencies=(agency,) if role is Role.AGENCY else (),
        password="",
        created_at=Clock.machine(),
        by="benchmark",
    )
    made = await account_repository(store).create(str(uuid4()), account)
    return await Sessions(store).begin(made, Step.OPEN)


def _pages(section: Section, system: System, cookies: dict[str, str], questions: Questions, times: int) -> None:
    slowest, heaviest = ("", 0.0), ("", 0)
    (pid,) = [each for each in system.pids.values() if each]
    for name, (who, path) in questions.items():
        headers = {"Accept": "text/html", "Accept-Encoding": "gzip"}
        if who:
            headers["Cookie"] = f"{PLAIN_COOKIE}={cookies[who]}"
        with httpx2.Client(base_url=system.url, headers=headers, timeout=30, trust_env=False) as client:
            took, size = [], 0
            client.get(path()).raise_for_status()
            used = usage(pid).cpu
            for _ in range(times):
                began = time.perf_counter()
                answer = client.get(path())
                took.append((time.perf_counter() - began) * 1000)
                answer.raise_for_status()
                size = max(size, int(answer.headers.get("content-length", 0)) or len(gzip.compress(answer.content)))
            used = (usage(pid).cpu - used) / times * 1000
        p95 = quantiles(took, n=20)[-1]
        section.row(name, number(quantiles(took, n=2)[0], 1), number(p95, 1), number(used, 1), number(size / 1000, 1))
        slowest = max(slowest, (name, p95), key=lambda each: each[1])
        heaviest = max(heaviest, (name, size), key=lambda each: each[1])
    told = f"{slowest[1]:.0f} ms ({slowest[0]})"
    section.goal("13", "slowest page, p95", f"≤ {LONGEST:.0f} ms", told, holds=slowest[1] <= LONGEST)
    told = f"{heaviest[1] / 1000:.1f} kB ({heaviest[0]})"
    section.goal("13", "heaviest page", f"≤ {LATER / 1000:.0f} kB", told, holds=heaviest[1] <= LATER)
    first, scripts = _first_load(system.url)
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


def _questions(dice: random.Random, agencies: int) -> Questions:
    """The pages of the read model, and those that ask for an agency."""

    def year() -> int:
        return dice.choice(YEARS)

    return {
        "the first page": ("", lambda: "/"),
        "the catalogue": ("", lambda: f"/inovasi?tahun={year()}"),
        "the catalogue, searched": ("", lambda: f"/inovasi?cari={dice.choice(words())}"),
        "the ranking": ("", lambda: f"/peringkat?daerah={REGION_CODE}&tahun={year()}"),
        "the executive's page": (str(Role.EXECUTIVE), lambda: f"/pimpinan?tahun={year()}"),
        "the executive's late list": (str(Role.EXECUTIVE), lambda: f"/pimpinan/terlambat?tahun={year()}"),
        "the curator's home": (str(Role.CURATOR), lambda: "/kurator"),
        "the queue": (str(Role.CURATOR), lambda: "/kurator/antrean"),
        "the compliance board, 200 agencies": (str(Role.CURATOR), lambda: f"/kurator/kepatuhan?tahun={year()}"),
        "an agency's line": (str(Role.CURATOR), lambda: f"/kurator/kepatuhan/{agency_id(dice.randrange(agencies))}"),
        "the innovations of a status": (str(Role.CURATOR), lambda: f"/kurator/inovasi?status=submitted&tahun={year()}"),
        "the innovations of an agency": (
            str(Role.CURATOR),
            lambda: f"/kurator/inovasi?opd={agency_id(dice.randrange(agencies))}",
        ),
        **{name: (str(Role.CURATOR), partial(str, path)) for name, path in _CHOOSING.items()},
        "agencies that match": (
            str(Role.CURATOR),
            lambda: f"/perangkat-daerah/temuan?isian=opd&opd-cari={dice.choice(words())}",
        ),
        "the agency's home": (str(Role.AGENCY), lambda: "/opd"),
        "the agency's innovations": (str(Role.AGENCY), lambda: "/opd/inovasi"),
    }


def _details(each: OneOfEach) -> Questions:
    """Pages that ask the owners for one thing."""
    curator, own = f"/kurator/inovasi/{each.innovation}", f"/opd/inovasi/{each.innovation}"
    asked = {
        "a submission to verify": (Role.CURATOR, curator),
        "evidence beside it": (Role.CURATOR, f"{curator}/bukti/{each.rows[0]}"),
        "moving an innovation": (Role.CURATOR, f"{curator}/pindah"),
        "an agency in the office": (Role.CURATOR, f"/kurator/kantor/opd/{each.agency}"),
        "an idea": (Role.CURATOR, f"/kurator/kantor/ide/{each.idea}"),
        "a commitment": (Role.CURATOR, f"/kurator/kantor/perjanjian/{each.agency}/{each.year}"),
        "a contact": (Role.CURATOR, f"/kurator/kantor/kontak/{each.contact}"),
        "the agency's task list": (OWN, own),
        "a draft's task list": (OWN, f"/opd/inovasi/{each.draft}"),
        "an indicator of the agency": (OWN, f"/opd/inovasi/{each.draft}/bukti/{ROW}"),
        "the agency's score": (OWN, f"{own}/skor"),
    }
    return {name: (str(who), partial(str, path)) for name, (who, path) in asked.items()}


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
