"""The metrics for Prometheus."""

from __future__ import annotations

from collections.abc import AsyncIterator
from math import isnan
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from shared.adapters.sqlite.bus import SqliteBus
from shared.adapters.sqlite.store import SqliteStore
from shared.contracts.subscriptions import Subscription
from shared.observability import metrics
from shared.runtime import lag
from tests.support.events import agency_draft
from tests.support.pipeline import AGENCIES, opened_bus, opened_store


@pytest.fixture
async def bus(tmp_path: Path) -> AsyncIterator[SqliteBus]:
    async with opened_bus(tmp_path) as bus:
        yield bus


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with opened_store(tmp_path) as store:
        yield store


def value(name: str, **labels: str) -> float:
    for family in text_string_to_metric_families(metrics.exposition().decode()):
        for sample in family.samples:
            if sample.name == name and labels.items() <= sample.labels.items():
                return sample.value
    raise AssertionError(f"no {name} {labels}")


async def test_the_outbox_shows_its_depth_and_its_age(store: SqliteStore) -> None:
    await lag.measure_outbox("tests", store)
    assert value("satu_outbox_oldest_seconds", service="tests") == 0
    assert value("satu_outbox_documents", service="tests") == 0

    await store.change("agency", "a", lambda _: ({}, agency_draft("a")))
    await lag.measure_outbox("tests", store)

    assert value("satu_outbox_documents", service="tests") == 1
    assert 0 <= value("satu_outbox_oldest_seconds", service="tests") < 10


async def test_a_queue_shows_its_depths_and_its_age(bus: SqliteBus) -> None:
    receiver = await bus.receive(AGENCIES, prefetch=1)
    await bus.publish("agency.registered", "a", "61.12", b"x", mandatory=True)
    await receiver.park(await receiver.take(), reason="x", fault="X")
    await receiver.close()
    await bus.publish("agency.registered", "b", "61.12", b"x", mandatory=True)

    await lag.measure_queue(AGENCIES, bus)

    assert value("satu_queue_ready_messages", subscription=AGENCIES.name) == 1
    assert value("satu_parked_messages", subscription=AGENCIES.name) == 1
    assert 0 <= value("satu_queue_oldest_seconds", subscription=AGENCIES.name) < 10


async def test_a_value_that_cannot_be_measured_is_nan(bus: SqliteBus, tmp_path: Path) -> None:
    absent = Subscription("tests", "absent", frozenset())
    await lag.measure_queue(absent, bus)
    assert isnan(value("satu_parked_messages", subscription=absent.name))

    async with opened_store(tmp_path, "gone") as store:
        pass
    await lag.measure_outbox("gone", store)
    assert isnan(value("satu_outbox_documents", service="gone"))
