"""Records an event log: all events that a real system publishes in a year in which everything happens."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from shared.auth import keys
from shared.clock import Clock
from shared.contracts.event import Event
from shared.ports.bus import Bus
from shared.runtime.process import running
from shared.settings import Settings, load
from tests.support.client import Regency, eventually, issuing
from tests.support.faults.load import CLAIM
from tests.support.faults.on_published import on_published
from tests.support.faults.scenario import EVIDENCE
from tests.support.registry_samples import valid_profile

YEAR = 2026
BEGIN = datetime(2026, 6, 1, 2, tzinfo=UTC)
END = datetime(2027, 1, 2, 2, tzinfo=UTC)
"""The time at which the log is replayed: after the year and every deadline."""


def settings_in(folder: Path) -> Settings:
    """The settings of an embedded system that sends its messages to the log."""
    return load({"DATA_DIR": str(folder), "PORT": "0", "LOG_LEVEL": "error"})


def record(folder: Path) -> list[bytes]:
    """Play the year; returns every event in the order in which the bus accepted it."""
    return asyncio.run(_record(folder))


async def _record(folder: Path) -> list[bytes]:
    settings = settings_in(folder)
    keys.init(settings.root, settings.keys)
    log: list[bytes] = []
    async with running(settings, clock=Clock(BEGIN)) as process:
        _keep(process.resources["registry"].bus, log)
        for counts_when in ("submitted", "verified"):
            async with Regency(process.url, issuing(settings.root)) as regency:
                await _year(process.clock, regency, counts_when)
                await _passed(log, regency)
    return log  # a process publishes all owed events before it ends


def _keep(bus: Bus, log: list[bytes]) -> None:
    """Append every published event to the log. All services of the process use this bus."""
    on_published(bus, lambda event: log.append(event.body))


async def _year(clock: Clock, regency: Regency, counts_when: str) -> None:
    """Agencies are registered and retired, deadlines move, innovations pass through every transition."""
    clock.move_to(BEGIN)
    await regency.found(counts_when=counts_when, kinds=("dinas", "kecamatan"))
    health, social, sub = [
        await regency.agency(name, kind=kind)
        for name, kind in (("Dinas Kesehatan", "dinas"), ("Dinas Sosial", "dinas"), ("Kecamatan Kubu", "kecamatan"))
    ]
    await regency.deadline(YEAR, date(2026, 11, 30))
    await _promise(regency, health)
    profile = valid_profile(applied_on="2026-05-05")

    first = await regency.draft(health, profile, EVIDENCE)
    await regency.submit(first, health)
    await regency.give_back(first, {"16": "Nomor peraturan belum terbaca"})
    await _rewrite(regency, first, health, valid_profile(applied_on="2026-05-05", name="Spirit Dua"))
    await regency.submit(first, health)
    await regency.verify(first, {"16": 2, "35": 3})
    await _ask_in_vain(regency, first, health)
    await _foster(regency, sub)

    second = await regency.draft(social, valid_profile(applied_on="2026-05-05", classification="masyarakat"), CLAIM)
    await regency.submit(second, social)
    await regency.deadline(YEAR, date(2026, 12, 15))
    await _move(regency, second, sub)
    third = await regency.draft(social, profile, CLAIM)
    await regency.submit(third, social)
    await regency.withdraw(third, social)
    await regency.draft(sub, profile, {})  # never submitted

    late = await regency.agency("Dinas Baru")
    clock.move_to(datetime(2026, 12, 20, 2, tzinfo=UTC))
    fourth = await regency.draft(late, profile, EVIDENCE)
    await regency.submit(fourth, late)
    await _retire(regency, social)


async def _passed(log: list[bytes], regency: Regency) -> None:
    """Wait until the registry has said that the last deadline has passed: the clock is beyond it."""

    async def ask() -> bool:
        events = (Event.decode(body) for body in log)
        return any((each.type, each.region) == ("deadline.passed", regency.code) for each in events)

    await eventually(ask)


async def _promise(regency: Regency, agency: str) -> None:
    signed = {
        "agency": agency,
        "year": YEAR,
        "number": "000.9/12/2026",
        "dated": "2026-02-03",
        "promises": [{"name": "Spirit"}],
    }
    await regency.curator.create("/registry/v1/commitments", signed)


async def _ask_in_vain(regency: Regency, innovation: str, agency: str) -> None:
    path, reason = f"/registry/v1/innovations/{innovation}", {"reason": "Tidak dipakai"}
    await regency.officer(agency).change("POST", f"{path}/withdrawal", reason, of=path)
    await regency.curator.change("POST", f"{path}/withdrawal/decline", {"reason": "Masih dipakai"}, of=path)


async def _foster(regency: Regency, agency: str) -> None:
    idea = {"title": "Antrean lewat pesan", "text": "Nomor antrean diambil dari rumah."}
    id = (await regency.curator.create(f"/registry/v1/regions/{regency.code}/ideas", idea))["id"]
    path = f"/registry/v1/ideas/{id}"
    await regency.curator.change("POST", f"{path}/hand-over", {"agency": agency}, of=path)


async def _rewrite(regency: Regency, innovation: str, agency: str, profile: dict[str, Any]) -> None:
    path = f"/registry/v1/innovations/{innovation}"
    await regency.officer(agency).change("PUT", path, {"profile": profile, "year": YEAR})


async def _move(regency: Regency, innovation: str, agency: str) -> None:
    path = f"/registry/v1/innovations/{innovation}"
    body = {"agency": agency, "year": YEAR, "reason": "Dibina oleh kecamatan"}
    await regency.curator.change("POST", f"{path}/reassign", body, of=path)


async def _retire(regency: Regency, agency: str) -> None:
    path = f"/registry/v1/agencies/{agency}"
    await regency.curator.change("POST", f"{path}/retire", {"retired_on": "2026-12-20"}, of=path)


def types_in(log: list[bytes]) -> set[str]:
    """The types of the events in the log."""
    return {Event.decode(body).type for body in log}
