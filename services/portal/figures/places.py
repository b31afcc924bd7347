"""The first places of a ranking, with how they moved since it was frozen last."""

from __future__ import annotations

from collections.abc import Sequence

from services.portal.charts.chart import Chart, LegendEntry, Twin
from services.portal.charts.ranks import Moved, RankRow, ranks
from services.portal.model.views.ranking import Movement, Ranked
from services.portal.pages.formats import number
from services.portal.pages.language import _


def ranking_chart(places: Sequence[Ranked], title: str, note: str = "") -> Chart:
    """Bars by rank."""
    rows = [_row(each) for each in places]
    summary = "; ".join(f"{row.rank}. {row.label} {row.value}" for row in rows)
    compared = any(each.movement is not None for each in places)
    return Chart(
        title=title,
        svg=ranks(rows, f"{title}: {summary}."),
        twin=Twin(
            (_("Peringkat"), _("Inovasi"), _("Perangkat daerah"), _("Poin"), *((_("Pergerakan"),) if compared else ())),
            tuple(_line(each, compared=compared) for each in places),
            frozenset({3}),
        ),
        legend=_legend(places),
        note=note,
    )


def movement_words(movement: Movement | None) -> str:
    """`naik 2`, `turun 1`, `tetap`, `baru`; a dash when there is nothing to compare with."""
    if movement is None:
        return "–"
    words = {
        Moved.UP: _("naik {steps}"),
        Moved.DOWN: _("turun {steps}"),
        Moved.SAME: _("tetap"),
        Moved.NEW: _("baru"),
    }
    return words[Moved(movement.direction.value)].format(steps=movement.steps)


def _row(place: Ranked) -> RankRow:
    it = place.innovation
    points, most = it.verified, it.most
    moved = Moved(place.movement.direction.value) if place.movement else None
    return RankRow(
        rank=str(place.rank),
        label=it.name,
        value=number(points) if points is not None else "–",
        share=float(points / most) if points is not None and most else 0.0,
        moved=moved,
        steps=str(place.movement.steps) if place.movement and place.movement.steps else "",
    )


def _line(place: Ranked, *, compared: bool) -> tuple[str, ...]:
    it = place.innovation
    points = _("{points} dari {most}").format(points=number(it.verified or 0), most=number(it.most or 0))
    line = (str(place.rank), it.name, it.agency_name or "–", points)
    return (*line, movement_words(place.movement)) if compared else line


def _legend(places: Sequence[Ranked]) -> tuple[LegendEntry, ...]:
    """Of the movements that there are."""
    words = {
        Moved.UP: _("▲ naik"),
        Moved.DOWN: _("▼ turun"),
        Moved.NEW: _("◆ baru"),
        Moved.SAME: _("– tetap"),
    }
    met = {each.movement.direction.value for each in places if each.movement}
    return tuple(LegendEntry(f"chart-moved-{moved.value}", text) for moved, text in words.items() if moved.value in met)
