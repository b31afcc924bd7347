"""Makes text safe for cells of spreadsheets.

A spreadsheet runs text that begins with `=`, `+`, `-` or `@`, or with the full-width form of one. In CSV such text gets
an apostrophe before it, also inside a cell after a sign that a program with another separator takes for the end of the
cell: semicolon, comma, tab or line break.
"""

from __future__ import annotations

import re

LONGEST = 32_767  # characters that a cell of a workbook can hold
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"  # in a set of a regular expression; the last four are full-width
_RUNS = re.compile(rf"[ \u00a0\ufeff]*[{_SIGNS}\t\r\n]")
_RUNS_INSIDE = re.compile(rf"""([;,\t\r\n][ \u00a0\ufeff"]*)(?=[{_SIGNS}])""")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without signs that XML cannot hold, at most as long as a cell allows."""
    return _UNPRINTABLE.sub("", text)[:LONGEST]


def runs(text: str) -> bool:
    """Whether a spreadsheet might run it as a formula."""
    return _RUNS.match(text) is not None


def disarmed(text: str) -> str:
    """The text for CSV, with an apostrophe before it, and before each of its parts, that a spreadsheet might run."""
    text = _RUNS_INSIDE.sub(r"\1'", clean(text))
    return f"'{text}" if runs(text) else text
