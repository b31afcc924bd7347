"""The distributed pair of engines as a process is told of it: MongoDB for documents and files, RabbitMQ for events."""

from __future__ import annotations

import uuid
from urllib.parse import urlsplit, urlunsplit

from tests.servers.rabbit import Vhost


def pair(vhost: Vhost, mongo: str) -> dict[str, str]:
    """The environment of a process on this broker and on databases of its own, each service with its own user of the
    broker. The rungs there are the short ones of the tests: services know them by number only."""
    return {"BUS_URL": bus_url(vhost), "STORE_URL": store_url(mongo)}


def bus_url(vhost: Vhost) -> str:
    """Each service's own way in."""
    parts = urlsplit(vhost.url)
    return urlunsplit(parts._replace(netloc=f"{{service}}:test-{{service}}@{parts.hostname}:{parts.port}"))


def store_url(mongo: str) -> str:
    """A database for each service that nobody uses."""
    parts = urlsplit(mongo)
    return urlunsplit(parts._replace(path=f"/satu_test_{uuid.uuid4().hex[:12]}_{{service}}"))
