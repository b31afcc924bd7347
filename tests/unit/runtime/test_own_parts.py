"""What a service adds to its process: parts of its readiness, and what it closes at the end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from fastapi import APIRouter

from shared.adapters.folder import FolderFiles
from shared.adapters.sqlite.bus import SqliteBus
from shared.adapters.sqlite.store import SqliteStore
from shared.clock import Clock
from shared.faults import StoreAway
from shared.observability.readiness import RUNNING, Readiness
from shared.runtime import health
from shared.runtime.health import Health
from shared.runtime.service import Resources, Service
from shared.runtime.service_runner import ServiceRunner
from shared.settings import Settings


def resources(folder: Path) -> Resources:
    return Resources(
        store=SqliteStore(folder / "store.sqlite"),
        files=FolderFiles(folder / "files"),
        bus=SqliteBus(folder / "bus.sqlite"),
        clock=Clock(),
        settings=Settings(data_dir=folder),
    )


async def test_a_service_reports_parts_of_its_own(tmp_path: Path) -> None:
    # Given a service with two parts, which it may fail to look at
    answers: list[Mapping[str, Readiness] | StoreAway] = [
        {"alerting": RUNNING, "channel email": Readiness(ready=True, state="stopped", why="5.7.8")},
        StoreAway("gone"),
    ]

    async def readiness() -> Mapping[str, Readiness]:
        answer = answers.pop(0)
        if isinstance(answer, StoreAway):
            raise answer
        return answer

    stopped: list[bool] = []

    async def stop() -> None:
        stopped.append(True)

    service = Service(name="registry", kinds=(), router=APIRouter(), readiness=readiness, stop=stop)
    runner = ServiceRunner(service, resources(tmp_path))
    await runner.open()

    # Then both are among the parts of the process
    parts = await Health([runner]).parts()
    assert parts["registry: alerting"].ready
    assert parts["registry: channel email"].why == "5.7.8"

    # And a store that is away is a reason, not a fault
    parts = await Health([runner]).parts()
    assert (parts["registry: own parts"].ready, parts["registry: own parts"].state) == (False, "away")

    # And what it opened is closed at the end
    await runner.end()
    assert stopped == [True]


async def test_whoever_waits_for_a_start_hears_of_it_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a service that was not open when it was looked at
    now = 100.0
    monkeypatch.setattr(health, "machine_seconds", lambda: now)
    runner = ServiceRunner(Service(name="registry", kinds=(), router=APIRouter()), resources(tmp_path))
    looking = Health([runner])
    assert "registry: service" in await looking.parts()

    # When it is open, and somebody looks again a fifth of a second later
    await runner.open()
    now += 0.2

    # Then that is seen, though a process that is ready is looked at once a second only
    assert "registry: service" not in await looking.parts()
    await runner.end()
