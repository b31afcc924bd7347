"""Fixtures for all tests: the real servers, each started at its first use and stopped at the end."""

from __future__ import annotations

import pytest

from tests.support.paths import ROOT

pytest_plugins = ["tests.servers.mongo", "tests.servers.rabbit", "tests.servers.smtp", "tests.servers.browser"]

_CONTAINERS = ROOT / "tests/containers"
_LONGEST = {"containers": 0, "faults": 1, "journeys": 2}


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With several workers, a file's tests stay together, so that they share its servers, unless they name a group of
    their own; there is one system of containers. What takes longest begins first, lest one worker wait for the other
    in the end."""
    items.sort(key=lambda item: _LONGEST.get(item.path.parent.name, len(_LONGEST)))
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            group = "containers" if _CONTAINERS in item.path.parents else item.path.stem
            item.add_marker(pytest.mark.xdist_group(group))
