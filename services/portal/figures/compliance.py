"""The compliance heat map: kinds of agencies by duty year, each with how many of those that owe have fulfilled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from services.portal.charts.chart import Chart, LegendEntry, Twin
from services.portal.charts.heat_map import HeatCell, HeatRow, heat_map
from services.portal.figures.words import word
from services.portal.model.views.summary import DutyCounts, RegionSummary
from services.portal.pages.formats import number
from services.portal.pages.language import _
from shared.contracts.vocabulary import AgencyKind

NOTHING = "–"
_Row = tuple[str, tuple[DutyCounts, ...]]


def compliance_chart(summaries: Iterable[RegionSummary]) -> Chart:
    """A column for each year, the oldest first; a row for each kind that owes in one of them, a last one for all."""
    years = sorted(summaries, key=lambda each: each.year)
    rows = [*_by_kind(years), (_("Semua"), tuple(each.duties for each in years))]
    heads = tuple(str(each.year) for each in years)
    title = _("Kepatuhan menurut jenis perangkat daerah")
    drawn = [HeatRow(words, tuple(_cell(each) for each in cells)) for words, cells in rows]
    return Chart(
        title=title,
        svg=heat_map(heads, drawn, _summary(title, years)),
        twin=Twin((_("Jenis"), *heads), tuple((words, *(_words(each) for each in cells)) for words, cells in rows)),
        legend=(
            LegendEntry("chart-heat-4", _("semua")),
            LegendEntry("chart-heat-2", _("sebagian")),
            LegendEntry("chart-heat-0", _("sedikit atau belum")),
        ),
        note=_("Perangkat daerah yang sudah memenuhi, dari yang wajib."),
    )


def _by_kind(years: Sequence[RegionSummary]) -> list[_Row]:
    rows: list[_Row] = []
    kinds: tuple[AgencyKind | None, ...] = (*AgencyKind, None)
    for kind in kinds:
        cells = tuple(each.kinds.get(kind, DutyCounts()) for each in years)
        if any(each.owed for each in cells):
            rows.append((word("kind", kind) or _("Belum diketahui"), cells))
    return rows


def _summary(title: str, years: Sequence[RegionSummary]) -> str:
    parts = [
        _("{year}: {fulfilled} dari {owed}").format(
            year=each.year, fulfilled=number(each.duties.fulfilled), owed=number(each.duties.owed)
        )
        for each in years
        if each.duties.owed
    ]
    return f"{title}. {'; '.join(parts)}." if parts else f"{title}."


def _cell(it: DutyCounts) -> HeatCell:
    if not it.owed:
        return HeatCell(NOTHING)
    return HeatCell(f"{number(it.fulfilled)}/{number(it.owed)}", it.fulfilled / it.owed)


def _words(it: DutyCounts) -> str:
    if not it.owed:
        return NOTHING
    words = _("{fulfilled} dari {owed}").format(fulfilled=number(it.fulfilled), owed=number(it.owed))
    late = _("{late} terlambat").format(late=number(it.late))
    return f"{words} ({late})" if it.late else words
