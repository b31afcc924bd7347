"""Runs the demo: an empty `data/demo`, one process on the embedded engines, two sandboxes and a page."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from shared.auth import keys
from shared.auth.policy import Role
from shared.clock import Clock
from shared.demo import sample as samples
from shared.demo.client import Client
from shared.demo.mail_sandbox import MailSandbox
from shared.demo.page import PATH, DemoPage
from shared.demo.people import People, Person
from shared.demo.result import ScenarioResult
from shared.demo.sandboxes import Sandboxes
from shared.demo.scenario import BEGIN, Scenario
from shared.demo.whatsapp_sandbox import WhatsAppSandbox
from shared.faults import Flaw, Misconfigured
from shared.runtime.process import Running, running, signalled
from shared.settings import Settings, load

_MARK = ".satu-demo"  # a folder without this file was not made by a demo, and is never emptied

Say = Callable[[str], None]


async def run_demo(folder: Path, port: int, *, once: bool, say: Say) -> ScenarioResult:
    """Run the scenario; without `once` keep serving until SIGINT or SIGTERM. Raises Misconfigured (port, folder)."""
    make_empty(folder)
    sample = samples.load()
    clock = Clock(BEGIN.replace(tzinfo=ZoneInfo(sample.region.zone)))
    gone = [each.email for each in sample.contacts if each.mailbox == "gone"]
    with signalled() as stopped:
        async with (
            MailSandbox(folder / "mails", gone, now=clock.now) as mail,
            WhatsAppSandbox({}, now=clock.now) as whatsapp,
        ):
            settings = settings_for(folder, port or _free_port(), mail, whatsapp)
            keys.init(settings.root, settings.keys)
            sandboxes = Sandboxes(mail, whatsapp)
            people = People(mail)
            page = DemoPage(sample, clock, sandboxes, people)
            async with running(settings, clock=clock, beside={PATH: page.app()}) as process:
                page.address, page.token = process.url, token(settings, "curator", sample.region.code, ())
                people.address = process.url
                whatsapp.webhook = f"{process.url}/notifications/v1/webhooks/whatsapp"
                scenario = Scenario(sample, process.url, lambda *grant: token(settings, *grant), clock, sandboxes, say)
                scenario_run = asyncio.create_task(scenario.run())
                ending = asyncio.create_task(stopped.wait())
                failing = asyncio.create_task(process.over.wait())
                await asyncio.wait({scenario_run, ending, failing}, return_when=asyncio.FIRST_COMPLETED)
                interrupted = ScenarioResult(failed=["it was stopped before its end"])
                result = await scenario_run if scenario_run.done() else interrupted
                if scenario_run.done() and not result.failed:
                    async with Client(process.url, token(settings, "operator", None, ())) as operator:
                        await people.invite(operator, people_of(sample, result.agencies))
                _report(result, process, settings, sample, say)
                if not once and not result.failed:
                    await asyncio.wait({ending, failing}, return_when=asyncio.FIRST_COMPLETED)
                for task in (scenario_run, ending, failing):
                    task.cancel()
                await asyncio.gather(scenario_run, ending, failing, return_exceptions=True)
                if process.failure is not None:
                    raise process.failure
    return result


def people_of(sample: samples.Sample, agencies: Mapping[str, str]) -> list[Person]:
    """Who can be signed in by one click: an agency with a draft, the curator and the Sekda. agencies: key → id."""
    code, agency = sample.region.code, sample.unfinished.agency
    officer = next(each for each in sample.contacts if each.key == agency and each.email)
    curator, head = (next(each for each in sample.contacts if each.role == role) for role in ("kurator", "pimpinan"))
    return [
        Person("opd", officer.name, officer.email, "agency", code, (agencies[agency],), "/opd"),
        Person("kurator", curator.name, curator.email, "curator", code, (), "/kurator"),
        Person("sekda", head.name, head.email, "executive", code, (), "/pimpinan"),
    ]


def make_empty(folder: Path) -> None:
    """Make the folder, or empty it if an earlier demo made it. Raises Misconfigured for any other folder in use."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / _MARK).exists():
            raise Misconfigured([Flaw(str(folder), "in-use", "is not empty and was not made by a demo; move it away")])
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).touch()


def settings_for(folder: Path, port: int, mail: MailSandbox, whatsapp: WhatsAppSandbox) -> Settings:
    """The embedded engines below `folder`, on loopback, with both channels to the sandboxes. The environment is not
    read: a STORE_URL or SMTP_URL set in the shell must not receive sample data. port: not 0, since messages link to
    it."""
    return load(
        {
            "SMTP_URL": mail.url,
            "MAIL_FROM": "Satu Inovasi <satu-inovasi@kuburaya.example>",
            "MAIL_REPLY_TO": "bappedalitbang@kuburaya.example",
            "MAIL_DOMAIN": "kuburaya.example",
            "WHATSAPP_URL": whatsapp.url,
            "WHATSAPP_TOKEN": whatsapp.token,
            "WHATSAPP_PHONE_NUMBER_ID": whatsapp.phone_number_id,
            "WHATSAPP_APP_SECRET": whatsapp.app_secret,
            "WHATSAPP_VERIFY_TOKEN": "sandbox",
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "DEMO_PATH": PATH,
        },
        data_dir=folder,
        host="127.0.0.1",
        port=port,
        admin_address="127.0.0.1:0",  # another process may have the usual port
    )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def token(settings: Settings, role: str, region: str | None, agencies: tuple[str, ...]) -> str:
    """A token that is valid for a day."""
    account = f"demo-{role}" + "".join(f"-{agency[:8]}" for agency in agencies)
    return keys.issue(settings.root, keys.Grant(account, Role(role), region, agencies), timedelta(days=1))


def _report(result: ScenarioResult, process: Running, settings: Settings, sample: samples.Sample, say: Say) -> None:
    """Print the failed steps, or the page's address and a command for each role."""
    for step in result.failed:
        say(f"TIDAK TERJADI: {step}")
    if result.failed:
        return
    code = sample.region.code
    agency = result.agencies[sample.innovations[0].agency]
    say(f"{result.passed} langkah berhasil. Portal: {process.url}/")
    say(f"Satu klik di sana: perangkat daerah, kurator, Sekda, atau publik. Surel dan WhatsApp: {process.url}{PATH}/")
    for role, region, agencies, path in (
        ("agency", code, (agency,), f"/registry/v1/innovations?agency={agency}"),
        ("curator", code, (), f"/notifications/v1/obligations?region={code}&status=overdue"),
        ("operator", None, (), "/notifications/v1/messages"),
    ):
        say(f"{role}: curl -H 'Authorization: Bearer {token(settings, role, region, agencies)}' '{process.url}{path}'")
