"""The yearly obligation over HTTP, on both pairs of engines: a submitted innovation is scored and fulfils it, a
withdrawn one opens it again, and an agency that owes one is reminded once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.servers.smtp import Mailbox, Received
from tests.support.client import Answer, Regency, eventually
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import (
    CLAIMED,
    DEADLINE,
    EVIDENCE,
    YEAR,
    check_consequences,
    mails_of,
    play,
    reminders_to,
)
from tests.support.registry_samples import valid_profile

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.sampled(1)]

PASSED = DEADLINE
FAR = date(2026, 12, 31)
NEAR = date(2026, 7, 1)  # less than thirty days after NOW, 15 June
PROFILE = valid_profile(applied_on="2026-05-05")


async def handed_in(regency: Regency, agency: str, evidence: dict[str, dict[str, Any]] = EVIDENCE) -> str:
    innovation = await regency.draft(agency, PROFILE, evidence)
    await regency.submit(innovation, agency)
    return innovation


async def mails_to(journey_mailbox: Mailbox, address: str, count: int) -> list[Received]:
    """The reminders to one address, once there are that many."""

    async def come() -> list[Received]:
        return reminders_to(address, journey_mailbox)

    return await eventually(come, lambda them: len(them) >= count)


async def test_what_is_handed_in_is_scored_and_fulfils_and_who_hands_in_nothing_is_told_once(
    system: RunningSystem, journey_mailbox: Mailbox
) -> None:
    async with Regency(system.url, system.issue) as regency:
        played = await play(regency)
        await check_consequences(played, journey_mailbox)
        (mail,) = mails_of(played, journey_mailbox)
        assert "Dinas Lalai" in mail.message.as_string() or "Dinas Lalai" in str(mail.message.get_body(("plain",)))

        # A second agency is reminded later, so another sweep has checked everything again.
        other = f"kedua-{regency.code}@satu.example"
        await regency.agency("Dinas Lalai Kedua", mail=other)
        await mails_to(journey_mailbox, other, 1)
        await system.wait_until_idle()

        assert len(mails_of(played, journey_mailbox)) == 1


async def test_what_is_withdrawn_opens_the_duty_again(regency: Regency) -> None:
    await regency.deadline(YEAR, FAR)
    agency = await regency.agency()
    innovation = await handed_in(regency, agency)
    await regency.becomes(agency, YEAR, "fulfilled")

    await regency.withdraw(innovation, agency)

    duty = await regency.becomes(agency, YEAR, "open")
    assert (duty["counted"], duty["on_time"], duty["fulfilled_at"]) == ([], None, None)
    second = await handed_in(regency, agency)
    assert (await regency.becomes(agency, YEAR, "fulfilled"))["counted"] == [second]


async def test_what_is_returned_is_mended_and_handed_in_again(regency: Regency) -> None:
    await regency.deadline(YEAR, FAR)
    agency = await regency.agency()
    innovation = await handed_in(regency, agency)
    await regency.becomes(agency, YEAR, "fulfilled")
    await eventually(lambda: regency.scorecard(innovation), lambda card: card["maturity"]["claimed"] == CLAIMED)

    await regency.give_back(innovation, {"16": "Lampirkan Peraturan Kepala Daerah."})

    await regency.becomes(agency, YEAR, "open")
    path = f"/registry/v1/innovations/{innovation}"
    officer = regency.officer(agency)
    assert (await officer.get(path))["comments"] == {"16": "Lampirkan Peraturan Kepala Daerah."}
    better = {"level": 3, "links": ["https://bukti.satu.example/perkada"]}
    await officer.change("PUT", f"{path}/evidence/16", better, of=path)
    await regency.submit(innovation, agency)

    duty = await regency.becomes(agency, YEAR, "fulfilled")
    assert (duty["counted"], duty["on_time"]) == ([innovation], True)
    await eventually(lambda: regency.scorecard(innovation), lambda card: card["maturity"]["claimed"] == CLAIMED + 3)


async def test_where_only_the_verified_counts_the_duty_waits_for_the_curator(system: RunningSystem) -> None:
    async with Regency(system.url, system.issue) as regency:
        await regency.found(counts_when="verified")
        await regency.deadline(YEAR, FAR)
        agency = await regency.agency()
        innovation = await handed_in(regency, agency)
        waits = await eventually(lambda: regency.obligation(agency, YEAR), lambda duty: duty["waiting"] is not None)
        assert (waits["status"], waits["waiting"]) == ("open", "verification")

        await regency.verify(innovation, {"16": 2, "17": 1, "32": 3, "33": 2, "35": 0})

        assert (await regency.becomes(agency, YEAR, "fulfilled"))["counted"] == [innovation]
        verified = 2 * 3 + 1 * 2 + 3 * 2 + 2 * 3
        card = await eventually(lambda: regency.scorecard(innovation), lambda card: card["maturity"]["verified"] > 0)
        assert (card["maturity"]["claimed"], card["maturity"]["verified"], card["maturity"]["of"]) == (
            CLAIMED,
            verified,
            111,
        )


async def told(regency: Regency, reasons: list[tuple[int, str]]) -> None:
    """Wait until exactly these reasons, deadline's revision and what it says, were told about duties and deadlines."""

    async def ask() -> list[tuple[int, str]]:
        messages = await regency.curator.every("/notifications/v1/messages", region=regency.code, status="sent")
        every = [alert["reason"] for each in messages for alert in each["alerts"]]
        return sorted((each["deadline_revision"], each["what"]) for each in every if each["kind"] != "contact")

    assert await eventually(ask, lambda them: len(them) >= len(reasons)) == reasons


