"""A pytest plugin for tests of which a normal run takes a sample: `@pytest.mark.sampled(n)` keeps n of a test's cases,
which the run's seed draws, and `@pytest.mark.soak` none. With SOAK_SECONDS, as `make soak` sets it, all are run."""

from __future__ import annotations

import os
import random
from collections import defaultdict

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what is not drawn. Every worker draws the same, by the seed of the run and the test's name."""
    if os.environ.get("SOAK_SECONDS"):
        return
    left_out = {item for item in items if item.get_closest_marker("soak")}
    cases = defaultdict[tuple[str, str], list[pytest.Item]](list)
    for item in items:
        if item not in left_out and item.get_closest_marker("sampled"):
            cases[str(item.path), item.name.partition("[")[0]].append(item)
    for (_, name), group in cases.items():
        dice = random.Random(f"{config.getoption('randomly_seed')}/{name}")
        group.sort(key=lambda each: each.nodeid)
        left_out.update(set(group) - set(dice.sample(group, min(_count(group[0]), len(group)))))
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [each for each in items if each not in left_out]


def _count(item: pytest.Item) -> int:
    mark = item.get_closest_marker("sampled")
    assert mark is not None
    return int(mark.args[0])
