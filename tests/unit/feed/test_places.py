"""So many may wait at once, and no more: four of an account, three hundred of a process."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from services.feed.api.places import WaitingPlaces
from shared.faults import QuotaSpent


def test_an_account_has_four_and_then_none_until_one_is_given_back() -> None:
    places = WaitingPlaces()
    with ExitStack() as others:
        for _ in range(3):
            others.enter_context(places.hold("a"))
        with places.hold("a"):
            with pytest.raises(QuotaSpent) as caught, places.hold("a"):
                pass
            with places.hold("b"):
                assert places.held == 5
        with places.hold("a"):
            assert places.held == 4

    assert caught.value.retry_after > 0
    assert places.held == 0


def test_a_process_has_three_hundred_whoever_asks() -> None:
    places = WaitingPlaces()
    with ExitStack() as held:
        for number in range(300):
            held.enter_context(places.hold(f"account-{number // 4}"))

        with pytest.raises(QuotaSpent), places.hold("another"):
            pass


def test_a_place_is_given_back_when_the_answer_fails() -> None:
    places = WaitingPlaces()
    with pytest.raises(RuntimeError), places.hold("a"):
        raise RuntimeError

    assert places.held == 0
