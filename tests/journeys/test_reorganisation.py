"""A reorganisation over HTTP, on both pairs of engines: an office is closed in the middle of the year, and the one that
continues its work takes over drafts, contacts, parts and duties."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from tests.servers.smtp import Mailbox, text_of
from tests.support.client import Answer, Refused, Regency, eventually
from tests.support.faults.scenario import EVIDENCE, YEAR
from tests.support.registry_samples import valid_profile

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.sampled(1)]

PROFILE = valid_profile(applied_on="2026-05-05")
REGISTRY = "/registry/v1"
TODAY = "2026-06-15"  # NOW
HEIR = "Dinas Pertanian dan Pangan"
IDEA = "sebuah gagasan masyarakat diserahkan untuk dibina"


async def test_the_successor_of_a_closed_office_takes_over(regency: Regency, journey_mailbox: Mailbox) -> None:
    await regency.deadline(YEAR, date(2026, 12, 31))
    address = f"pangan-{regency.code}@satu.example"
    old = await regency.agency("Dinas Pangan", mail=address)
    new = await regency.agency(HEIR)
    await regency.be_reminded_at_any_hour()

    async def told(what: str) -> int:
        """In how many mails to the old office's contact it is."""
        return sum(what in text_of(mail) for mail in journey_mailbox.mails if mail.to == address)

    part = await regency.curator.create(
        f"{REGISTRY}/agencies",
        {"region": regency.code, "name": "UPT Benih", "kind": "upt", "parent": old, "obliged_from": None},
    )
    idea = await regency.curator.create(
        f"{REGISTRY}/regions/{regency.code}/ideas",
        {"title": "Benih lewat pesan", "text": "Petani memesan benih dari rumah."},
    )
    fostered = f"{REGISTRY}/ideas/{idea['id']}"
    await regency.curator.change("POST", f"{fostered}/hand-over", {"agency": old}, of=fostered)
    await eventually(partial(told, f"Dinas Pangan: {IDEA}"))
    submitted = await regency.draft(old, PROFILE, EVIDENCE)
    await regency.submit(submitted, old)
    draft = await regency.draft(old, PROFILE, EVIDENCE)
    await regency.becomes(old, YEAR, "fulfilled")
    await regency.becomes(new, YEAR, "open")

    place = f"{REGISTRY}/agencies/{old}"
    await regency.curator.change("POST", f"{place}/retire", {"retired_on": TODAY, "successor": new}, of=place)

    duty = await regency.becomes(new, YEAR, "fulfilled")
    assert duty["counted"] == [submitted]
    assert duty["on_time"] is True
    for innovation in (draft, submitted):
        await eventually(partial(regency.innovation, innovation), lambda it: it["agency"] == new)
    assert (await regency.curator.get(f"{REGISTRY}/agencies/{part['id']}"))["parent"] == new
    await eventually(lambda: contacts(regency, new), lambda page: len(page["items"]) == 1)
    with pytest.raises(Refused):
        await regency.draft(old, PROFILE, EVIDENCE)
    await eventually(partial(told, f"{HEIR}: {IDEA}"))
    await regency.verify(submitted, {})
    asked = f"{REGISTRY}/innovations/{submitted}"
    await regency.curator.change("PUT", f"{asked}/continuation/follow-up", {"asked_on": TODAY}, of=asked)
    await eventually(partial(told, f"{HEIR}: inovasi “{PROFILE['name']}” ditanyakan pemanfaatannya"))
    await regency.submit(draft, new)
    await eventually(lambda: regency.scorecard(draft), lambda card: card["agency"] == new)
    assert [await told(f"{name}: {IDEA}") for name in ("Dinas Pangan", HEIR)] == [1, 1]


async def contacts(regency: Regency, agency: str) -> Answer:
    return await regency.curator.get("/notifications/v1/contacts", region=regency.code, agency=agency)