async def test_a_deadline_that_moves_is_followed_and_each_of_its_stages_is_told_once(
    regency: Regency, system: RunningSystem, journey_mailbox: Mailbox
) -> None:
    address = f"pindah-{regency.code}@satu.example"
    await regency.be_reminded_at_any_hour()
    await regency.deadline(YEAR, PASSED)
    agency = await regency.agency(mail=address)
    assert (await regency.becomes(agency, YEAR, "overdue"))["deadline_revision"] == 1
    await told(regency, [(1, "overdue")])

    await regency.deadline(YEAR, FAR)
    duty = await regency.becomes(agency, YEAR, "open")
    assert (duty["deadline"], duty["deadline_revision"]) == (FAR.isoformat(), 2)
    await told(regency, [(1, "overdue"), (2, "moved")])
    await regency.deadline(YEAR, NEAR)
    await told(regency, [(1, "overdue"), (2, "moved"), (3, "before-30"), (3, "moved")])
    await regency.deadline(YEAR, PASSED)
    await regency.becomes(agency, YEAR, "overdue")
    everything = [(1, "overdue"), (2, "moved"), (3, "before-30"), (3, "moved"), (4, "overdue")]
    await told(regency, everything)

    await system.wait_until_idle()
    await told(regency, everything)
    subjects = [str(mail.message["Subject"]) for mail in journey_mailbox.mails if mail.to == address]
    [moved] = [each for each in subjects if "31 Desember" in each]
    assert moved.startswith(f"Tenggat inovasi {YEAR} berubah menjadi")
    assert len([each for each in subjects if "melewati tenggat" in each]) == 2


async def test_an_exempted_agency_is_not_told_until_the_exemption_is_lifted(
    regency: Regency, journey_mailbox: Mailbox
) -> None:
    exempted_address, address = f"bebas-{regency.code}@satu.example", f"wajib-{regency.code}@satu.example"
    exempted = await regency.agency("Dinas Baru", mail=exempted_address)
    await regency.agency("Dinas Lama", mail=address)
    path = f"/notifications/v1/exemptions/{exempted}/{YEAR}"
    decree = {"decree": "100.3.3.2/417/2026", "reason": "Perangkat daerah baru dibentuk."}
    answer = await regency.curator.raw("PUT", path, json=decree)
    assert answer.status_code == 200, answer.text

    await regency.deadline(YEAR, PASSED)

    duty = await regency.becomes(exempted, YEAR, "exempted")
    assert duty["ground"] == "decree"
    await mails_to(journey_mailbox, address, 1)
    assert await mails_to(journey_mailbox, exempted_address, 0) == []

    lifted = await regency.curator.raw("DELETE", path, headers={"If-Match": answer.headers["etag"]})
    assert lifted.status_code == 204, lifted.text
    await regency.becomes(exempted, YEAR, "overdue")
    await mails_to(journey_mailbox, exempted_address, 1)


async def test_what_moves_to_another_agency_or_year_counts_there_and_no_more_where_it_was(regency: Regency) -> None:
    await regency.deadline(YEAR - 1, FAR)
    await regency.deadline(YEAR, FAR)
    first, second = await regency.agency("Dinas Pertama"), await regency.agency("Dinas Kedua")
    innovation = await handed_in(regency, first)
    await regency.becomes(first, YEAR, "fulfilled")

    await moved(regency, innovation, second, YEAR)

    assert (await regency.becomes(second, YEAR, "fulfilled"))["counted"] == [innovation]
    assert (await regency.becomes(first, YEAR, "open"))["counted"] == []
    await eventually(lambda: regency.scorecard(innovation), lambda card: card["agency"] == second)

    await moved(regency, innovation, second, YEAR - 1)

    assert (await regency.becomes(second, YEAR - 1, "fulfilled"))["counted"] == [innovation]
    assert (await regency.becomes(second, YEAR, "open"))["counted"] == []
    assert (await regency.obligation(first, YEAR))["status"] == "open"


async def moved(regency: Regency, innovation: str, agency: str, year: int) -> None:
    path = f"/registry/v1/innovations/{innovation}"
    where = {"agency": agency, "year": year, "reason": "Salah pilih saat pengajuan."}

    def done(it: Answer) -> bool:
        return (it["agency"], it["year"]) == (agency, year)

    await regency.curator.change("POST", f"{path}/reassign", where, of=path, done=done)


async def test_an_agency_that_nobody_can_be_told_of_is_reported_until_it_has_a_contact(
    regency: Regency, journey_mailbox: Mailbox
) -> None:
    await regency.deadline(YEAR, PASSED)
    agency = await regency.agency("Dinas Tanpa Kontak")
    await regency.becomes(agency, YEAR, "overdue")

    async def unreachable() -> list[str]:
        each = await regency.curator.every("/notifications/v1/unreachable", region=regency.code, year=YEAR)
        return [one["agency"] for one in each]

    assert await eventually(unreachable) == [agency]

    address = f"kontak-{regency.code}@satu.example"
    table = f"agency,name,email,phone\n{agency},Pengelola (contoh),{address},\n"
    answer = await regency.curator.raw(
        "POST",
        "/notifications/v1/contacts/import",
        params={"region": regency.code},
        content=table,
        headers={"Content-Type": "text/csv; charset=utf-8", "Idempotency-Key": "kontak 1"},
    )
    assert answer.is_success, answer.text

    await mails_to(journey_mailbox, address, 1)
    assert await eventually(unreachable, lambda them: not them) == []
