from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.contacts.contact import Contact
from services.notifications.contacts.role import ContactRole
from services.notifications.keys import alert_key
from services.notifications.messages.alert import alert_of
from services.notifications.messages.alert_log import AlertLog
from services.notifications.obligations.entry import Entry
from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.obligations.summary import ObligationSummary
from services.notifications.reminders.frame import RegionFrame
from services.notifications.reminders.policy.alert_policy import DEFAULT
from services.notifications.reminders.putting import due_since
from services.notifications.reminders.reasons import (
    contact_reasons,
    duty_reasons,
    innovation_reasons,
    next_day,
    projected,
    report_reasons,
    unreachable_reasons,
)
from services.notifications.reminders.reminder import Reminder
from services.notifications.reminders.restore_hold import RestoreHold
from services.notifications.reminders.who.recipients import Person, choose, why_nobody
from services.notifications.state import replaced
from shared.contracts.region import Deadline
from shared.contracts.vocabulary import InnovationStatus, Zone
from tests.support.notifications_service import REGION, YEAR, asked_nothing, region

DEADLINE = date(2026, 12, 31)
ZONES = tuple(Zone)
OPEN, OVERDUE = ObligationPhase.OPEN, ObligationPhase.OVERDUE


def duty(phase: ObligationPhase = OPEN, **more: Any) -> ObligationSummary:  # noqa: ANN401 - fields by name
    fields = {
        "region": REGION,
        "agency": "a",
        "year": YEAR,
        "phase": phase,
        "deadline": DEADLINE,
        "deadline_revision": 1,
    }
    return ObligationSummary.model_validate(fields | more)


def whats(found: list) -> list[str]:  # type: ignore[type-arg]
    return [each.reason.what for each in found]


# --- Duties and deadlines ---


def test_the_key_of_an_old_reason_is_the_one_of_release_0_1() -> None:
    (due,) = duty_reasons(duty(OVERDUE), DEFAULT, Zone.WIB, date(2027, 1, 1))
    assert alert_of(due.reason, "p", 1).id == "f4a4cd58-5f3e-555c-b884-8b5e2357d452"
    assert alert_of(due.reason, "p", 2).id != alert_of(due.reason, "p", 1).id
    (spelled,) = duty_reasons(
        duty(OVERDUE, spell="i/2", spell_since=datetime(2026, 12, 1, tzinfo=UTC)),
        DEFAULT,
        Zone.WIB,
        date(2027, 1, 1),
    )
    assert alert_key(spelled.reason, "p", 1) != alert_key(due.reason, "p", 1)


def test_a_moved_deadline_is_news_for_thirty_days_and_never_beyond_the_new_deadline() -> None:
    moved: dict[str, Any] = {
        "deadline_revision": 2,
        "previous": date(2026, 10, 1),
        "moved_at": datetime(2026, 9, 1, 2, tzinfo=UTC),
    }
    for day, expected in ((1, True), (30, True), (31, False)):
        found = duty_reasons(duty(**moved), DEFAULT, Zone.WIB, date(2026, 9, 1) + timedelta(days=day - 1))
        assert ("moved" in whats(found)) is expected
    soon = duty(**moved | {"deadline": date(2026, 9, 10)})
    assert "moved" in whats(duty_reasons(soon, DEFAULT, Zone.WIB, date(2026, 9, 10)))
    assert "moved" not in whats(duty_reasons(projected(soon, date(2026, 9, 11)), DEFAULT, Zone.WIB, date(2026, 9, 11)))
    for phase in set(ObligationPhase) - {OPEN, OVERDUE}:
        assert duty_reasons(duty(phase, **moved), DEFAULT, Zone.WIB, date(2026, 9, 1)) == []


def test_a_cancelled_deadline_is_news_only_where_it_is_the_ground() -> None:
    cancelled = {"cancelled": True, "cancelled_at": datetime(2026, 9, 1, 2, tzinfo=UTC)}
    for ground, expected in (("cancelled", ["cancelled"]), ("decree", []), (None, [])):
        found = duty_reasons(
            duty(ObligationPhase.EXEMPTED, ground=ground, **cancelled), DEFAULT, Zone.WIB, date(2026, 9, 1)
        )
        assert whats(found) == expected
    fulfilled = duty(ObligationPhase.FULFILLED, ground="cancelled", **cancelled)
    assert whats(duty_reasons(fulfilled, DEFAULT, Zone.WIB, date(2026, 9, 1))) == []


