"""The order of services that follows from the subscriptions."""

from __future__ import annotations

import pytest

from shared.contracts import subscriptions
from shared.contracts.subscriptions import SUBSCRIPTIONS, Subscription, consumers_first


def test_every_consumer_comes_before_the_services_that_it_hears_of() -> None:
    assert consumers_first(["registry", "scoring", "notifications"]) == ("notifications", "scoring", "registry")
    assert consumers_first(["registry", "notifications"]) == ("notifications", "registry")


def test_a_service_that_hears_of_a_consumer_comes_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    deeper = Subscription("portal", "scorecards", frozenset({"innovation.scored"}))
    monkeypatch.setattr(subscriptions, "SUBSCRIPTIONS", (*SUBSCRIPTIONS, deeper))

    order = consumers_first(["scoring", "registry", "portal"])

    assert order == ("portal", "scoring", "registry")


def test_services_that_hear_of_each_other_have_an_order_too(monkeypatch: pytest.MonkeyPatch) -> None:
    circle = Subscription("registry", "scorecards", frozenset({"innovation.scored"}))
    monkeypatch.setattr(subscriptions, "SUBSCRIPTIONS", (*SUBSCRIPTIONS, circle))

    assert consumers_first(["scoring", "registry", "notifications"]) == ("notifications", "registry", "scoring")


def test_the_cure_of_a_missing_queue_names_those_who_send_again() -> None:
    cures = {each.name: each.cure for each in SUBSCRIPTIONS}

    assert cures["scoring.agencies"] == "satu topology apply, then satu resync registry"
    assert cures["notifications.scorecards"] == "satu topology apply, then satu resync scoring"
    assert cures["feed.latest"] == (
        "satu topology apply, then satu resync feed --wait, satu resync notifications --wait, "
        "satu resync scoring --wait, satu resync registry --wait, satu feed complete"
    )


def test_notifications_hear_of_passed_deadlines_and_of_scores() -> None:
    heard = {each.purpose: set(each.types) for each in SUBSCRIPTIONS if each.service == "notifications"}

    assert heard["deadlines"] == {"deadline.passed"}
    assert heard["scorecards"] == {"innovation.scored"}
