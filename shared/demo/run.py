"""The stage of the demonstration: an empty `data/demo`, one process on the embedded engines, a mail sandbox, a page."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from shared.auth import keys
from shared.auth.policy import Role
from shared.clock import Clock
from shared.demo import sample as samples
from shared.demo.mail_sandbox import MailSandbox
from shared.demo.page import DemoPage
from shared.demo.scenario import Scenario, ScenarioResult
from shared.faults import Flaw, Misconfigured
from shared.runtime.process import Running, running, signalled
from shared.settings import Settings, load

BEGIN = datetime(2025, 12, 1, 9, 0, tzinfo=ZoneInfo("Asia/Pontianak"))
"""Business time at the start: thirty days before the sample's deadline."""

_MARK = ".satu-demo"  # a folder without it was not made by a demo, and is never emptied

Say = Callable[[str], None]


async def perform(folder: Path, port: int, *, once: bool, say: Say) -> ScenarioResult:
    """Run it; without `once` stay up until SIGINT or SIGTERM. Raises Misconfigured (the port, the folder)."""
    emptied(folder)
    sample = samples.load()
    clock = Clock(BEGIN)
    with signalled() as stopped:
        async with MailSandbox(folder / "mails") as sandbox:
            settings = settings_for(folder, port, sandbox.url)
            keys.init(settings.root, settings.keys)
            page = DemoPage(sample, clock, sandbox)
            async with running(settings, clock=clock, front=page.app()) as process:
                page.address, page.token = process.url, token(settings, "operator", None, ())
                story = Scenario(sample, process.url, lambda *grant: token(settings, *grant), clock, sandbox, say)
                telling = asyncio.create_task(story.tell())
                ending = asyncio.create_task(stopped.wait())
                failing = asyncio.create_task(process.over.wait())
                await asyncio.wait({telling, ending, failing}, return_when=asyncio.FIRST_COMPLETED)
                outcome = await telling if telling.done() else ScenarioResult(broken=["it was stopped before its end"])
                _applaud(outcome, process, settings, sample, say)
                if not once and not outcome.broken:
                    await asyncio.wait({ending, failing}, return_when=asyncio.FIRST_COMPLETED)
                for task in (telling, ending, failing):
                    task.cancel()
                await asyncio.gather(telling, ending, failing, return_exceptions=True)
                if process.failure is not None:
                    raise process.failure
    return outcome


def emptied(folder: Path) -> None:
    """Each run begins with an empty folder; only one that an earlier run made is emptied."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / _MARK).exists():
            raise Misconfigured([Flaw(str(folder), "in-use", "is not empty and was not made by a demo; move it away")])
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).touch()


def settings_for(folder: Path, port: int, smtp: str) -> Settings:
    """The embedded engines below `folder`, on loopback, with mail to the sandbox. The environment is not read: a
    STORE_URL or SMTP_URL set in the shell must not receive sample data."""
    return load(
        {
            "SMTP_URL": smtp,
            "MAIL_FROM": "Satu Inovasi <satu-inovasi@kuburaya.example>",
            "MAIL_REPLY_TO": "bappedalitbang@kuburaya.example",
            "MAIL_DOMAIN": "kuburaya.example",
        },
        data_dir=folder,
        host="127.0.0.1",
        port=port,
    )


def token(settings: Settings, role: str, region: str | None, agencies: tuple[str, ...]) -> str:
    """A token for a day."""
    account = f"demo-{role}" + "".join(f"-{agency[:8]}" for agency in agencies)
    return keys.issue(settings.root, keys.Grant(account, Role(role), region, agencies), timedelta(days=1))


def _applaud(outcome: ScenarioResult, process: Running, settings: Settings, sample: samples.Sample, say: Say) -> None:
    for sentence in outcome.broken:
        say(f"TIDAK TERJADI: {sentence}")
    if outcome.broken:
        return
    code = sample.region.code
    agency = outcome.agencies[sample.innovations[0].agency]
    say(f"{outcome.kept} langkah berhasil. Halaman peragaan: {process.url}/")
    for role, region, agencies, path in (
        ("agency", code, (agency,), f"/registry/v1/innovations?agency={agency}"),
        ("curator", code, (), f"/notifications/v1/obligations?region={code}&status=overdue"),
        ("operator", None, (), "/notifications/v1/messages"),
    ):
        say(f"{role}: curl -H 'Authorization: Bearer {token(settings, role, region, agencies)}' '{process.url}{path}'")
