"""Locks, codes, sessions, mails that are due, browsers' names and who may manage whom."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.portal.accounts import scope
from services.portal.accounts.account import scope_flaws
from services.portal.accounts.device import device_of
from services.portal.accounts.invitation import Invitation, until_of
from services.portal.accounts.mail.due import STEPS, MailDue, MailState
from services.portal.accounts.proofs.codes import Code, Codes, digest_of
from services.portal.accounts.proofs.limiter import Limiter
from services.portal.accounts.proofs.lock import Lock
from services.portal.accounts.session import Step, begun
from services.portal.pages.session import SignedIn
from shared.auth.policy import Role
from shared.faults import Forbidden, NotFound, QuotaSpent

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
NOW = 1_800_000_000_000
OPERATOR = SignedIn("s", "a", "Op", Role.OPERATOR, None, (), "c")
CURATOR = SignedIn("s", "a", "Kurator", Role.CURATOR, "61.12", (), "c")
AGENCY = SignedIn("s", "a", "Dinas", Role.AGENCY, "61.12", ("d",), "c")


def test_the_fifth_failure_locks_for_a_minute_and_each_further_one_for_longer() -> None:
    lock, waits = Lock(), []
    for _ in range(12):
        lock = lock.failed(NOW)
        waits.append((lock.until - NOW) // MINUTE if lock.until else 0)

    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 15, 15, 15, 15]
    assert lock.is_locked(NOW)
    assert not lock.is_locked(lock.until)


def test_after_a_day_without_a_failure_the_count_begins_anew() -> None:
    lock = Lock(failures=30, at=NOW, until=NOW + 15 * MINUTE)

    assert lock.failed(NOW + DAY).failures == 1
    assert lock.failed(NOW + DAY - 1).failures == 31


def test_a_network_that_fails_too_often_waits_and_others_do_not() -> None:
    now = [0.0]
    limiter = Limiter(3, 60.0, lambda: now[0])
    for _ in range(3):
        limiter.require("203.0.113.7")
        limiter.count("203.0.113.7")

    with pytest.raises(QuotaSpent) as caught:
        limiter.require("203.0.113.7")
    assert 0 < caught.value.retry_after <= 61
    limiter.require("203.0.113.8")
    now[0] = 60.0
    limiter.require("203.0.113.7")


def test_all_addresses_of_one_ipv6_network_count_together() -> None:
    limiter = Limiter(1, 60.0, lambda: 0.0)
    limiter.count("2001:db8:1:2::1")

    with pytest.raises(QuotaSpent):
        limiter.require("2001:db8:1:2:ffff::9")
    limiter.require("2001:db8:1:3::1")


def test_a_code_is_the_same_each_time_and_another_one_in_each_turn() -> None:
    codes = Codes(lambda: b"k" * 32)
    made = codes.code("invitation", "i-1", 1)

    assert made == codes.code("invitation", "i-1", 1)
    assert made != codes.code("invitation", "i-1", 2) != codes.code("reset", "i-1", 2)
    assert Code.parse(str(made)) == made
    assert made.fits(digest_of(made.secret))
    assert not made.fits("")


@pytest.mark.parametrize("text", ["", ".", "a.", ".b", "ab", "é.b", "a." + "b" * 300])
def test_what_is_no_code_is_none(text: str) -> None:
    assert Code.parse(text) is None


def test_a_session_ends_after_eight_idle_hours_and_after_seven_days_whatever_happens() -> None:
    session = begun("a", 1, Step.OPEN, NOW)

    assert session.is_valid(NOW + 8 * HOUR - 1)
    assert not session.is_valid(NOW + 8 * HOUR)
    used, now = session, NOW
    while now < NOW + 7 * DAY:
        assert used.is_valid(now)
        now += 7 * HOUR
        used = used.seen(now) or used
    assert not used.is_valid(now)


def test_half_a_session_waits_ten_minutes_for_the_code() -> None:
    session = begun("a", 1, Step.CODE, NOW)

    assert session.is_valid(NOW + 10 * MINUTE - 1)
    assert not session.is_valid(NOW + 10 * MINUTE)


def test_that_a_session_is_used_is_noted_every_five_minutes() -> None:
    session = begun("a", 1, Step.OPEN, NOW)

    assert session.seen(NOW + 5 * MINUTE - 1) is None
    assert session.seen(NOW + 5 * MINUTE) is not None


def test_an_ended_session_stays_ended() -> None:
    ended = begun("a", 1, Step.OPEN, NOW).ended()

    assert ended is not None
    assert not ended.is_valid(NOW)
    assert ended.ended() is None


def test_a_mail_is_tried_again_and_again_and_then_given_up() -> None:
    mail, now, waits = MailDue.at(NOW), NOW, []
    while mail.state is MailState.WAITING:
        assert mail.due is not None
        waits.append(mail.due - now)
        now = mail.due
        mail = mail.away(now)

    assert waits == [0, *STEPS]
    assert (mail.state, mail.due) == (MailState.FAILED, None)


def test_a_link_is_shown_for_ten_minutes_to_whoever_made_it() -> None:
    invitation = Invitation(
        created_by_body="b",
        name="Siti",
        email="siti@dinas.example",
        role=Role.EXECUTIVE,
        region="61.12",
        digest="d",
        until=until_of(NOW),
        by="a-1",
        turned_by="a-1",
        created_at=datetime(2026, 12, 1, tzinfo=UTC),
    )

    assert invitation.is_told("a-1", NOW + 10 * MINUTE - 1)
    assert not invitation.is_told("a-1", NOW + 10 * MINUTE)
    assert not invitation.is_told("a-2", NOW)
    renewed = invitation.renewed("e", NOW + DAY, "a-2", mail=False)
    assert renewed is not None
    assert renewed.is_told("a-2", NOW + DAY)
    mailed = invitation.renewed("e", NOW + DAY, "a-2", mail=True)
    assert mailed is not None
    assert not mailed.is_told("a-2", NOW + DAY)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (Linux; Android 14) SamsungBrowser/27.0 Chrome/125.0.0.0 Safari/537.36",
            "Samsung Internet, Android",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Safari/604.1", "Safari, iPhone"),
        ("curl/8", "Peramban lain"),
        ("", "Peramban lain"),
    ],
)
def test_a_browser_has_a_name_that_its_owner_knows(agent: str, name: str) -> None:
    assert device_of(agent) == name


@pytest.mark.parametrize(
    ("role", "region", "agencies", "fields"),
    [
        (Role.AGENCY, "61.12", ("d",), set()),
        (Role.CURATOR, "61.12", (), set()),
        (Role.OPERATOR, None, (), set()),
        (Role.AGENCY, "61.12", (), {"agencies"}),
        (Role.CURATOR, None, (), {"region"}),
        (Role.EXECUTIVE, "61.12", ("d",), {"agencies"}),
        (Role.OPERATOR, "61.12", (), {"region"}),
        (Role.SUBSCRIBER, None, (), {"role"}),
        (Role.PUBLIC, None, (), {"role"}),
        (Role.AGENCY, "61.12", tuple(str(each) for each in range(51)), {"agencies"}),
    ],
)
def test_a_role_has_the_scope_that_fits_it(
    role: Role, region: str | None, agencies: tuple[str, ...], fields: set[str]
) -> None:
    assert {each.field for each in scope_flaws(role, region, agencies)} == fields


@pytest.mark.parametrize(
    ("who", "role", "region", "may"),
    [
        (OPERATOR, Role.OPERATOR, None, True),
        (OPERATOR, Role.CURATOR, "61.71", True),
        (CURATOR, Role.AGENCY, "61.12", True),
        (CURATOR, Role.EXECUTIVE, "61.12", True),
        (CURATOR, Role.CURATOR, "61.12", False),
        (CURATOR, Role.OPERATOR, None, False),
        (CURATOR, Role.AGENCY, "61.71", False),
        (AGENCY, Role.AGENCY, "61.12", False),
    ],
)
def test_a_curator_manages_agencies_and_executives_of_the_region_and_an_operator_all(
    who: SignedIn, role: Role, region: str | None, may: bool
) -> None:
    if may:
        scope.require_may_invite(who, role, region)
        scope.require_manages(who, role, region)
        return
    with pytest.raises(Forbidden):
        scope.require_may_invite(who, role, region)
    with pytest.raises(NotFound):
        scope.require_manages(who, role, region)
