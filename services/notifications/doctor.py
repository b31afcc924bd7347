"""What notifications adds to `satu doctor`: whether the mail server answers."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from services.notifications.sending.smtp_url import PORTS
from services.notifications.settings import MailSettings
from shared.operations.doctor import TIMEOUT, Check
from shared.settings import Settings


async def checks(settings: Settings) -> list[Check]:
    """Connects to the mail server, if one is configured."""
    url = settings.of(MailSettings).smtp_url.get_secret_value()
    if not url:
        return []
    parts = urlsplit(url)
    host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
    try:
        async with asyncio.timeout(TIMEOUT):
            _, writer = await asyncio.open_connection(host, port)
            writer.close()
    except (OSError, TimeoutError) as error:
        found = f"{host}:{port} does not answer: {type(error).__name__}"
        return [Check("SMTP", passed=False, found=found, fix="check that the mail server runs, or correct SMTP_URL")]
    return [Check("SMTP", passed=True, found=f"{host}:{port} answers")]
