"""A pytest plugin for tests of which a normal run takes a sample: `@pytest.mark.sampled(n)` keeps n of a test's cases,
which the run's seed draws, `pytestmark = pytest.mark.drawn(n)` n of a file's cases, and `@pytest.mark.soak` none. With
SOAK_SECONDS, as `make soak` sets it, all are run."""

from __future__ import annotations

import os
import random
from collections import defaultdict
from pathlib import Path

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what is not drawn. Every worker draws the same, by the seed of the run and the test's name."""
    if os.environ.get("SOAK_SECONDS"):
        return
    seed = config.getoption("randomly_seed", default=None)
    left_out = {item for item in items if item.get_closest_marker("soak")}
    left_out |= _not_drawn("sampled", [each for each in items if each not in left_out], seed)
    left_out |= _not_drawn("drawn", [each for each in items if each not in left_out], seed)
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [each for each in items if each not in left_out]


def _not_drawn(mark: str, items: list[pytest.Item], seed: object) -> set[pytest.Item]:
    """Those with the mark that the seed has not drawn: of each test, or with `drawn` of each file."""
    groups = defaultdict[tuple[str, str], list[pytest.Item]](list)
    for item in items:
        if item.get_closest_marker(mark):
            groups[str(item.path), "" if mark == "drawn" else item.name.partition("[")[0]].append(item)
    left_out: set[pytest.Item] = set()
    for (path, name), group in groups.items():
        dice = random.Random(f"{seed}/{name or Path(path).name}")
        group.sort(key=lambda each: each.nodeid)
        left_out.update(set(group) - set(dice.sample(group, min(_count(group[0], mark), len(group)))))
    return left_out


def _count(item: pytest.Item, name: str) -> int:
    mark = item.get_closest_marker(name)
    assert mark is not None
    return int(mark.args[0])
