"""The settings of a process on the distributed engines: MongoDB for documents and files, RabbitMQ for events."""

from __future__ import annotations

import uuid
from urllib.parse import urlsplit, urlunsplit

from tests.servers.rabbit import Vhost


def pair(vhost: Vhost, mongo: str) -> dict[str, str]:
    """The environment of a process on this virtual host and on new databases. Each service has its own broker user. The
    retry delays are the short ones of the tests, since services know rungs by number only."""
    return {"BUS_URL": bus_url(vhost), "STORE_URL": store_url(mongo)}


def bus_url(vhost: Vhost) -> str:
    """The broker URL, with a placeholder for the service's user."""
    parts = urlsplit(vhost.url)
    return urlunsplit(parts._replace(netloc=f"{{service}}:test-{{service}}@{parts.hostname}:{parts.port}"))


def store_url(mongo: str) -> str:
    """The URL of an unused database for each service."""
    parts = urlsplit(mongo)
    return urlunsplit(parts._replace(path=f"/satu_test_{uuid.uuid4().hex[:12]}_{{service}}"))
