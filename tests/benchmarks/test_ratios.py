"""A fall of a ratio is seen, noise is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.report.ratios import Kept, Run
from benchmarks.report.section import Ratio, Section


def _kept(before: Ratio, last: Ratio) -> Kept:
    return Kept(before=Run(ratios={"relay": before}), last=Run(ratios={"relay": last}))


@pytest.mark.parametrize(
    ("before", "last", "fell"),
    [
        pytest.param(Ratio(1.0, 0.1), Ratio(0.7, 0.1), True, id="by more than both spreads"),
        pytest.param(Ratio(1.0, 0.2), Ratio(0.7, 0.2), False, id="within both spreads"),
        pytest.param(Ratio(1.0, 0.0), Ratio(0.93, 0.0), False, id="by less than two runs of one commit differ"),
        pytest.param(Ratio(1.0, 0.0), Ratio(2.0, 0.0), False, id="a rise"),
    ],
)
def test_a_fall_is_one_by_more_than_the_spreads_of_both_runs(before: Ratio, last: Ratio, *, fell: bool) -> None:
    assert bool(_kept(before, last).fallen()) is fell


def test_a_ratio_that_was_never_measured_before_did_not_fall() -> None:
    assert not Kept(last=Run(ratios={"relay": Ratio(0.1, 0.0)})).fallen()


def test_a_run_moves_the_last_ratios_back_and_keeps_those_that_it_did_not_measure(tmp_path: Path) -> None:
    section = Section("parts", "", "", ["part"], ratios={"relay": Ratio(0.9, 0.1)})
    earlier = Kept(last=Run(commit="a", ratios={"relay": Ratio(0.8, 0.1), "growth": Ratio(1.0, 0.1)}))

    earlier.followed_by([section], "b").write(tmp_path / "ratios.json")

    kept = Kept.read(tmp_path / "ratios.json")
    assert kept.before == earlier.last
    assert kept.last == Run(commit="b", ratios={"relay": Ratio(0.9, 0.1), "growth": Ratio(1.0, 0.1)})
