"""A pytest plugin that ends a run with the seconds spent in each folder, summed over all workers."""

from __future__ import annotations

from collections import defaultdict
from pathlib import PurePosixPath

import pytest

_seconds: defaultdict[str, float] = defaultdict(float)
_tests: defaultdict[str, set[str]] = defaultdict(set)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add set-up, call and tear-down to the folder of the test."""
    folder = str(PurePosixPath(report.nodeid.partition("::")[0]).parent)
    _seconds[folder] += report.duration
    _tests[folder].add(report.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table, if there is more than one folder."""
    if len(_seconds) < 2:
        return
    terminalreporter.section("seconds by folder, summed over the workers")
    for folder, seconds in sorted(_seconds.items(), key=lambda each: -each[1]):
        terminalreporter.write_line(f"{seconds:8.1f}  {len(_tests[folder]):5} tests  {folder}")
    terminalreporter.write_line(f"{sum(_seconds.values()):8.1f}  {sum(map(len, _tests.values())):5} tests")
