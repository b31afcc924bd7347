"""The service under test, with the log channel or with e-mail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.servers.smtp import Mailbox
from tests.support.notifications_service import NotificationsService, notifications_service


@pytest.fixture
async def log_service(tmp_path: Path) -> AsyncIterator[NotificationsService]:
    """Its channel is the log."""
    async with notifications_service(tmp_path) as service:
        yield service


@pytest.fixture
async def mail_service(tmp_path: Path, mailbox: Mailbox) -> AsyncIterator[NotificationsService]:
    """It sends real mail to the tests' own server."""
    async with notifications_service(tmp_path, smtp_url=mailbox.url) as service:
        yield service
