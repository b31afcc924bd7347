"""Runs the contract suites of the bus on RabbitMQ 4, whatever version the installed package has."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx2
import pytest

from tests.containers.compose import docker, engine_answers
from tests.servers.need import missing
from tests.support.paths import ROOT

IMAGE = "rabbitmq:4-management"
SUITES = ("bus/test_bus.py", "bus/test_rabbit_facts.py")
"""Topology and permissions on RabbitMQ 4 are tested on the broker of the compose file, in `test_walls.py`."""

pytestmark = pytest.mark.xdist_group("rabbitmq-4")


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, str]]:
    """A broker in its own container, on loopback ports that the engine chooses."""
    if not engine_answers():
        missing("a container engine", "start Docker")
    name = f"satu-rabbit-{secrets.token_hex(3)}"
    who = [each for key in ("USER", "PASS") for each in ("-e", f"RABBITMQ_DEFAULT_{key}=guest")]
    docker("run", "--rm", "-d", "--name", name, "-p", "127.0.0.1::5672", "-p", "127.0.0.1::15672", *who, IMAGE)
    try:
        amqp, web = (docker("port", name, f"{port}/tcp").stdout.split()[0] for port in (5672, 15672))
        _wait(f"http://{web}/api/overview")
        yield {"AMQP_URL": f"amqp://guest:guest@{amqp}/", "RABBIT_MANAGEMENT_URL": f"http://{web}"}
    finally:
        docker("rm", "-f", name, check=False)


def _wait(url: str) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            if httpx2.get(url, auth=("guest", "guest"), timeout=2).status_code == httpx2.codes.OK:
                return
        except httpx2.HTTPError:
            pass
        time.sleep(0.5)
    raise TimeoutError(f"{IMAGE} does not answer")


@pytest.mark.drawn(2, of="long ones of the containers")
def test_the_bus_keeps_its_contract_on_rabbitmq_4(addresses: dict[str, str]) -> None:
    version = httpx2.get(f"{addresses['RABBIT_MANAGEMENT_URL']}/api/overview", auth=("guest", "guest")).json()
    assert version["rabbitmq_version"].startswith("4.")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")} | addresses
    suites = [str(ROOT / "tests/contract" / each) for each in SUITES]

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-m", "rabbit", "-n", "2", "-p", "no:cacheprovider", *suites],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=800,
        check=False,
    )

    assert run.returncode == 0, run.stdout[-6000:]
    assert " passed" in run.stdout
