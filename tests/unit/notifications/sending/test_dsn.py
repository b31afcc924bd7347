"""Reports about mails that could not be delivered, as servers write them and as attackers would."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.messages.answer import AnswerClass
from services.notifications.sending.bounces.dsn import Action, Report, read_report
from tests.support.providers.bounces import DOMAIN, dsn
from tests.support.providers.hand_overs import MAIL


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers", "message/rfc822-headers"])
def test_a_failed_mail_is_named_by_its_message_id(returned: str) -> None:
    report = read_report(dsn(MAIL, returned=returned), DOMAIN)
    assert report == Report(MAIL, Action.FAILED, "5.1.1")
    assert report.answer is AnswerClass.RECIPIENT


@pytest.mark.parametrize(
    ("status", "diagnostic", "found", "answer"),
    [
        ("5.1.10", "", "5.1.10", AnswerClass.RECIPIENT),
        ("5.2.2 (mailbox full)", "", "5.2.2", AnswerClass.RECIPIENT),
        ("5.0.0", "smtp; 550 5.1.1 no such user", "5.1.1", AnswerClass.RECIPIENT),
        ("", "smtp; 550 5.2.1 disabled", "5.2.1", AnswerClass.RECIPIENT),
        ("5.0.0", "smtp; 550 no", "5.0.0", AnswerClass.TRANSIENT),
        ("5.7.1", "smtp; 550 5.1.1 no", "5.7.1", AnswerClass.TRANSIENT),
        ("4.4.7", "", "4.4.7", AnswerClass.TRANSIENT),
        ("5.3.4", "", "5.3.4", AnswerClass.BUG),
        ("", "", "", AnswerClass.TRANSIENT),
        ("nonsense 192.168.5.1.1.9", "", "", AnswerClass.TRANSIENT),
    ],
)
def test_the_status_is_classed_as_at_the_hand_over(
    status: str, diagnostic: str, found: str, answer: AnswerClass
) -> None:
    report = read_report(dsn(MAIL, status=status, diagnostic=diagnostic), DOMAIN)
    assert report is not None
    assert (report.status, report.answer) == (found, answer)


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", "Delayed "])
def test_other_actions_are_told_apart(action: str) -> None:
    report = read_report(dsn(MAIL, action=action), DOMAIN)
    assert report is not None
    assert report.action is Action(action.strip().lower())


def test_our_domain_is_ours_in_any_case() -> None:
    assert read_report(dsn(MAIL.upper(), domain="KubuRaya.Example"), DOMAIN) == Report(MAIL, Action.FAILED, "5.1.1")


@pytest.mark.parametrize(
    "content",
    [
        dsn(MAIL, domain="elsewhere.example"),
        dsn(MAIL, domain=f"elsewhere.{DOMAIN}"),
        dsn("not-our-kind-of-id"),
        dsn(MAIL, action="nonsense"),
        dsn(MAIL, returned="text/plain"),
        dsn(MAIL).replace(b"multipart/report", b"multipart/mixed"),
        dsn(MAIL).replace(b"message/delivery-status", b"text/plain"),
        b"",
        b"Subject: halo\r\n\r\nTerima kasih <" + MAIL.encode() + b"@kuburaya.example>",
        b"\x00\xff" * 1000,
    ],
)
def test_anything_else_is_left_alone(content: bytes) -> None:
    assert read_report(content, DOMAIN) is None


def test_without_a_domain_no_mail_is_ours() -> None:
    assert read_report(dsn(MAIL, domain=""), "") is None


def test_a_report_within_a_report_is_not_read() -> None:
    outer = EmailMessage()
    outer["Subject"] = "Fwd"
    outer["Content-Type"] = 'multipart/report; boundary="outer"'
    content = bytes(outer) + b"\r\n--outer\r\nContent-Type: message/rfc822\r\n\r\n" + dsn(MAIL) + b"\r\n--outer--"
    assert read_report(content, DOMAIN) is None


def test_a_hostile_mail_is_read_in_bounded_time_and_depth() -> None:
    deep = b"".join(
        b'Content-Type: multipart/report; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level) for level in range(300)
    )
    flat = b'Content-Type: multipart/report; boundary="b"\r\n\r\n' + b"--b\r\n\r\nx\r\n" * 100_000
    blocks = dsn(MAIL).replace(b"Final-Recipient", b"Action: x\r\n\r\n" * 50_000 + b"Final-Recipient")
    for content in (deep + b"x\r\n" * 50_000, flat, blocks, dsn(MAIL) + b"x" * 10_000_000):
        read_report(content, DOMAIN)
    assert read_report(dsn(MAIL) + b"x" * 10_000_000, DOMAIN) is not None


@given(st.data())
def test_no_change_of_a_report_breaks_the_reader(data: st.DataObject) -> None:
    content = dsn(MAIL)
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, len(content)))
    report = read_report(content[:start] + data.draw(st.binary(max_size=50)) + content[end:], DOMAIN)
    assert report is None or report.mail == MAIL
