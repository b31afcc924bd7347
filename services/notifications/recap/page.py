"""The recap on paper: A4 landscape, the totals of both years, then one line for each agency, last year on the right."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from services.notifications.recap.facts import DutyFacts
from services.notifications.recap.recap import Recap, RecapLine, RecapTotals
from services.notifications.recap.words import (
    FACTS_ONLY,
    NONE,
    deadline_words,
    duty_words,
    filter_words,
    innovation_words,
    kind_words,
    points,
)
from shared.contracts.vocabulary import ObligationStatus
from shared.exports.paper import BOLD, FAINT, PLAIN, RULE, WARNING, build, para, styles
from shared.indonesian import day, number

TITLE = "Rekapitulasi Kewajiban Inovasi Daerah"
_MARGIN = 10 * mm
_WIDTHS = tuple(each * mm for each in (7, 66, 18, 37, 45, 9, 9, 37, 39, 10))  # 277 mm: some 30 agencies fit on one page
_LEADING = 8.2  # points from line to line of the small print
_FIGURES = (5, 6, 9)  # places of columns of figures
_SHOWN = 3  # innovations that a line names before it counts
_BAND = HexColor("#f3f3f3")
_TOTALS = (
    "Tahun", "Perangkat daerah", "Wajib", "% terpenuhi", "Terpenuhi", "– tepat waktu", "– terlambat", "Lewat tenggat",
    "Belum terpenuhi", "Tidak wajib, dikecualikan", "– terpenuhi juga", "Inovasi diajukan", "Inovasi terverifikasi",
)  # fmt: skip


def print_recap(recap: Recap, path: Path) -> None:
    """Write the file."""
    foot = f"Satu Inovasi · {recap.region} · keadaan per {day(recap.as_of)} · {FACTS_ONLY}"
    title = f"{TITLE} {recap.region_name} {recap.year}"
    build(path, list(_story(recap)), title=title, foot=foot, size=landscape(A4), margin=_MARGIN)


def _story(recap: Recap) -> Iterator[Flowable]:
    style = styles()
    yield para(f"{TITLE} Tahun {recap.year}", style.title)
    yield para(
        f"{recap.region_name}. Keadaan per {day(recap.as_of)}. Tenggat {recap.year}: {deadline_words(recap.deadline)}; "
        f"{recap.year - 1}: {deadline_words(recap.deadline_before)}.",
        style.plain,
    )
    if chosen := filter_words(recap):
        yield para(f"Hanya: {chosen}.", style.warning)
    yield Spacer(1, 1.5 * mm)
    yield _totals(recap)
    yield Spacer(1, 2.5 * mm)
    yield _lines(recap) if recap.lines else para("Tidak ada perangkat daerah yang cocok.", style.plain)


def _totals(recap: Recap) -> Table:
    style = styles()
    cells: list[list[Any]] = [[para(head, style.head) for head in _TOTALS]]
    cells += [_figures(each) for each in (recap.totals, recap.totals_before)]
    table = Table(cells, colWidths=[sum(_WIDTHS) / len(_TOTALS)] * len(_TOTALS))
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 1), (-1, 1), BOLD, 11),
                ("FONT", (0, 2), (-1, 2), PLAIN, 9),
                ("TEXTCOLOR", (0, 2), (-1, 2), FAINT),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LEFTPADDING", (0, 0), (-1, -1), 4),
                ("RIGHTPADDING", (0, 0), (-1, -1), 2),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
                ("BOX", (0, 0), (-1, -1), 0.5, RULE),
                ("LINEBELOW", (0, 0), (-1, 0), 0.3, RULE),
            ]
        )
    )
    return table


def _figures(totals: RecapTotals) -> list[str]:
    figures: tuple[Decimal | int | None, ...] = (
        totals.agencies,
        totals.obliged,
        totals.percent,
        totals.fulfilled,
        totals.in_time,
        totals.late,
        totals.overdue,
        totals.open,
        totals.exempted + totals.voluntary,
        totals.voluntary,
        totals.innovations,
        totals.verified,
    )
    return [str(totals.year), *(NONE if each is None else number(Decimal(each)) for each in figures)]


def _lines(recap: Recap) -> Table:
    style = styles()
    before = recap.year - 1
    heads = (
        "No",
        "Perangkat daerah",
        "Jenis",
        "Status dan ketepatan",
        "Inovasi",
        "Skor klaim",
        "Skor verif.",
        "SK pengecualian; perjanjian: terwujud",
        f"{before}: status",
        f"{before}: verif.",
    )
    small = style.small.clone("line", leading=_LEADING)
    right = small.clone("figure", alignment=TA_RIGHT)
    over_figures = style.head.clone("over-figures", alignment=TA_RIGHT)
    cells: list[list[Flowable]] = [
        [para(head, over_figures if place in _FIGURES else style.head) for place, head in enumerate(heads)]
    ]
    cells += [_cells(number, line, small, right) for number, line in enumerate(recap.lines, start=1)]
    table = Table(cells, colWidths=_WIDTHS, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, RULE),
                ("LINEBELOW", (0, 1), (-1, -1), 0.3, RULE),
                ("BACKGROUND", (8, 0), (9, -1), _BAND),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                ("LEFTPADDING", (7, 0), (7, -1), 6),
                ("RIGHTPADDING", (0, 0), (-1, -1), 2),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.6),
            ]
        )
    )
    return table


def _cells(number: int, line: RecapLine, small: ParagraphStyle, right: ParagraphStyle) -> list[Flowable]:
    duty, before = line.duty, line.before
    texts = (str(number), line.agency_name, kind_words(line.kind))
    return [
        *(para(text, small) for text in texts),
        _status(duty, small),
        para(_innovations(duty), small),
        para(points(duty.claimed), right),
        para(points(duty.verified), right),
        para(_papers(duty) or NONE, small),
        para(duty_words(before), small),
        para(points(before.verified if before else None), right),
    ]


def _papers(duty: DutyFacts) -> str:
    """`SK 100.3/417/2026; Perj. 000.9/12/2026: 1/2`: the numbers; the days are in the workbook."""
    signed = duty.commitment
    outcome = f": {signed.taken_up}/{signed.promised}" if signed and signed.promised else ""
    parts = (f"SK {duty.decree.number}" if duty.decree else "", f"Perj. {signed.number}{outcome}" if signed else "")
    return "; ".join(each for each in parts if each)


def _status(duty: DutyFacts, small: ParagraphStyle) -> Flowable:
    overdue = duty.status is ObligationStatus.OVERDUE
    return para(duty_words(duty), small.clone("overdue", fontName=BOLD, textColor=WARNING) if overdue else small)


def _innovations(duty: DutyFacts) -> str:
    names = [innovation_words(each) for each in duty.innovations]
    if len(names) > _SHOWN:
        names[_SHOWN - 1 :] = [f"dan {len(names) - _SHOWN + 1} lainnya"]
    return "; ".join(names) or NONE
