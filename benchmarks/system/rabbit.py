"""The broker of a run: Debian's RabbitMQ as a node of its own on private ports."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.servers.rabbit import Rabbit, RabbitServer, installed


@dataclass(frozen=True)
class Broker:
    """rabbit: makes virtual hosts; pid: None when the node is not ours; what: the product and version, for the
    table."""

    rabbit: Rabbit
    pid: int | None
    what: str


class _Node(RabbitServer):
    @property
    def pid(self) -> int:
        return self._pid()


class BrokerMissing(Exception):
    """RabbitMQ is not installed."""


@contextlib.contextmanager
def broker() -> Iterator[Broker]:
    """A broker until the block ends. Raises BrokerMissing."""
    if not installed():
        raise BrokerMissing("apt-get install rabbitmq-server")
    with tempfile.TemporaryDirectory(prefix="satu-bench-rabbit-", ignore_cleanup_errors=True) as folder:
        node = _Node(Path(folder))
        try:
            node.start()
            yield Broker(node, node.pid, f"RabbitMQ {node.control('version').strip()}")
        finally:
            node.stop()
