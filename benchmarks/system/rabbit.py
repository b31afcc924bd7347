"""The broker of a run: Debian's RabbitMQ as a node of its own on private ports."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.servers.rabbit import RabbitServer, installed

PATIENCE = 60.0


class Broker(RabbitServer):
    """A running node."""

    @property
    def pid(self) -> int:
        return self._pid()

    @property
    def what(self) -> str:
        """The product and version, for the table."""
        return f"RabbitMQ {self.control('version').strip()}"


class BrokerMissing(Exception):
    """RabbitMQ is not installed."""


@contextlib.contextmanager
def broker() -> Iterator[Broker]:
    """A broker until the block ends. Raises BrokerMissing."""
    if not installed():
        raise BrokerMissing("apt-get install rabbitmq-server")
    with tempfile.TemporaryDirectory(prefix="satu-bench-rabbit-", ignore_cleanup_errors=True) as folder:
        server = Broker(Path(folder))
        try:
            server.start()
            yield server
        finally:
            server.stop()
