"""What notifications adds to `satu doctor`: whether its channels answer, and whether somebody can be told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from services.notifications.application import NAME, Notifications
from services.notifications.reminders.policy.holidays import BrokenHolidays, days_of
from services.notifications.reminders.reminder import Reminder
from services.notifications.sending.bounces.imap import MailboxAway, opened
from services.notifications.sending.choose import bounce_mailbox
from services.notifications.sending.drivers.cloud_api import URL as META
from services.notifications.sending.drivers.fonnte import URL as FONNTE
from services.notifications.settings import MailSettings
from shared.clock import Clock
from shared.operations.doctor import TIMEOUT, Check
from shared.runtime import process
from shared.settings import Settings
from shared.smtp_url import PORTS

_OK = range(200, 300)


async def checks(settings: Settings) -> list[Check]:
    """Asks each configured provider something harmless, and the store whether anybody waits; sends nothing."""
    mine = settings.of(MailSettings)
    done = [*_settings(mine), *_holidays(Clock.machine().year), *await _stored(settings)]
    parts: list[tuple[str, bool, Callable[[MailSettings], Awaitable[Check]]]] = [
        ("SMTP", bool(mine.smtp_url.get_secret_value()), _smtp),
        ("IMAP", bounce_mailbox(mine) is not None, _imap),
        ("WhatsApp", bool(mine.whatsapp_token.get_secret_value()), _whatsapp),
        ("Fonnte", bool(mine.fonnte_token.get_secret_value()), _fonnte),
    ]
    for part, configured, check in parts:
        if configured:
            try:
                async with asyncio.timeout(TIMEOUT):
                    done.append(await check(mine))
            except TimeoutError:
                done.append(
                    Check(part, passed=False, found="no answer in time", fix="check the network and its address")
                )
    return done


def _settings(settings: MailSettings) -> list[Check]:
    """Whether there is a channel at all, and an address for links."""
    done = []
    secrets = (settings.smtp_url, settings.whatsapp_token, settings.fonnte_token)
    if settings.channel == "log":
        found = "CHANNEL=log: nobody is told anything"
        done.append(Check("channels", passed=True, found=found))
    elif not any(each.get_secret_value() for each in secrets):
        found = "no channel is configured (SMTP_URL, WHATSAPP_TOKEN, FONNTE_TOKEN): nobody is told anything"
        done.append(Check("channels", passed=True, found=found))
    elif not settings.public_url:
        found = "PUBLIC_URL is not set: messages have no link, and going live is refused"
        done.append(Check("PUBLIC_URL", passed=False, found=found, fix="set PUBLIC_URL=https://… of this system"))
    if not settings.heartbeat_url:
        found = "HEARTBEAT_URL is not set: nobody outside notices when nobody is told"
        done.append(Check("heartbeat", passed=True, found=found))
    return done


def _holidays(year: int) -> list[Check]:
    """Whether the holidays of this year and the next are known."""
    try:
        missing = [str(each) for each in (year, year + 1) if not days_of(each)]
    except (BrokenHolidays, OSError) as error:
        return [Check("holidays", passed=False, found=str(error), fix="reinstall, or correct the file")]
    if missing:
        found = f"no list of holidays for {', '.join(missing)}: nothing is deferred for them"
        return [Check("holidays", passed=True, found=found)]
    return [Check("holidays", passed=True, found=f"known for {year} and {year + 1}")]


async def _stored(settings: Settings) -> list[Check]:
    """What waits in the store: unsent messages, stopped channels, people who cannot be told."""
    async with process.opened(NAME, settings) as resources:
        parts = Notifications(resources)
        done = []
        mode = (await parts.reminders.alerting.in_force()).mode
        if mode.silent:
            waiting = [each async for each in parts.due_list.entries() if isinstance(each, Reminder)]
            found = f"mode {'stopped' if mode.stopped else mode.mode.value}: {len(waiting)} persons wait to be told"
            done.append(
                Check("alerting", passed=not waiting, found=found, fix="satu alerts live, or satu alerts start")
            )
        oldest = await parts.watch.oldest_unsent()
        if oldest is not None and oldest.late:
            found = f"message {oldest.id} has been due for {oldest.seconds} seconds"
            done.append(
                Check("messages", passed=False, found=found, fix="check that notifications runs, and its channels")
            )
        for health in parts.channels.healths:
            code = await health.why_stopped()
            if code:
                fix = "correct its settings, then restart notifications"
                done.append(Check(health.channel, passed=False, found=f"stopped by the provider ({code})", fix=fix))
        closed = await parts.watch.closed_contacts()
        if closed:
            found = f"{closed} contacts have an address that a provider refused"
            done.append(Check("contacts", passed=True, found=found))
        return done


async def _smtp(settings: MailSettings) -> Check:
    parts = urlsplit(settings.smtp_url.get_secret_value())
    host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError as error:
        found = f"{host}:{port} does not answer: {type(error).__name__}"
        return Check("SMTP", passed=False, found=found, fix="check that the mail server runs, or correct SMTP_URL")
    writer.close()
    return Check("SMTP", passed=True, found=f"{host}:{port} answers")


async def _imap(settings: MailSettings) -> Check:
    mailbox = bounce_mailbox(settings)
    if mailbox is None:
        return Check("IMAP", passed=True, found="no mailbox for bounces")
    try:
        async with opened(mailbox):
            return Check("IMAP", passed=True, found=f"{mailbox.host} opens the mailbox of bounces")
    except MailboxAway as error:
        found = f"the mailbox of bounces cannot be read: {error.reason}"
        return Check("IMAP", passed=False, found=found, fix="correct BOUNCE_IMAP_URL, or start the server")


async def _whatsapp(settings: MailSettings) -> Check:
    """A GET of the number's own record: it costs nothing and reaches nobody."""
    url = f"{settings.whatsapp_url or META}/{settings.whatsapp_phone_number_id}?fields=id"
    headers = {"Authorization": f"Bearer {settings.whatsapp_token.get_secret_value()}"}
    fix = "correct WHATSAPP_TOKEN and WHATSAPP_PHONE_NUMBER_ID, or make a new token at Meta"
    return await _asked("WhatsApp", "GET", url, headers, fix)


async def _fonnte(settings: MailSettings) -> Check:
    url = f"{settings.fonnte_url or FONNTE}/device"
    headers = {"Authorization": settings.fonnte_token.get_secret_value()}
    return await _asked("Fonnte", "POST", url, headers, "correct FONNTE_TOKEN, or link the device again")


async def _asked(part: str, method: str, url: str, headers: dict[str, str], fix: str) -> Check:
    import httpx2  # noqa: PLC0415 - slow to import; only where a provider is configured

    host = urlsplit(url).hostname
    try:
        async with httpx2.AsyncClient(timeout=TIMEOUT) as client:
            answer = await client.request(method, url, headers=headers)
    except httpx2.HTTPError as error:
        return Check(part, passed=False, found=f"{host}: {type(error).__name__}", fix="check the network")
    if answer.status_code not in _OK:
        return Check(part, passed=False, found=f"{host} answers with status {answer.status_code}", fix=fix)
    return Check(part, passed=True, found=f"{host} accepts the token")