@given(
    st.sampled_from([OPEN, OVERDUE]),
    st.sampled_from(ZONES),
    st.dates(date(2026, 8, 1), date(2027, 3, 1)),
    st.one_of(st.none(), st.datetimes(datetime(2026, 6, 1), datetime(2027, 3, 1))),  # noqa: DTZ001 - made aware below
)
def test_nothing_new_becomes_due_before_the_day_that_is_to_be_looked_at_next(
    phase: ObligationPhase, zone: Zone, day: date, spell_since: datetime | None
) -> None:
    """What the sweep sleeps through is what it has dealt with: the same reasons, or fewer."""
    spell = {"spell": "i/2", "spell_since": spell_since.replace(tzinfo=UTC)} if spell_since else {}
    summary = duty(phase, **spell)
    following = next_day(summary, DEFAULT, zone, day)
    known = {each.reason for each in duty_reasons(summary, DEFAULT, zone, day)}
    for ahead in range(1, 90):
        later = day + timedelta(days=ahead)
        if later >= following:
            break
        assert {each.reason for each in duty_reasons(summary, DEFAULT, zone, later)} <= known


@given(st.sampled_from(ZONES), st.datetimes(datetime(2026, 11, 1), datetime(2027, 2, 1)))  # noqa: DTZ001 - made aware below
def test_a_spell_begins_on_the_local_day_of_its_zone(zone: Zone, since: datetime) -> None:
    aware = since.replace(tzinfo=UTC)
    local = aware.astimezone(ZoneInfo(zone)).date()
    summary = duty(OPEN if local <= DEADLINE else OVERDUE, spell="i/2", spell_since=aware)
    assert whats(duty_reasons(summary, DEFAULT, zone, local)) == ["opened-again"]
    assert duty_reasons(summary, DEFAULT, zone, local - timedelta(days=1)) == []


def test_a_dry_run_sees_an_open_duty_as_overdue_after_its_deadline() -> None:
    assert projected(duty(), date(2027, 1, 1)).phase is OVERDUE
    assert projected(duty(OVERDUE), DEADLINE).phase is OPEN
    for phase in (ObligationPhase.WAITING, ObligationPhase.FULFILLED, ObligationPhase.EXEMPTED):
        assert projected(duty(phase), date(2027, 1, 1)).phase is phase


# --- Innovations ---


def entry(status: InnovationStatus, **more: object) -> Entry:
    fields = {
        "agency": "a",
        "year": YEAR,
        "region": REGION,
        "innovation": "i",
        "sequence": 5,
        "here": True,
        "status": status,
        "turn": 2,
        "turn_sequence": 5,
        "status_since": datetime(2026, 9, 1, 2, tzinfo=UTC),
    }
    return Entry.model_validate(fields | more)


@pytest.mark.parametrize(
    ("status", "more", "expected"),
    [
        (InnovationStatus.RETURNED, {}, ["returned"]),
        (InnovationStatus.VERIFIED, {}, ["verified"]),
        (InnovationStatus.VERIFIED, {"scored_turn": 2}, ["verified", "scored"]),
        (InnovationStatus.SUBMITTED, {"scored_turn": 2}, ["scored"]),
        (InnovationStatus.SUBMITTED, {"scored_turn": 1}, []),
        (InnovationStatus.RETURNED, {"scored_turn": 2}, ["returned"]),
        (InnovationStatus.DRAFT, {}, []),
        (InnovationStatus.WITHDRAWN, {}, []),
        (InnovationStatus.RETURNED, {"here": False}, []),
        (InnovationStatus.RETURNED, {"turn": 0}, []),
        (InnovationStatus.RETURNED, {"imported": True, "year": 2025}, []),
        (InnovationStatus.RETURNED, {"imported": True}, ["returned"]),
    ],
)
def test_what_happened_to_an_innovation_in_its_turn(
    status: InnovationStatus, more: dict[str, object], expected: list[str]
) -> None:
    assert whats(innovation_reasons(entry(status, **more), Zone.WIB, date(2026, 9, 3))) == expected


def test_a_return_is_due_while_it_is_returned_and_a_verification_for_a_week() -> None:
    for days, returned, verified in ((0, 1, 1), (6, 1, 1), (7, 1, 0), (200, 1, 0), (-1, 0, 0)):
        day = date(2026, 9, 1) + timedelta(days=days)
        assert len(innovation_reasons(entry(InnovationStatus.RETURNED), Zone.WIB, day)) == returned
        assert len(innovation_reasons(entry(InnovationStatus.VERIFIED), Zone.WIB, day)) == verified


