"""Fixtures for all tests: the real servers, each started at its first use and stopped at the end."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["tests.servers.mongo", "tests.servers.rabbit", "tests.servers.smtp", "tests.servers.browser"]

_CONTAINERS = Path(__file__).parent / "containers"


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With several workers, a file's tests stay together, so that they share its servers, unless they name a group of
    their own; the containers, which take longest, begin first, and there is one system of them."""
    items.sort(key=lambda item: _CONTAINERS not in item.path.parents)
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            group = "containers" if _CONTAINERS in item.path.parents else item.path.stem
            item.add_marker(pytest.mark.xdist_group(group))
