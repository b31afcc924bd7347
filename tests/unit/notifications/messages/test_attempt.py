from __future__ import annotations

from services.notifications.messages.attempt import LEASE, attempt_id, back_off
from services.notifications.messages.receipt import message_of
from services.notifications.sending.drivers.email import WHOLE_TIMEOUT
from services.notifications.sending.hand_overs import CLOSE_RETRIES


def test_waits_grow_to_two_hours() -> None:
    assert [back_off(failures) for failures in (1, 2, 3, 4, 5, 99)] == [60, 300, 1800, 7200, 7200, 7200]


def test_a_lease_is_longer_than_a_hand_over_and_storing_its_outcome() -> None:
    assert WHOLE_TIMEOUT + sum(CLOSE_RETRIES) < LEASE


def test_an_attempts_id_names_its_message() -> None:
    assert attempt_id("p", 2, 3) == "p/2/3"
    assert message_of("p/2/3") == "p/2"
    for other in ("", "p", "p/2", "p/2/x", "p/-1/3", "/2/3"):
        assert message_of(other) is None
