"""Text in CSV that a spreadsheet would run as a formula gets an apostrophe before it, as `shared/web/spreadsheet.py`
says; here so that it can be taken off again: text that has such an apostrophe of its own gets one more."""

from __future__ import annotations

import re

from shared.web.spreadsheet import clean

_BLANKS = r"[ \u00a0\ufeff]*"
_SIGNS = r"[=+\-@\uff1d\uff0b\uff0d\uff20]"
_RUNS = re.compile(rf"{_BLANKS}'*(?:{_SIGNS}|[\t\r\n])")
_INSIDE = re.compile(rf"""([;,\t\r\n][ \u00a0\ufeff"]*)(?='*{_SIGNS})""")
_DISARMED_INSIDE = re.compile(rf"""([;,\t\r\n][ \u00a0\ufeff"]*)'(?='*{_SIGNS})""")


def disarmed(text: str) -> str:
    """The text for CSV."""
    text = _INSIDE.sub(r"\1'", clean(text))
    return f"'{text}" if _RUNS.match(text) else text


def armed(text: str) -> str:
    """The text that `disarmed` was given."""
    if text.startswith("'") and _RUNS.match(text, 1):
        text = text[1:]
    return _DISARMED_INSIDE.sub(r"\1", text)