# --- Contacts and reports ---


def contact(**more: object) -> Contact:
    return replaced(Contact.of(region=REGION, agencies=["a"], name="Budi", email="b@dinas.example"), **more)


def test_a_contact_is_asked_to_confirm_until_it_has() -> None:
    day = date(2026, 9, 1)
    assert whats(contact_reasons("p", contact(), day, day)) == ["confirm"]
    assert contact_reasons("p", contact(email_confirmed=True), day, day) == []
    assert contact_reasons("p", asked_nothing(contact()), day, day) == []
    assert contact_reasons("p", contact(erased=True), day, day) == []
    assert contact_reasons("p", contact(valid_to=date(2026, 8, 31)), day, day) == []


def test_somebody_is_unreachable_when_an_address_was_closed_and_none_is_left() -> None:
    day = date(2026, 9, 1)
    closed = contact(email_closed="5.1.1", closed=True, reachable=False)
    assert whats(unreachable_reasons("p", closed, day, day)) == ["unreachable"]
    other = replaced(closed, phone="+6281234567890", consent_whatsapp="1")
    assert unreachable_reasons("p", other, day, day) == []
    assert unreachable_reasons("p", contact(email=""), day, day) == []  # never had one: only in the lists
    assert unreachable_reasons("p", replaced(closed, valid_to=date(2026, 8, 31)), day, day) == []


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(1, 7))
def test_a_report_is_due_from_its_weekday_to_sunday_once_for_each_iso_week(day: date, weekday: int) -> None:
    policy = replaced(DEFAULT, report_weekday=weekday)
    deadlines = region().deadlines
    found = report_reasons(REGION, deadlines, policy, day)
    assert bool(found) == (day.isoweekday() >= weekday)
    for each in found:
        assert each.reason.week == f"{day.isocalendar().year}-W{day.isocalendar().week:02}"
        assert each.first.isoweekday() == weekday
        assert each.last is not None
        assert each.last.isoweekday() == 7


