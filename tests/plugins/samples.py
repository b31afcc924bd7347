"""A pytest plugin for tests of which a normal run takes a sample: `@pytest.mark.sampled(n)` keeps n of a test's cases,
which the run's seed draws, `sampled(n, by="role")` n for each value of that parameter, `pytestmark =
pytest.mark.drawn(n)` n of a file's cases, `drawn(n, of="losses")` n of all with that word, and `@pytest.mark.soak`
none. With SOAK_SECONDS, as `make soak` sets it, all are run."""

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
    seed = config.getoption("randomly_seed", default=None)
    left_out = {item for item in items if item.get_closest_marker("soak")}
    left_out |= _not_drawn("sampled", [each for each in items if each not in left_out], seed)
    left_out |= _not_drawn("drawn", [each for each in items if each not in left_out], seed)
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [each for each in items if each not in left_out]


def _not_drawn(mark: str, items: list[pytest.Item], seed: object) -> set[pytest.Item]:
    """Those with the mark that the seed has not drawn: of each test, or with `drawn` of each file."""
    groups = defaultdict[str, list[pytest.Item]](list)
    for item in items:
        if item.get_closest_marker(mark):
            groups[_group(item, mark)].append(item)
    left_out: set[pytest.Item] = set()
    for name, group in groups.items():
        dice = random.Random(f"{seed}/{name}")
        group.sort(key=lambda each: each.nodeid)
        left_out.update(set(group) - set(dice.sample(group, min(_count(group[0], mark), len(group)))))
    return left_out


def _group(item: pytest.Item, name: str) -> str:
    """Of which a mark keeps some: all with the same word, the cases of a test, or those of a file."""
    mark = item.get_closest_marker(name)
    assert mark is not None
    file = item.nodeid.partition("::")[0]
    if name == "drawn":
        return str(mark.kwargs.get("of") or file)
    test = f"{file}/{item.name.partition('[')[0]}"
    by = mark.kwargs.get("by")
    return f"{test}/{item.callspec.params[by]}" if by and isinstance(item, pytest.Function) else test


def _count(item: pytest.Item, name: str) -> int:
    mark = item.get_closest_marker(name)
    assert mark is not None
    return int(mark.args[0])
