"""Over HTTP and by mail, on both pairs of engines: an agency asks to withdraw an innovation and hears what the curator
decides, an idea of anybody reaches the curator and its fostering agency, and a team that leaves is noticed."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from tests.servers.smtp import Mailbox, text_of
from tests.support.client import Regency, eventually
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import EVIDENCE, YEAR
from tests.support.registry_samples import valid_profile

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.sampled(1)]

REGISTRY = "/registry/v1"
PROFILE = valid_profile(applied_on="2026-05-05")
NAME = PROFILE["name"]
AGENCY = "Dinas Kelautan"


async def test_an_agency_hears_what_the_curator_decides_on_its_requests(
    system: RunningSystem, regency: Regency, journey_mailbox: Mailbox
) -> None:
    await regency.deadline(YEAR, date(2026, 12, 31))
    officer_mail, curator_mail = (f"{who}-{regency.code}@satu.example" for who in ("petugas", "kurator"))
    agency = await regency.agency(AGENCY, mail=officer_mail)
    person = {"region": regency.code, "agencies": [], "role": "curator", "name": "Kurator (contoh)"}
    await regency.curator.create("/notifications/v1/contacts", {**person, "email": curator_mail})
    await regency.be_reminded_at_any_hour()
    innovation = await regency.draft(agency, PROFILE, EVIDENCE)
    place, officer = f"{REGISTRY}/innovations/{innovation}", regency.officer(agency)
    await regency.submit(innovation, agency)
    await regency.verify(innovation, {})

    async def told(address: str, what: str) -> int:
        return sum(what in text_of(mail) for mail in journey_mailbox.mails if mail.to == address)

    # The agency asks, the curator hears of it and declines
    await officer.change("POST", f"{place}/withdrawal", {"reason": "Tidak dipakai lagi."}, of=place)
    asked = f"{AGENCY}: inovasi “{NAME}” dimohonkan untuk ditarik"
    await eventually(partial(told, curator_mail, asked))
    await regency.curator.change("POST", f"{place}/withdrawal/decline", {"reason": "Masih dipakai."}, of=place)
    declined = f"{AGENCY}: inovasi “{NAME}” tidak ditarik"
    await eventually(partial(told, officer_mail, declined))

    # Its only person leaves soon
    team = {"team": [{"name": "Nama Contoh", "leaves_on": "2026-07-20"}]}
    await officer.change("PUT", f"{place}/continuation/sustainability", team, of=place)
    leaves = f"{AGENCY}: inovasi “{NAME}” segera tidak mempunyai pelaksana"
    await eventually(partial(told, officer_mail, leaves))

    # It asks again, and the curator agrees
    await officer.change("POST", f"{place}/withdrawal", {"reason": "Petugasnya pindah."}, of=place)
    await eventually(partial(told, curator_mail, asked), lambda count: count == 2)
    await regency.withdraw(innovation, agency)
    withdrawn = f"{AGENCY}: inovasi “{NAME}” ditarik oleh kurator"
    await eventually(partial(told, officer_mail, withdrawn))

    # Each was told once, to nobody else, and no reason and no name is in any mail
    await system.wait_until_idle()
    assert [await told(officer_mail, what) for what in (declined, leaves, withdrawn, asked)] == [1, 1, 1, 0]
    assert [await told(curator_mail, what) for what in (declined, leaves, withdrawn)] == [0, 0, 0]
    private = ("Tidak dipakai lagi", "Masih dipakai.", "Petugasnya pindah", "Nama Contoh")
    assert [await told(each, what) for each in (officer_mail, curator_mail) for what in private] == [0] * 8
