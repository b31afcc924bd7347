"""Every test of the channel runs against a server that reads commands sent together, and against one that does not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.smtp import Mailbox


@pytest.fixture(autouse=True, params=[True, False], ids=["pipelined", "one by one"])
def pipelining(request: pytest.FixtureRequest, mailbox: Mailbox) -> Iterator[None]:
    mailbox.pipelining = request.param
    yield
    mailbox.pipelining = False
