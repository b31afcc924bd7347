"""The age that a national round takes: as a source states it, else as the rule of 2026 says."""

from __future__ import annotations

from datetime import date

from services.registry.evidence.form import Window
from services.registry.exports.package.window import age_window, is_stated, takes


def test_the_round_of_2026_has_the_window_that_its_source_states() -> None:
    assert is_stated(2026)
    assert age_window(2026) == Window(date(2024, 1, 1), date(2025, 12, 31))


def test_any_other_round_takes_the_two_years_before_it_and_says_that_this_is_inferred() -> None:
    for year in (2024, 2025, 2027, 2030):
        assert not is_stated(year)
        assert age_window(year) == Window(date(year - 2, 1, 1), date(year - 1, 12, 31))


def test_the_stated_window_follows_the_rule_that_the_others_are_inferred_from() -> None:
    assert age_window(2026) == Window(date(2026 - 2, 1, 1), date(2026 - 1, 12, 31))


def test_an_innovation_is_taken_that_was_applied_in_the_window_or_developed_in_it() -> None:
    window = age_window(2027)

    assert takes(window, date(2025, 1, 1), None)
    assert takes(window, date(2026, 12, 31), None)
    assert takes(window, date(2019, 5, 1), date(2025, 6, 1))
    assert not takes(window, date(2024, 12, 31), None)
    assert not takes(window, date(2019, 5, 1), date(2024, 12, 31))
    assert not takes(window, date(2027, 1, 1), date(2026, 6, 1))
    assert not takes(window, None, date(2026, 6, 1))
