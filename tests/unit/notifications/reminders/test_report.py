from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.role import ContactRole
from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.obligations.summary import ObligationSummary
from services.notifications.reminders.policy.alert_policy import DEFAULT
from services.notifications.reminders.report.content import MOST_LINES, ReportContent, Week
from services.notifications.reminders.report.forecast import Forecasting, stages_to_come
from services.notifications.reminders.report.prices import price_on, prices
from services.notifications.reminders.who.recipients import Person
from services.notifications.state import replaced
from shared.contracts.message import Alert, Reason
from shared.contracts.vocabulary import InnovationStatus, ReasonKind, Zone
from tests.support.notifications_service import REGION, YEAR, NotificationsService, agency, innovation
from tests.unit.notifications.reminders.telling import close_email, receive_agencies

WEEK = Week.of("2026-W50")  # Monday 7 December
MONDAY = datetime(2026, 12, 7, 3, tzinfo=UTC)
LAST_WEEK = datetime(2026, 12, 2, 3, tzinfo=UTC)


def duty(
    phase: ObligationPhase, agency: str = "a", deadline: date = date(2026, 12, 31), **more: object
) -> ObligationSummary:
    fields = {
        "region": REGION,
        "agency": agency,
        "year": YEAR,
        "phase": phase,
        "deadline": deadline,
        "deadline_revision": 1,
    }
    return ObligationSummary.model_validate(fields | more)


def content(*duties: ObligationSummary, fulfilled_at: datetime | None = None) -> ReportContent:
    collected = ReportContent(WEEK, Zone.WIB_PONTIANAK, {"a": "Dinas A", "b": "Dinas B"})
    for each in duties:
        collected.add(each, fulfilled_at)
    return collected


def test_a_week_is_an_iso_week_with_its_iso_year() -> None:
    assert (WEEK.first, WEEK.last) == (date(2026, 12, 7), date(2026, 12, 13))
    assert Week.of("2026-W53").first == date(2026, 12, 28)
    assert Week.of("2026-W53").last == date(2027, 1, 3)
    assert WEEK.was_before(date(2026, 11, 30))
    assert WEEK.was_before(date(2026, 12, 6))
    assert not WEEK.was_before(date(2026, 12, 7))


def test_every_agency_is_counted_once_by_its_phase() -> None:
    found = content(*(duty(phase) for phase in ObligationPhase if phase is not ObligationPhase.UNKNOWN))
    (totals,) = found.totals
    assert (totals.fulfilled, totals.open, totals.waiting, totals.overdue, totals.exempted) == (1, 2, 1, 1, 1)


@pytest.mark.parametrize(
    ("each", "note"),
    [
        (duty(ObligationPhase.FULFILLED), "fulfilled"),
        (duty(ObligationPhase.FULFILLED, late=True), "late"),
        (duty(ObligationPhase.WAITING, waiting_since=LAST_WEEK), "waiting"),
        (duty(ObligationPhase.OPEN, spell="i/2", spell_since=LAST_WEEK), "opened-again"),
        (duty(ObligationPhase.OVERDUE, deadline=date(2026, 12, 1)), "overdue"),
        (duty(ObligationPhase.EXEMPTED, cancelled=True, cancelled_at=LAST_WEEK), "exempted"),
    ],
)
def test_what_changed_in_the_week_before_is_listed(each: ObligationSummary, note: str) -> None:
    assert [(line.agency, line.note) for line in content(each, fulfilled_at=LAST_WEEK).changes] == [("Dinas A", note)]


def test_what_changed_earlier_is_not_listed_as_a_change_and_what_lasts_is() -> None:
    old = LAST_WEEK - timedelta(days=7)
    found = content(
        duty(ObligationPhase.FULFILLED),
        duty(ObligationPhase.WAITING, agency="b", waiting_since=old),
        duty(ObligationPhase.OVERDUE, deadline=date(2026, 11, 1)),
        fulfilled_at=old,
    )
    assert found.changes == []
    assert [(line.agency, line.since) for line in found.waiting] == [("Dinas B", date(2026, 11, 25))]
    assert [(line.agency, line.since) for line in found.late] == [("Dinas A", date(2026, 11, 2))]


