"""User journeys through the proxy with two replicas, also after kills and a restart of everything."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import httpx2
import pytest

from tests.containers.compose import SERVICES, Compose, docker
from tests.support.client import Regency, eventually
from tests.support.faults.scenario import reminds
from tests.support.registry_samples import valid_evidence, valid_profile

YESTERDAY = datetime.now(UTC).date() - timedelta(days=2)  # the past in every zone of Indonesia
YEAR = YESTERDAY.year
LATER = date(YEAR, 12, 31) if (date(YEAR, 12, 31) - YESTERDAY).days > 35 else YESTERDAY + timedelta(days=60)


def address() -> str:
    """A mail address of the test's own."""
    return f"pengelola-{uuid.uuid4().hex[:10]}@dinas.example"


async def mails_to(system: Compose, mailbox: str) -> list[dict[str, Any]]:
    """The reminders that the sandbox received for that address."""
    async with httpx2.AsyncClient(base_url=system.url, trust_env=False) as sandbox:
        mails = (await sandbox.get("/mail/email")).raise_for_status().json()
    of_address = [mail for mail in mails if mailbox in {each["address"] for each in mail["to"]}]
    return [mail for mail in of_address if reminds(mail["subject"])]


async def submitted(regency: Regency, agency: str) -> str:
    """Submit an innovation for the agency; returns its id."""
    innovation = await regency.draft(agency, valid_profile(), valid_evidence())
    await regency.submit(innovation, agency)
    return innovation


async def wait_until_idle(system: Compose) -> None:
    """Wait until every outbox is empty; nothing may be parked."""

    async def owed() -> dict[str, float]:
        found: dict[str, float] = {}
        for name in SERVICES:
            numbers = await asyncio.to_thread(metrics, system, name)
            left = [line for line in numbers if line.startswith(("satu_outbox_documents", "satu_parked_messages"))]
            assert left, numbers
            found |= {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in left}
        return {line: value for line, value in found.items() if value}

    await eventually(owed, lambda left: not left, within=60, every=0.5)


def metrics(system: Compose, service: str) -> list[str]:
    """The metrics of one replica of a service."""
    script = (
        "import urllib.request\n"
        "print(urllib.request.urlopen('http://127.0.0.1:9100/metrics', timeout=10).read().decode())"
    )
    text = system.python(system.containers(service)[0], script)
    return [line for line in text.splitlines() if line and not line.startswith("#")]


async def test_a_submission_is_scored_and_fulfils_the_duty(regency: Regency, system: Compose) -> None:
    agency = await regency.agency()
    await regency.deadline(YEAR, LATER)
    await regency.becomes(agency, YEAR, "open")

    innovation = await submitted(regency, agency)

    card = await eventually(lambda: regency.scorecard(innovation), lambda it: it["status"] == "submitted")
    assert card["maturity"]["claimed"] > 0
    assert card["maturity"]["verified"] == 0
    duty = await regency.becomes(agency, YEAR, "fulfilled")
    assert duty["counted"] == [innovation]
    assert duty["on_time"] is True

    await regency.verify(innovation, dict.fromkeys(valid_evidence(), 2))
    verified = await eventually(lambda: regency.scorecard(innovation), lambda it: it["status"] == "verified")
    assert verified["maturity"]["verified"] > 0
    await wait_until_idle(system)


async def test_an_agency_without_one_is_overdue_and_gets_one_mail(regency: Regency, system: Compose) -> None:
    mailbox = address()
    agency = await regency.agency(mail=mailbox)

    await regency.deadline(YEAR, YESTERDAY)

    await regency.becomes(agency, YEAR, "overdue")
    mails = await eventually(lambda: mails_to(system, mailbox), within=60)
    assert mails[0]["headers"]["auto-submitted"] == "auto-generated"
    # Whatever makes the replicas check again, nobody gets a second mail.
    docker("exec", system.containers("registry")[0], "satu", "resync", "registry")
    await wait_until_idle(system)
    for container in system.containers("notifications"):
        docker("restart", container)
    await eventually(lambda: regency.obligation(agency, YEAR), within=60)
    assert [mail["messageId"] for mail in await mails_to(system, mailbox)] == [mails[0]["messageId"]]


