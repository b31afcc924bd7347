"""Plugins for all tests, and the order in which several workers run them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.paths import ROOT

pytest_plugins = [
    "tests.servers.mongo",
    "tests.servers.rabbit",
    "tests.servers.smtp",
    "tests.servers.dovecot",
    "tests.servers.browser",
    "tests.plugins.built_routes",
    "tests.plugins.trusted_roots",
    "tests.plugins.collected",
    "tests.plugins.seconds",
    "tests.plugins.samples",
    "tests.plugins.log_settings",
    "tests.plugins.decoded_values",
    "tests.plugins.property_tests",
]

TESTS = ROOT / "tests"
LONGEST_FIRST = ("containers", "browser", "benchmarks", "faults", "journeys", "fuzz", "contract")
"""Folders of the tests that take long. They start first, so that at the end no worker waits long for another."""

TOGETHER = ("containers", "browser")
"""Folders whose tests share one system: one worker starts it and runs them all."""

SPLIT = ("test_cuts_on_the_pair", "test_kill_between_steps", "test_restore", "test_smoke", "test_unreadable")
"""Long files whose tests share no server of their own: their tests are spread over the workers."""


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort by LONGEST_FIRST, and group what must run on one worker: the tests of a file share its servers, and those of
    a folder of TOGETHER one system. A test may name another group."""
    items.sort(key=lambda item: _rank(item.path))
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(_group(item)))


def _rank(file: Path) -> int:
    folder = _folder(file)
    return LONGEST_FIRST.index(folder) if folder in LONGEST_FIRST else len(LONGEST_FIRST)


def _group(item: pytest.Item) -> str:
    if (folder := _folder(item.path)) in TOGETHER:
        return folder
    return item.name if item.path.stem in SPLIT else item.path.stem


def _folder(file: Path) -> str:
    return file.relative_to(TESTS).parts[0]
