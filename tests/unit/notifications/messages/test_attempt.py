from __future__ import annotations

import pytest

from services.notifications.messages.attempt import LEASE, Result, back_off, judge_reply
from services.notifications.sending.email import WHOLE_TIMEOUT
from services.notifications.sending.sender import CLOSE_RETRIES


@pytest.mark.parametrize(
    ("code", "text", "about_recipient", "result", "slug"),
    [
        (451, "4.3.0 try again", True, Result.LATER, "4.3.0"),
        (421, "too busy", False, Result.LATER, "421"),
        (550, "5.1.1 <x@y.example> no such user", True, Result.BAD_ADDRESS, "5.1.1"),
        (550, "5.7.1 relaying denied", True, Result.STOPPED, "5.7.1"),
        (535, "5.7.8 authentication failed", False, Result.STOPPED, "5.7.8"),
        (554, "no SMTP service here", False, Result.STOPPED, "554"),
        (553, "5.1.8 bad sender", False, Result.STOPPED, "5.1.8"),
        (552, "5.2.2 mailbox full", True, Result.REFUSED, "5.2.2"),
        (550, "No such user", True, Result.REFUSED, "550"),
        (554, "5.6.0 content rejected", True, Result.REFUSED, "5.6.0"),
    ],
)
def test_a_refusal_is_judged_by_its_code(
    code: int, text: str, about_recipient: bool, result: Result, slug: str
) -> None:
    outcome = judge_reply(code, text, about_recipient=about_recipient)
    assert (outcome.result, outcome.code) == (result, slug)


def test_waits_grow_to_two_hours() -> None:
    assert [back_off(failures) for failures in (1, 2, 3, 4, 5, 99)] == [60, 300, 1800, 7200, 7200, 7200]


def test_a_lease_is_longer_than_a_hand_over_and_storing_its_outcome() -> None:
    assert WHOLE_TIMEOUT + sum(CLOSE_RETRIES) < LEASE
