"""The index on paper: a bar from 0 to 100 with the edges of the predicates and the claimed forecast."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.colors import Color, HexColor

from services.portal.figures.catalogue import Predicate
from services.portal.model.views.summary import IndexView
from services.portal.pages.formats import number
from services.portal.pages.language import _
from shared.exports.paper import BOLD, FAINT, INK, PLAIN, printable

_HEIGHT, _BAR, _FROM = 46.0, 12.0, 16.0  # points: all of it, the bar, its lower edge
_TRACK, _VALUE, _CLAIM = HexColor("#e3e8e6"), HexColor("#0b6b52"), HexColor("#7a4a00")
_MOST = 100


def index_bar(index: IndexView, predicates: Sequence[Predicate], width: float) -> Drawing:
    """predicates: from the lowest up, none while they are not known."""
    drawing = Drawing(width, _HEIGHT)

    def at(points: float) -> float:
        return width * min(_MOST, points) / _MOST

    verified, claimed = float(index.verified.index), float(index.claimed.index)
    drawing.add(_filled(width, _TRACK))
    drawing.add(_filled(at(verified), _VALUE))
    line = Line(at(claimed), _FROM - 3, at(claimed), _FROM + _BAR + 3, strokeColor=_CLAIM, strokeWidth=1.5)
    line.strokeDashArray = [3, 2]
    drawing.add(line)
    for each in predicates:
        if each.least > 1:
            place = at(float(each.least))
            drawing.add(Line(place, _FROM - 2, place, _FROM + _BAR + 2, strokeColor=INK, strokeWidth=0.8))
            words = printable(f"{number(each.least, 2)} {each.name}")
            drawing.add(String(place + 2, 4, words, fontName=PLAIN, fontSize=6.5, fillColor=FAINT))
    figure = _("{index} · {predicate} (perkiraan dari klaim {claimed})").format(
        index=number(index.verified.index, 2), predicate=index.predicate, claimed=number(index.claimed.index, 2)
    )
    drawing.add(String(0, _FROM + _BAR + 6, printable(figure), fontName=BOLD, fontSize=9, fillColor=INK))
    return drawing


def _filled(width: float, color: Color) -> Rect:
    rect = Rect(0, _FROM, width, _BAR)
    rect.fillColor, rect.strokeColor = color, None
    return rect
