"""The random histories: repeatable, and with everything in them that a year can bring."""

from __future__ import annotations

from datetime import date

from tests.support.year.facts import RegionSaid
from tests.support.year.histories.history import history_of, holidays_of
from tests.support.year.naive import Naive

SEEDS = (0, 3, 5, 7)
EXPECTED = {
    *("before-60", "before-1", "overdue", "overdue-29", "opened-again"),
    *("returned", "verified", "scored", "moved", "cancelled", "registry-behind", "confirm", "unreachable"),
}


def test_a_seed_gives_the_same_history_again() -> None:
    assert history_of(7, 5).facts == history_of(7, 5).facts
    assert history_of(8, 5).facts != history_of(7, 5).facts


def test_the_histories_have_three_zones_and_the_holidays_of_the_service() -> None:
    zones = {each.zone for each in history_of(1, 5).facts if isinstance(each, RegionSaid)}
    assert len(zones) == 3
    assert date(2026, 8, 17) in holidays_of(2026)
    assert holidays_of(2031) == frozenset()


def test_a_few_histories_have_every_reason_every_channel_and_every_trouble() -> None:
    handed = []
    for seed in SEEDS:
        history = history_of(seed)
        handed += Naive(history.facts, history.end, history.holidays).run()
    reasons = {str(part) for each in handed for part in each.reason}
    assert reasons >= EXPECTED
    assert {each.channel for each in handed} == {"email", "whatsapp"}
    spells = [str(each.reason[5]) for each in handed if each.reason[0] == "duty" and each.reason[5]]
    assert {each.startswith("exemption/") for each in spells} == {True, False}
    assert any(each.revision > 1 for each in handed)
    for trouble in ("refused", "fallback", "waited"):
        assert any(getattr(each, trouble) for each in handed), trouble
