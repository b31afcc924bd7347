"""From idea to continuation over HTTP, on both pairs of engines: an idea of anybody becomes an innovation, is promised,
verified, asked whether it is still in use, and ends."""

from __future__ import annotations

import uuid
from datetime import date
from functools import partial

import pytest

from tests.servers.smtp import Mailbox, Received
from tests.support.client import Answer, Api, Regency, eventually
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import EVIDENCE, YEAR
from tests.support.registry_samples import valid_profile

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.sampled(1)]

REGISTRY = "/registry/v1"
TODAY = "2026-06-15"  # NOW
PROFILE = valid_profile(applied_on="2026-05-05", initiator="masyarakat")


async def continue_(regency: Regency, method: str, innovation: str, what: str, body: Answer) -> Answer:
    """The curator changes the innovation's continuation."""
    place = f"{REGISTRY}/innovations/{innovation}"
    return await regency.curator.change(method, f"{place}/continuation/{what}", body, of=place)


async def test_an_idea_of_anybody_is_followed_until_it_ends(
    system: RunningSystem, regency: Regency, journey_mailbox: Mailbox
) -> None:
    await regency.deadline(YEAR, date(2026, 12, 31))
    address = f"pembina-{regency.code}@satu.example"
    agency = await regency.agency("Puskesmas Contoh", mail=address)
    officer = regency.officer(agency)

    async with Api(system.url) as anybody:
        idea = await anybody.create(
            f"{REGISTRY}/regions/{regency.code}/ideas",
            {"title": "Antrean lewat pesan", "text": "Nomor antrean diambil dari rumah."},
            key=str(uuid.uuid4()),
        )
        place = f"{REGISTRY}/ideas/{idea['id']}"
        await regency.curator.change("POST", f"{place}/hand-over", {"agency": agency}, of=place)
        taken = await officer.change("POST", f"{place}/take-up", of=place)
        assert (await anybody.get(place))["status"] == "taken-up"
    innovation = taken["innovation"]
    await complete(regency, innovation, agency)

    promise = {"agency": agency, "year": YEAR, "number": "PI/1", "dated": "2026-02-02"}
    promises = [{"name": "Antrean lewat pesan", "innovation": innovation}]
    await regency.curator.create(f"{REGISTRY}/commitments", {**promise, "promises": promises})
    for stage in ("design", "display"):
        await continue_(regency, "POST", innovation, "stage", {"pipeline": "labinov", "stage": stage})
    await regency.submit(innovation, agency)
    await regency.verify(innovation, {})
    await continue_(regency, "PUT", innovation, "follow-up", {"asked_on": TODAY})

    asked = await eventually(partial(mails_about, journey_mailbox, address))
    assert "masih dipakai" in asked[0].message.as_string().replace("=\n", "")
    summary = await regency.curator.get(f"{REGISTRY}/regions/{regency.code}/continuation")
    laboratory = next(each for each in summary["pipelines"] if each["slug"] == "labinov")
    assert laboratory["launched_by_source"] == {"masyarakat": 1}

    ended = {"use": "stopped", "reason": "Beralih ke aplikasi nasional."}
    place = f"{REGISTRY}/innovations/{innovation}"
    await officer.change("POST", f"{place}/continuation/follow-up/answer", ended, of=place)
    await system.wait_until_idle()
    assert len(await mails_about(journey_mailbox, address)) == 1
    kept = await regency.curator.get(f"{REGISTRY}/commitments/{agency}/{YEAR}")
    assert [(each["outcome"], each["status"]) for each in kept["promises"]] == [("taken_up", "verified")]


async def complete(regency: Regency, innovation: str, agency: str) -> None:
    """Fill in the draft as a submission needs it."""
    place, officer = f"{REGISTRY}/innovations/{innovation}", regency.officer(agency)
    await officer.change("PUT", place, {"profile": PROFILE}, of=place)
    for row, claim in EVIDENCE.items():
        await officer.change("PUT", f"{place}/evidence/{row}", claim, of=place)


async def mails_about(mailbox: Mailbox, address: str) -> list[Received]:
    """The mails to that address that ask whether something is still in use."""
    to = [mail for mail in mailbox.mails if mail.to == address]
    return [mail for mail in to if "ditanyakan pemanfaatannya" in str(mail.message["Subject"])]