def test_a_cancelled_year_has_no_report() -> None:
    cancelled = Deadline(year=YEAR, revision=2, date=DEADLINE, cancelled=True, set_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert report_reasons(REGION, [*region().deadlines, cancelled], DEFAULT, date(2026, 9, 7)) == []


# --- Who ---


def person(id: str, log: AlertLog | None = None, **more: object) -> Person:
    fields: dict[str, object] = {"email": f"{id}@dinas.example"}
    return Person(id, 1, contact(**fields | more), log)


def test_all_officers_are_told_and_the_head_only_when_none_can_be() -> None:
    (due,) = duty_reasons(duty(), DEFAULT, Zone.WIB, date(2026, 12, 1))
    day = date(2026, 12, 1)
    head = person("h", role=ContactRole.HEAD)

    def told(*people: Person, roles: tuple[str, ...] = ("officer", "head")) -> list[str]:
        return [each.id for each in choose(due.reason, roles, people, day).who]

    assert told(person("b"), head, person("a")) == ["a", "b"]
    assert told(person("a", email_closed="5.1.1"), head) == ["h"]
    assert told(person("a", valid_to=date(2026, 11, 30)), head) == ["h"]
    assert told(person("a"), head, roles=("head", "officer")) == ["h"]
    assert told(person("a", email_closed="5.1.1"), head, roles=("officer",)) == []
    assert why_nobody([person("a", email_closed="5.1.1", closed=True)], day) == "closed"
    assert why_nobody([person("a", email="")], day) == "no-contact"
    assert why_nobody([], day) == "no-contact"


def test_one_address_is_one_reader_whatever_its_case() -> None:
    (due,) = duty_reasons(duty(), DEFAULT, Zone.WIB, date(2026, 12, 1))
    people = [person("b", email="X@dinas.example"), person("a", email="x@dinas.example")]
    assert [each.id for each in choose(due.reason, ("officer",), people, date(2026, 12, 1)).who] == ["a"]


def test_a_message_that_may_have_told_somebody_is_asked_before_the_head_is_told() -> None:
    (due,) = duty_reasons(duty(), DEFAULT, Zone.WIB, date(2026, 12, 1))
    day = date(2026, 12, 1)
    log = AlertLog(person="a", region=REGION).take([alert_of(due.reason, "a", 1)], as_of=day, taken_at=1)
    gone = person("a", log, email_closed="5.1.1")
    choice = choose(due.reason, ("officer", "head"), [gone, person("h", role=ContactRole.HEAD)], day)
    assert ([each.id for each in choice.who], choice.unless_done) == (["h"], (("a", 1),))
    assert log is not None
    undelivered = person("a", log.undelivered(1))
    choice = choose(due.reason, ("officer", "head"), [undelivered, person("h", role=ContactRole.HEAD)], day)
    assert [each.id for each in choice.who] == ["h"]
    renewed = person("a", log.undelivered(1), address_revision=2)
    assert [each.id for each in choose(due.reason, ("officer",), [renewed], day).who] == ["a"]
    assert why_nobody([undelivered], day) == "undelivered"


# --- Since when it is due, and what a restore holds ---


def frame(now: datetime, day: date | None = None) -> RegionFrame:
    zone = ZoneInfo(Zone.WIB_PONTIANAK)
    return RegionFrame(region=region(), now=now, day=day or now.astimezone(zone).date(), policy=DEFAULT)


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


@pytest.mark.parametrize(
    ("changed", "in_force_since", "to_today", "expected"),
    [
        ((2026, 11, 1, 3), (2026, 1, 1, 0), False, (2026, 12, 1, 0)),  # the stage begins at midnight: 07.00 local
        ((2026, 12, 1, 1), (2026, 1, 1, 0), False, (2026, 12, 1, 1)),  # a fact of 08.00 local
        ((2026, 11, 1, 3), (2026, 12, 1, 2), False, (2026, 12, 1, 2)),  # live since 09.00
        ((2026, 12, 1, 14), (2026, 1, 1, 0), False, (2026, 12, 2, 0)),  # a fact of 21.00: the next morning
        ((2026, 12, 1, 1), (2026, 1, 1, 0), True, (2026, 12, 2, 0)),  # deferred to today by a cap
    ],
)
def test_a_message_is_due_when_nothing_defers_it_any_more(
    changed: tuple[int, ...], in_force_since: tuple[int, ...], expected: tuple[int, ...], *, to_today: bool
) -> None:
    now = datetime(2026, 12, 2, 3, tzinfo=UTC)
    due = duty_reasons(duty(), DEFAULT, Zone.WIB_PONTIANAK, date(2026, 12, 2))
    made = datetime(*changed, tzinfo=UTC)  # type: ignore[misc,arg-type]
    reminder = Reminder("p", REGION, date(2026, 12, 2), contact(), reasons=tuple(due), changed_at=ms(made))
    live = ms(datetime(*in_force_since, tzinfo=UTC))  # type: ignore[misc,arg-type]
    since = due_since(frame(now), reminder, live, deferred_to_today=to_today)
    assert datetime.fromtimestamp(since / 1000, UTC) == datetime(*expected, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_what_a_set_clock_passed_over_is_due_since_it_was_set() -> None:
    # Given a clock that was set a day after the stage had begun, and a minute ago
    now = datetime(2026, 12, 2, 3, tzinfo=UTC)
    clock_set_at = ms(now - timedelta(minutes=1))
    due = duty_reasons(duty(), DEFAULT, Zone.WIB_PONTIANAK, date(2026, 12, 2))
    made = ms(datetime(2026, 11, 1, tzinfo=UTC))
    reminder = Reminder("p", REGION, date(2026, 12, 2), contact(), reasons=tuple(due), changed_at=made)
    # Then the message waits since that minute, and not since the day before
    passed_over = dataclasses.replace(frame(now), clock_set_at=clock_set_at)
    assert due_since(passed_over, reminder, 0, deferred_to_today=False) == clock_set_at


def test_a_restore_holds_what_was_due_up_to_its_day() -> None:
    restored = datetime(2026, 12, 1, 18, tzinfo=UTC)  # 2 December, 01.00 in Pontianak
    hold = RestoreHold(active=True, backup_at=restored, restored_at=restored)
    found = {day: duty_reasons(duty(), DEFAULT, Zone.WIB, day)[0] for day in (date(2026, 12, 1), date(2026, 12, 17))}
    assert hold.covers(found[date(2026, 12, 1)], Zone.WIB_PONTIANAK)
    assert not hold.covers(found[date(2026, 12, 17)], Zone.WIB_PONTIANAK)
