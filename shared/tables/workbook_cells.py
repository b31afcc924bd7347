"""Cells of a workbook as XML (ECMA-376 part 1, §18.3.1.4). Text is typed as text, so that nothing is a formula.

The rows of a form repeat a catalogue's texts over and over, so the XML of a short text is made once and kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import product
from string import ascii_uppercase
from xml.sax.saxutils import escape

from shared.tables.cells import Value
from shared.tables.workbook_parts import BOLD, BOLD_TYPED_TEXT, DAY, PLAIN, TYPED_TEXT
from shared.web.spreadsheet import clean, runs

COLUMNS = (*ascii_uppercase, *("".join(pair) for pair in product(ascii_uppercase, repeat=2)))
"""The names of the columns that a row can have: A…ZZ."""

_DAY_0, _FIRST_DAY = date(1899, 12, 30), date(1900, 3, 1)  # before it the format has a day that never was
_MOST_KEPT = 4_000  # texts, of each style
_LONGEST_KEPT = 500  # characters of a text that is kept
_KEPT_AS_IT_IS = {"\r": "&#13;"}  # a reader of XML takes a bare one for a line break


class Bold(str):
    """Text of a cell in bold."""

    __slots__ = ()


class Cells:
    """Makes the rows of one workbook."""

    def __init__(self) -> None:
        self._texts = _Texts(PLAIN, TYPED_TEXT)
        self._bold = _Texts(BOLD, BOLD_TYPED_TEXT)

    def row(self, number: int, values: Iterable[Value], *, lines: int = 1) -> str:
        """The XML of a row. number: from 1; values: None and empty text leave their cell out; lines: of text that it
        has room for."""
        texts = self._texts
        cells = [
            f'<c r="{column}{number}{texts[value] if type(value) is str else self._other(value)}'
            for column, value in zip(COLUMNS, values, strict=False)
            if value is not None and value != ""
        ]
        height = f' ht="{15 * lines}" customHeight="1"' if lines > 1 else ""
        return f'<row r="{number}"{height}>{"".join(cells)}</row>'

    def _other(self, value: Value) -> str:
        if isinstance(value, Bold):
            return self._bold[value]
        if isinstance(value, bool):
            return self._texts["Ya" if value else "Tidak"]
        if isinstance(value, int):
            return f'"><v>{value}</v></c>'
        if isinstance(value, Decimal):
            return _decimal(value)
        if isinstance(value, date) and not isinstance(value, datetime) and value >= _FIRST_DAY:
            return f'" s="{DAY}"><v>{(value - _DAY_0).days}</v></c>'
        return self._texts[value.isoformat() if isinstance(value, date) else str(value)]


class _Texts(dict[str, str]):
    """The XML of text cells after their place, by text."""

    def __init__(self, style: int, style_of_typed_text: int) -> None:
        super().__init__()
        self._style = style
        self._style_of_typed_text = style_of_typed_text

    def __missing__(self, text: str) -> str:
        made = self._made(clean(text))
        if len(text) <= _LONGEST_KEPT:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[text] = made
        return made

    def _made(self, text: str) -> str:
        style = self._style_of_typed_text if runs(text) else self._style
        styled = f' s="{style}"' if style else ""
        spaced = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
        return f'"{styled} t="inlineStr"><is><t{spaced}>{escape(text, _KEPT_AS_IT_IS)}</t></is></c>'


@lru_cache(maxsize=4_000)
def _decimal(value: Decimal) -> str:
    return f'"><v>{int(value) if value == value.to_integral_value() else float(value)}</v></c>'
