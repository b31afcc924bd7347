"""Benchmarks at a tiny size: each runs to its end, and its output is complete. No rate is judged. The seed draws
two of them; `make soak` runs all."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import pytest

from benchmarks.distributed import ServersOfRun, distributed_section
from benchmarks.embedded import embedded_section
from benchmarks.feed import feed_section
from benchmarks.growth import growth_section
from benchmarks.load import generator
from benchmarks.nation import nation_section
from benchmarks.office import office_section
from benchmarks.parts import parts_section
from benchmarks.portal_model import portal_model_section
from benchmarks.portal_pages import portal_pages_section
from benchmarks.recovery import recovery_section
from benchmarks.report.section import Section
from benchmarks.report.size import Size
from benchmarks.scale_out import scale_out_section
from benchmarks.system import data, measuring
from benchmarks.system.distributed import Servers
from benchmarks.system.mongo import Mongo
from benchmarks.system.rabbit import Broker
from tests.servers.rabbit import Rabbit

ON_THIS_MACHINE = {
    "embedded": (embedded_section, 3, {"1", "5"}),
    "growth": (growth_section, 1, {"3"}),
    "nation": (nation_section, 5, {"6"}),
    "feed": (feed_section, 5, {"7"}),
    "office": (office_section, 5, {"8"}),
    "portal_model": (portal_model_section, 25, {"13"}),
    "portal_pages": (portal_pages_section, 34, {"13"}),
}
ON_SERVERS = {
    "distributed": (distributed_section, 2, {"2", "5"}),
    "parts": (parts_section, 24, {"4"}),
    "scale_out": (scale_out_section, 1, {"2"}),
    "recovery": (recovery_section, 1, set[str]()),
}


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(measuring, "REST", 0.05)
    monkeypatch.setattr(data, "_CACHE", tmp_path / "cache")


@pytest.fixture
def _generator_within(monkeypatch: pytest.MonkeyPatch) -> None:
    """The load generator in this process, which is faster to start. The embedded benchmark starts the real one."""
    monkeypatch.setattr(measuring, "generate", lambda job: asyncio.run(generator.run(job)))


@pytest.fixture
def servers(mongo_url: str, rabbit: Rabbit) -> ServersOfRun:
    """The servers of the tests, which are not the run's own."""

    @contextlib.contextmanager
    def both() -> Iterator[Servers]:
        yield Servers(Mongo(mongo_url, None, "a server of the tests"), Broker(rabbit, None, "likewise"), together=True)

    return both


@pytest.mark.timeout(300)
def test_benchmarks_on_this_machine_alone_say_all_of_it(tmp_path: Path) -> None:
    for name in _drawn(ON_THIS_MACHINE):
        make, rows, items = ON_THIS_MACHINE[name]
        _check(make(Size.TINY), name, rows, items, tmp_path)


@pytest.mark.rabbit
@pytest.mark.mongo
@pytest.mark.usefixtures("_generator_within")
@pytest.mark.timeout(300)
def test_benchmarks_on_servers_say_all_of_it(servers: ServersOfRun, tmp_path: Path) -> None:
    for name in _drawn(ON_SERVERS):
        make: Callable[[Size, ServersOfRun], Section]
        make, rows, items = ON_SERVERS[name]
        _check(make(Size.TINY, servers), name, rows, items, tmp_path)


def _drawn(names: Collection[str]) -> list[str]:
    """One of the benchmarks, which pytest-randomly's seed draws; all of them in `make soak`."""
    drawn = sorted(names) if os.environ.get("SOAK_SECONDS") else random.sample(sorted(names), 1)
    print(f"benchmarks: {', '.join(drawn)}")
    return drawn


def _check(section: Section, name: str, rows: int, items: set[str], folder: Path) -> None:
    section.write(folder / "section.json")

    assert Section.read(folder / "section.json") == section
    assert section.name == name
    assert len(section.rows) == rows
    assert all(len(row) == len(section.headers) and all(row[:2]) for row in section.rows)
    assert {goal.item for goal in section.goals} == items
    assert all(goal.reached is None for goal in section.goals), "nothing is judged at this size"
