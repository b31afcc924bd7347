"""Engines by URL, and how the process is tuned for them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.adapters.sqlite.commits import SWITCH_INTERVAL
from shared.runtime.engines import Engines
from shared.runtime.process import running
from shared.settings import load

PYTHON_DEFAULT = 0.005  # seconds, CPython's default
DISTRIBUTED = {"store_url": "mongodb://db.example/satu_{service}", "bus_url": "amqp://broker.example/"}


@pytest.fixture(autouse=True)
def interval() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(PYTHON_DEFAULT)
    yield
    sys.setswitchinterval(before)


@pytest.mark.parametrize(
    "given", [{}, {"bus_url": DISTRIBUTED["bus_url"]}, {"store_url": DISTRIBUTED["store_url"]}], ids=str
)
def test_with_an_embedded_engine_the_commit_thread_gets_the_interpreter_often(
    given: dict[str, str], tmp_path: Path
) -> None:
    Engines(load({}, data_dir=tmp_path, **given)).tune(["registry"])

    assert sys.getswitchinterval() == pytest.approx(SWITCH_INTERVAL)


def test_without_an_embedded_engine_the_interpreter_is_not_tuned(tmp_path: Path) -> None:
    Engines(load({}, data_dir=tmp_path, **DISTRIBUTED)).tune(["registry", "scoring"])

    assert sys.getswitchinterval() == pytest.approx(PYTHON_DEFAULT)


async def test_a_process_is_tuned_before_its_services_open(tmp_path: Path) -> None:
    bus_elsewhere = load({}, data_dir=tmp_path, port=0, bus_url="amqp://guest:guest@127.0.0.1:1/")
    async with running(bus_elsewhere, ["registry"], wait=False):
        assert sys.getswitchinterval() == pytest.approx(SWITCH_INTERVAL)