def test_a_list_is_bounded_and_the_totals_are_not() -> None:
    found = content(*(duty(ObligationPhase.OVERDUE) for _ in range(MOST_LINES + 1)))
    assert len(found.late) == MOST_LINES
    assert found.totals[0].overdue == MOST_LINES + 1


# --- The forecast ---

BUDI = Contact.of(region=REGION, agencies=["a"], name="Budi", email="b@dinas.example")
SARI = replaced(
    Contact.of(region=REGION, agencies=["a"], name="Sari", phone="+6281234567890", consent_whatsapp="1"), email=""
)


def test_the_stages_of_the_coming_week_are_those_that_begin_in_it() -> None:
    open_ = duty(ObligationPhase.OPEN, deadline=date(2026, 12, 8))
    assert stages_to_come(open_, DEFAULT, Zone.WIB, date(2026, 12, 1)) == [
        (date(2026, 12, 7), "before-1"),
    ]
    assert stages_to_come(open_, DEFAULT, Zone.WIB, date(2026, 12, 2)) == [
        (date(2026, 12, 7), "before-1"),
        (date(2026, 12, 9), "overdue"),
    ]
    assert stages_to_come(duty(ObligationPhase.WAITING), DEFAULT, Zone.WIB, date(2026, 12, 1)) == []


def test_persons_are_counted_once_and_messages_once_a_day() -> None:
    forecasting = Forecasting(DEFAULT)
    people = [Person("budi", 1, BUDI), Person("kepala", 1, replaced(BUDI, role=ContactRole.HEAD))]
    forecasting.add([(date(2026, 12, 7), "before-1"), (date(2026, 12, 9), "overdue")], people)
    forecasting.add([(date(2026, 12, 7), "before-1")], people)
    found = forecasting.forecast()
    assert (found.persons, found.messages, found.cost) == (1, 2, Decimal(0))
    assert forecasting.stages == {"before-1": 2, "overdue": 1}


def test_without_a_price_for_the_day_the_cost_is_unknown(tmp_path: Path) -> None:
    forecasting = Forecasting(DEFAULT)
    forecasting.add([(date(2026, 12, 7), "before-1")], [Person("sari", 1, SARI)])
    assert forecasting.forecast().cost is None
    price = {"channel": "whatsapp", "currency": "IDR", "price": "330", "first": "2026-10-01"}
    text = json.dumps(price | {"source": "test", "status": "transcribed"})
    (tmp_path / "now.json").write_text(text, "utf-8")
    known = forecasting.forecast(tmp_path)
    assert (known.cost, known.currency) == (Decimal(330), "IDR")


def test_the_shipped_prices_are_dated_and_none_is_of_today() -> None:
    assert prices()
    assert price_on(ChannelName.WHATSAPP, date(2026, 12, 1)) is None
    assert price_on(ChannelName.WHATSAPP, date(2024, 6, 1)) is not None


# --- From what is stored ---


async def test_a_report_is_read_from_the_store(log_service: NotificationsService) -> None:
    await receive_agencies(log_service, "Dinas Kesehatan", "Dinas Sosial")
    await log_service.receive(agency("Dinas Perhubungan"))
    await log_service.receive(innovation(by="Dinas Perhubungan", status=InnovationStatus.SUBMITTED, first=LAST_WEEK))
    await log_service.set_contact()
    await log_service.set_contact("Sari", of=["Dinas Sosial"], email="sari@dinsos.example")
    await close_email(log_service, "Sari")
    log_service.clock.move_to(MONDAY)
    reason = Reason(kind=ReasonKind.REPORT, what="weekly", region=REGION, week="2026-W50")

    frame = await log_service.parts.reminders.frames.of_code(REGION)
    assert frame is not None
    found = await log_service.parts.reminders.report_builder.details(Alert(id="x", reason=reason), frame)

    assert [(each.year, each.fulfilled, each.open) for each in found.totals] == [(2026, 1, 2)]
    assert [(each.agency, each.note) for each in found.changes] == [("Dinas Perhubungan", "fulfilled")]
    assert [(each.agency, each.note) for each in found.untold] == [("Dinas Sosial", "closed")]
    assert (found.forecast.persons, found.forecast.messages) == (0, 0)  # before-14 begins on the 17th
    assert (found.week, found.first, found.last) == ("2026-W50", date(2026, 11, 30), date(2026, 12, 6))
