"""The town of these tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.servers.smtp import Mailbox
from tests.support.notifications_service import Town, town


@pytest.fixture
async def quiet_town(tmp_path: Path) -> AsyncIterator[Town]:
    """It tells only the log."""
    async with town(tmp_path) as it:
        yield it


@pytest.fixture
async def mail_town(tmp_path: Path, mailbox: Mailbox) -> AsyncIterator[Town]:
    """It sends real mail, to the tests' own server."""
    async with town(tmp_path, smtp_url=mailbox.url) as it:
        yield it
