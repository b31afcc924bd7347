"""`satu topology apply` tells, where the feed's queue is new, how to fill the feed with what was before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from anyio.from_thread import start_blocking_portal

from shared.adapters.rabbit.management import ManagementApi
from shared.contracts.topology import topology
from tests.contract.process.test_lifecycle_commands import Satu, data, satu
from tests.contract.subscribers.test_commands import management
from tests.servers.rabbit import Rabbit

__all__ = ["data", "management", "satu"]

pytestmark = [pytest.mark.rabbit, pytest.mark.usefixtures("management")]

Delete = Callable[..., None]
FILL = [
    "next: feed.latest is new. Once the services run, fill it with what was before:",
    "  docker compose exec feed satu resync feed --wait",
    "  docker compose exec notifications satu resync notifications --wait",
    "  docker compose exec scoring satu resync scoring --wait",
    "  docker compose exec registry satu resync registry --wait",
    "  docker compose exec feed satu feed complete",
]


@pytest.fixture
def delete(rabbit: Rabbit) -> Iterator[Delete]:
    """Deletes queues of the first virtual host; at the end all of them."""

    def deleted(*names: str) -> None:
        async def each() -> None:
            async with ManagementApi(rabbit.admin) as api:
                present = {queue["name"] for queue in await api.all("queues")}
                for name in present.intersection(names):
                    await api.delete(f"queues/{quote(rabbit.admin.vhost, safe='')}/{quote(name, safe='')}")

        run: Callable[[], Awaitable[None]] = each
        with start_blocking_portal() as portal:
            portal.call(run)

    yield deleted
    deleted(*(queue.name for queue in topology().queues))


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The passwords that the test's broker has."""
    folder = tmp_path / "secrets"
    folder.mkdir()
    for user in topology().users:
        (folder / f"rabbitmq_{user.name}").write_text(f"test-{user.name}")
    monkeypatch.setenv("SECRETS_DIR", str(folder))


@pytest.mark.usefixtures("secrets")
def test_a_new_queue_of_the_feed_is_filled_by_the_commands_that_are_named(satu: Satu, delete: Delete) -> None:
    satu("topology", "apply", "--without", "feed")
    without = satu("topology", "apply", "--without", "feed").out
    delete("feed.latest")

    new = satu("topology", "apply").out.splitlines()
    again = satu("topology", "apply").out

    assert "next:" not in without
    assert new[new.index(FILL[0]) :] == FILL
    assert "next:" not in again