async def test_a_withdrawn_innovation_opens_the_duty_again(regency: Regency) -> None:
    agency = await regency.agency()
    await regency.deadline(YEAR, LATER)
    innovation = await submitted(regency, agency)
    await regency.becomes(agency, YEAR, "fulfilled")

    await regency.withdraw(innovation, agency)

    duty = await regency.becomes(agency, YEAR, "open")
    assert duty["counted"] == []


async def test_evidence_files_pass_the_proxy_unchanged(regency: Regency) -> None:
    agency = await regency.agency()
    innovation = await regency.draft(agency, valid_profile(), {"16": valid_evidence()["16"]})
    officer, path = regency.officer(agency), f"/registry/v1/innovations/{innovation}"
    pdf = b"%PDF-1.4\n" + bytes(range(256)) * 8000 + b"\n%%EOF\n"  # 2 MB
    seen = await officer.raw("GET", path)

    files = {"file": ("sk.pdf", pdf, "application/pdf")}
    added = await officer.raw(
        "POST", f"{path}/evidence/16/files", files=files, headers={"If-Match": seen.headers["etag"]}
    )

    assert added.status_code == 200, added.text
    digest = added.json()["evidence"]["16"]["files"][0]["digest"]
    got = await officer.raw("GET", f"{path}/evidence/16/files/{digest}")
    assert got.content == pdf


@pytest.mark.drawn(2, of="long ones of the containers")
@pytest.mark.sampled(1)
@pytest.mark.parametrize("victim", ["registry", "scoring", "notifications", "rabbitmq", "mongo"])
async def test_a_crash_in_the_middle_loses_nothing(regency: Regency, system: Compose, victim: str) -> None:
    await regency.deadline(YEAR, LATER)
    agencies = [await regency.agency(f"Dinas Contoh {number}") for number in range(4)]
    before = {each: started(system, each) for each in system.containers(victim)}

    async def crash() -> None:
        for container in before:
            await asyncio.sleep(0.5)
            await asyncio.to_thread(docker, "exec", container, "sh", "-c", "kill -9 -1", check=False)

    innovations, _ = await asyncio.gather(asyncio.gather(*(submitted(regency, each) for each in agencies)), crash())

    for agency, innovation in zip(agencies, innovations, strict=True):
        card = await eventually(partial(regency.scorecard, innovation), within=120)
        assert card["status"] == "submitted"
        duty = await regency.becomes(agency, YEAR, "fulfilled", within=120)
        assert duty["counted"] == [innovation]
    assert {each: started(system, each) for each in before} != before, "nothing was killed"
    await asyncio.to_thread(system.up, replicas={"scoring": 2, "notifications": 2})
    await wait_until_idle(system)


async def test_the_routes_without_a_token_pass_the_proxy(system: Compose) -> None:
    async with httpx2.AsyncClient(base_url=f"{system.url}/notifications/v1", trust_env=False) as anybody:
        figures = await anybody.get("/performance")
        link = await anybody.get("/confirm/unknown", headers={"Accept": "text/html"})
        webhook = await anybody.post("/webhooks/whatsapp", json={"entry": []})

    assert figures.status_code == 200
    assert (link.status_code, "text/html" in link.headers["content-type"]) == (404, True)
    assert webhook.json()["detail"] == "WhatsApp tidak dipakai di sini."  # of the service, not of the proxy


async def test_commands_run_where_the_data_are(system: Compose) -> None:
    reminded = system("exec", "-T", "notifications", "satu", "remind", "--as-of", YESTERDAY.isoformat(), "--dry-run")
    parked = system("exec", "-T", "scoring", "satu", "parked", "list")

    assert reminded.returncode == 0
    assert parked.stdout.strip() in ("", "nothing is parked")


def started(system: Compose, container: str) -> tuple[str, int]:
    """When the container was started, and how often the engine has restarted it."""
    found = system.inspect(container)[0]
    return found["State"]["StartedAt"], found["RestartCount"]
