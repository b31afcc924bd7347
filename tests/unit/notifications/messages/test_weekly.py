"""The weekly report of a region, read from its duties, contacts and messages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.repositories import contact_repository
from services.notifications.messages.message import Message, MessageStatus
from services.notifications.messages.repositories import message_repository
from services.notifications.messages.texts.details import AgencyLine, Attention, ReportDetails
from shared.contracts.continuation import ContinuationState, RightExpiry, RightsKind, Use
from shared.contracts.deadline import DeadlinePassed
from shared.contracts.idea import IdeaChanged, IdeaStatus
from shared.contracts.innovation import WithdrawalState, WithdrawalStep
from shared.contracts.message import Alert, Reason
from shared.contracts.vocabulary import CountsWhen, InnovationStatus, ReasonKind
from shared.storage.steps import without_event
from tests.support.notifications_service import (
    REGION,
    YEAR,
    NotificationsService,
    agency,
    agency_id,
    deadline,
    innovation,
    innovation_id,
    notifications_service,
    region,
)

LAST_DAY = date(2026, 12, 20)  # a Sunday
MONDAY = datetime(2026, 12, 21, 3, tzinfo=UTC)
WEEK = "2026-W52"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[NotificationsService]:
    """A region whose duty for 2026 ended on Sunday; it is Monday morning."""
    async with notifications_service(tmp_path, at=datetime(2026, 12, 16, 3, tzinfo=UTC)) as service:
        await service.receive(region(deadline(LAST_DAY), counts_when=CountsWhen.VERIFIED))
        yield service


async def passes(service: NotificationsService, **submitted: str) -> None:
    """The deadline is over, and the registry has told what it had. submitted: innovation → agency."""
    of: dict[str, tuple[str, ...]] = {agency_id(by): (innovation_id(name),) for name, by in submitted.items()}
    service.clock.move_to(MONDAY)
    await service.receive(DeadlinePassed(region=REGION, year=YEAR, revision=1, date=LAST_DAY, hour=None, submitted=of))
    await service.parts.reconciliation.run()


async def report(service: NotificationsService, week: str = WEEK) -> ReportDetails:
    frame = await service.parts.reminders.frames.of_code(REGION)
    assert frame is not None
    alert = Alert(id="a", reason=Reason(kind=ReasonKind.REPORT, what="weekly", region=REGION, week=week))
    return await service.parts.reports.details(alert, frame)


async def test_a_report_counts_and_lists_what_became_of_each_duty(service: NotificationsService) -> None:
    # Given one that was late, one that waits for the curator and one that has done its duty
    for name in ("Dinas Kesehatan", "Dinas Sosial", "RSUD"):
        await service.receive(agency(name))
    handed_in = datetime(2026, 12, 15, 3, tzinfo=UTC)
    await service.receive(innovation("Adu", by="Dinas Sosial", first=handed_in))
    verified = datetime(2026, 12, 17, 3, tzinfo=UTC)
    done = innovation("Spirit", by="RSUD", status=InnovationStatus.VERIFIED, first=handed_in, verified=verified)
    await service.receive(done)

    # When the week after the deadline begins
    await passes(service, Adu="Dinas Sosial", Spirit="RSUD")
    found = await report(service)

    # Then
    (year,) = found.totals
    assert (year.year, year.deadline) == (YEAR, LAST_DAY)
    assert (year.fulfilled, year.open, year.waiting, year.overdue, year.exempted) == (1, 0, 1, 1, 0)
    assert (found.first, found.last) == (date(2026, 12, 14), LAST_DAY)
    assert found.late == (AgencyLine("Dinas Kesehatan", YEAR, date(2026, 12, 21)),)
    assert found.waiting == (AgencyLine("Dinas Sosial", YEAR, date(2026, 12, 15)),)
    assert found.changes == (
        AgencyLine("Dinas Sosial", YEAR, date(2026, 12, 15), "waiting"),
        AgencyLine("RSUD", YEAR, date(2026, 12, 17), "fulfilled"),
    )


async def test_a_week_later_the_overdue_duty_is_a_change_of_the_week_before(service: NotificationsService) -> None:
    await service.receive(agency())
    await passes(service)
    service.clock.move_to(datetime(2026, 12, 28, 3, tzinfo=UTC))

    found = await report(service, "2026-W53")

    assert found.changes == (AgencyLine("Dinas Kesehatan", YEAR, date(2026, 12, 21), "overdue"),)


def _closed(contact: Contact | None) -> Contact | None:
    return contact and contact.with_closed(ChannelName.EMAIL, "dewi@dinas.example", "5.1.1")


async def test_a_report_names_the_agencies_that_nobody_could_be_told_about_and_why(
    service: NotificationsService,
) -> None:
    for name in ("Dinas Kesehatan", "Dinas Sosial", "Dinas Perikanan", "RSUD", "Inspektorat"):
        await service.receive(agency(name))
    await service.set_contact("Budi", of=["Dinas Kesehatan"])
    dewi = await service.set_contact("Dewi", of=["Dinas Perikanan"], email="dewi@dinas.example")
    await contact_repository(service.store).change(dewi, without_event(_closed))
    await service.set_contact("Ani", of=["Dinas Sosial"], email=None, landline="+62561000000")
    await service.set_contact("Citra", of=["Inspektorat"], email="citra@inspektorat.example")
    reason = Reason(
        kind=ReasonKind.DUTY,
        what="before-7",
        region=REGION,
        agency=agency_id("Inspektorat"),
        year=YEAR,
        deadline_revision=1,
    )
    message = Message(
        person="p",
        number=1,
        region=REGION,
        alerts=(Alert(id="one", reason=reason),),
        as_of=date(2026, 12, 15),
        mail="m",
        taken_at=round(datetime(2026, 12, 15, 3, tzinfo=UTC).timestamp() * 1000),
        due=0,
        status=MessageStatus.UNDELIVERED,
    )
    await message_repository(service.store).create("p/1", message)
    await passes(service)

    found = {(line.agency, line.note) for line in (await report(service)).untold}

    assert found == {
        ("Dinas Sosial", "no-address"),
        ("Dinas Perikanan", "closed"),
        ("RSUD", "no-contact"),
        ("Inspektorat", "undelivered"),
    }


async def test_a_forecast_counts_who_gets_a_message_in_the_coming_days(service: NotificationsService) -> None:
    for name in ("Dinas Kesehatan", "Dinas Sosial"):
        await service.receive(agency(name))
    await service.set_contact("Budi", of=["Dinas Kesehatan", "Dinas Sosial"])
    await service.set_contact("Ani", of=["Dinas Sosial"], email="ani@dinsos.example")
    service.clock.move_to(datetime(2026, 12, 10, 3, tzinfo=UTC))  # `before-7` begins on the 13th

    found = (await report(service, "2026-W50")).forecast

    assert (found.messages, found.persons, found.cost) == (2, 2, Decimal(0))


async def test_a_forecast_without_a_price_list_does_not_invent_a_price(service: NotificationsService) -> None:
    await service.receive(agency())
    await service.set_contact(
        "Budi", email=None, phone="+6281234567890", preferred=ChannelName.WHATSAPP, consent_whatsapp="1"
    )
    service.clock.move_to(datetime(2026, 12, 10, 3, tzinfo=UTC))

    assert (await report(service, "2026-W50")).forecast.cost is None


async def test_a_duty_that_was_opened_again_is_a_change(service: NotificationsService) -> None:
    await service.receive(agency())
    returned = datetime(2026, 12, 8, 3, tzinfo=UTC)
    await service.receive(innovation(status=InnovationStatus.RETURNED, turn=2, since=returned))

    found = await report(service, "2026-W51")

    assert found.changes == (AgencyLine("Dinas Kesehatan", YEAR, date(2026, 12, 8), "opened-again"),)


async def test_a_report_counts_what_else_waits(service: NotificationsService) -> None:
    """Of the region only, as of the day on which it is written."""
    today = date(2026, 12, 21)
    mark = RightExpiry(number=1, kind=RightsKind.TRADEMARK, expires_on=today + timedelta(days=90))
    lately = MONDAY - timedelta(days=3)
    known: dict[str, tuple[ContinuationState | None, WithdrawalStep | None]] = {
        "asked": (None, WithdrawalStep.ASKED),
        "declined": (None, WithdrawalStep.DECLINED),
        "open": (ContinuationState(follow_up=1, follow_up_on=today, follow_up_until=today + timedelta(days=9)), None),
        "later": (ContinuationState(follow_up=1, follow_up_on=today + timedelta(days=1)), None),
        "lapsed": (ContinuationState(lapsed=1, lapsed_on=lately.date()), None),
        "lapsed before": (ContinuationState(lapsed=1, lapsed_on=today - timedelta(days=30)), None),
        "leaving": (ContinuationState(staffing=1, staffed_until=today + timedelta(days=60)), None),
        "ended": (ContinuationState(staffing=1, staffed_until=today, use=Use.STOPPED), None),
        "right": (ContinuationState(rights=(mark,)), None),
    }
    await service.receive(agency("Dinas Kesehatan"))
    for name, (continuation, step) in known.items():
        asked = WithdrawalState(number=1, step=step, since=lately) if step else None
        one = innovation(name, status=InnovationStatus.VERIFIED, verified=lately)
        await service.receive(one.model_copy(update={"continuation": continuation, "withdrawal": asked}))
    for id, status in (("i1", IdeaStatus.NEW), ("i2", IdeaStatus.HANDED_OVER), ("i3", IdeaStatus.CLOSED)):
        idea = IdeaChanged(id=id, region=REGION, status=status, received_at=lately, since=lately)
        await service.receive(idea)
    elsewhere = IdeaChanged(id="i4", region="61.71", status=IdeaStatus.NEW, received_at=lately, since=lately)
    await service.receive(elsewhere)
    service.clock.move_to(MONDAY)

    assert (await report(service)).attention == Attention(
        withdrawals=1,
        ideas=1,
        ideas_since=date(2026, 12, 18),
        fostered=1,
        questions=1,
        lapsed=1,
        staffing=1,
        rights=1,
    )
