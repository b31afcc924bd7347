"""The executive's page on one A4 as a PDF: the same figures as on screen, as tables, and the index as a bar."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from services.portal.charts.chart import Chart
from services.portal.executive.charts import OverviewCharts, charts_of
from services.portal.executive.overview import Overview
from services.portal.executive.paper_index import index_bar
from services.portal.figures.index import predicates_for
from services.portal.figures.places import movement_words
from services.portal.pages.formats import day, number
from services.portal.pages.language import _
from shared.exports.paper import BOLD, RULE, build, para, styles

_MARGIN = 12 * mm
_WIDTH = A4[0] - 2 * _MARGIN
_GAP = 6 * mm
_COLUMN = (_WIDTH - _GAP) / 2
_PLAIN_ROWS: list[Any] = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LINEBELOW", (0, 0), (-1, 0), 0.6, RULE),
    ("LINEBELOW", (0, 1), (-1, -1), 0.25, RULE),
    ("LEFTPADDING", (0, 0), (-1, -1), 1),
    ("RIGHTPADDING", (0, 0), (-1, -1), 2),
    ("TOPPADDING", (0, 0), (-1, -1), 1),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1.4),
]

_printers = asyncio.Semaphore(2)


async def print_overview(it: Overview, today: date) -> bytes:
    """The file. today: the local day."""
    title = _("Ringkasan inovasi daerah {region} {year}").format(region=it.area.name, year=it.year)
    state = _("keadaan per {day}").format(day=day(today))
    foot = f"Satu Inovasi · {it.area.code} · {state}"
    story = list(_story(it, charts_of(it), title))
    async with _printers:
        return await asyncio.to_thread(_printed, story, title, foot)


def _printed(story: list[Flowable], title: str, foot: str) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ringkasan.pdf"
        build(path, story, title=title, foot=foot, margin=_MARGIN)
        return path.read_bytes()


def _story(it: Overview, charts: OverviewCharts, title: str) -> Iterator[Flowable]:
    style = styles()
    yield para(title, style.title)
    yield _tiles(it)
    yield Spacer(1, 3 * mm)
    if it.index is not None:
        yield para(_("Indeks Inovasi Daerah {year}").format(year=it.index.year), style.head)
        yield index_bar(it.index, predicates_for(it.index, it.catalogue), _WIDTH)
        yield para(_distance(it), style.plain)
    else:
        yield para(_("Belum ada indeks: belum ada inovasi yang dinilai untuk penjaringan nasional."), style.plain)
    yield Spacer(1, 3 * mm)
    yield _pair(
        _figures(charts.compliance),
        [figure for chart in (charts.progress, charts.stages, *charts.pipelines) for figure in _figures(chart)],
    )
    yield Spacer(1, 2 * mm)
    yield _pair(
        _figures(charts.maturity) if charts.maturity else [],
        _ranking(it),
    )
    yield Spacer(1, 2 * mm)
    yield from _late(it)


def _tiles(it: Overview) -> Table:
    duties = it.summary.duties
    cells = (
        (_("Sudah memenuhi"), f"{number(duties.fulfilled)} / {number(duties.owed)}"),
        (_("Lewat tenggat"), number(duties.overdue)),
        (_("Belum, tenggat berjalan"), number(duties.open)),
        (_("Inovasi terverifikasi"), number(it.verified)),
    )
    table = Table([[head for head, _value in cells], [value for _head, value in cells]], [_WIDTH / 4] * 4)
    look: list[Any] = [
        ("FONT", (0, 0), (-1, 0), BOLD, 7),
        ("FONT", (0, 1), (-1, 1), BOLD, 15),
        ("BOTTOMPADDING", (0, 1), (-1, 1), 7),
        ("BOX", (0, 0), (-1, -1), 0.5, RULE),
        ("INNERGRID", (0, 0), (-1, -1), 0, RULE),
    ]
    table.setStyle(TableStyle(look))
    return table


def _distance(it: Overview) -> str:
    if it.ahead is None:
        return _("Predikat tertinggi sudah tercapai.")
    points = number(it.ahead.points, 2)
    if it.ahead.name is None:
        return _("Kurang {points} poin lagi menuju predikat berikutnya.").format(points=points)
    return _("Kurang {points} poin lagi menuju {name}.").format(points=points, name=it.ahead.name)


def _pair(left: Sequence[Flowable], right: Sequence[Flowable]) -> Table:
    """Two columns."""
    table = Table([[list(left), "", list(right)]], [_COLUMN, _GAP, _COLUMN])
    edges = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *edges]))
    return table


def _figures(chart: Chart) -> list[Flowable]:
    return [para(chart.title, styles().head), _table(chart.twin.heads, chart.twin.rows, _COLUMN), Spacer(1, 2 * mm)]


def _ranking(it: Overview) -> list[Flowable]:
    title = para(_("Sepuluh inovasi terbaik {year}").format(year=it.year), styles().head)
    if not it.places:
        return [title, para(_("Belum ada inovasi yang terverifikasi."), styles().plain)]
    rows = [
        (
            f"{each.rank}. {each.innovation.name} ({each.innovation.agency_name or '–'})",
            number(each.innovation.verified or 0),
            movement_words(each.movement),
        )
        for each in it.places
    ]
    return [title, _table((_("Inovasi"), _("Poin"), _("Pergerakan")), rows, _COLUMN, 4.5)]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], width: float, wide: float = 1.9) -> Table:
    """wide: the first column, of the width of another."""
    small, head = styles().small, styles().head
    unit = width / (wide + len(heads) - 1)
    cells = [[para(each, head) for each in heads], *([para(each, small) for each in row] for row in rows)]
    table = Table(cells, [wide * unit, *([unit] * (len(heads) - 1))], repeatRows=1)
    table.setStyle(TableStyle(_PLAIN_ROWS))
    return table


def _late(it: Overview) -> Iterator[Flowable]:
    style = styles()
    yield para(_("Lewat tenggat"), style.head)
    if not it.late:
        yield para(_("Tidak ada perangkat daerah yang lewat tenggat."), style.plain)
        return
    heads = (_("Perangkat daerah"), _("Keadaan"))
    yield _table(heads, [(each.name, each.state) for each in it.late], _WIDTH)
    if it.more_late:
        count = number(it.summary.duties.overdue)
        yield para(_("Seluruhnya {count} perangkat daerah lewat tenggat.").format(count=count), style.small)
