"""The recap on paper: A4 landscape, the totals of both years, then one line for each agency, last year on the right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from services.notifications.recap.facts import DutyFacts
from services.notifications.recap.recap import Recap, RecapLine, RecapTotals
from services.notifications.recap.words import (
    FACTS_ONLY,
    NONE,
    deadline_words,
    decree_words,
    duty_words,
    filter_words,
    innovation_words,
    kind_words,
    points,
)
from shared.contracts.vocabulary import ObligationStatus
from shared.exports.paper import BOLD, FAINT, PLAIN, RULE, WARNING, Styles, build, para, styles
from shared.indonesian import day, number

TITLE = "Rekapitulasi Kewajiban Inovasi Daerah"
_WIDTHS = tuple(each * mm for each in (8, 50, 18, 34, 50, 11, 13, 36, 34, 13))
_SHOWN = 3  # innovations that a line names before it counts
_BAND = HexColor("#f3f3f3")
_TOTALS = (
    "Tahun", "Perangkat daerah", "Wajib", "Terpenuhi", "– tepat waktu", "– terlambat", "Lewat tenggat",
    "Belum terpenuhi", "Dikecualikan", "% terpenuhi", "Inovasi diajukan", "Inovasi terverifikasi",
)  # fmt: skip


def print_recap(recap: Recap, path: Path) -> None:
    """Write the file."""
    foot = f"Satu Inovasi · {recap.region} · keadaan per {day(recap.as_of)} · {FACTS_ONLY}"
    title = f"{TITLE} {recap.region_name} {recap.year}"
    build(path, list(_story(recap)), title=title, foot=foot, size=landscape(A4))


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
    yield Spacer(1, 2 * mm)
    yield _totals(recap)
    yield Spacer(1, 4 * mm)
    yield _lines(recap)


def _totals(recap: Recap) -> Table:
    style = styles()
    cells: list[list[Any]] = [[para(head, style.head) for head in _TOTALS]]
    cells += [_figures(each) for each in (recap.totals, recap.totals_before)]
    table = Table(cells, colWidths=[267 * mm / len(_TOTALS)] * len(_TOTALS))
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 1), (-1, 1), BOLD, 11),
                ("FONT", (0, 2), (-1, 2), PLAIN, 9),
                ("TEXTCOLOR", (0, 2), (-1, 2), FAINT),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("BOX", (0, 0), (-1, -1), 0.5, RULE),
                ("LINEBELOW", (0, 0), (-1, 0), 0.3, RULE),
            ]
        )
    )
    return table


def _figures(totals: RecapTotals) -> list[str]:
    figures = (
        totals.agencies,
        totals.obliged,
        totals.fulfilled,
        totals.in_time,
        totals.late,
        totals.overdue,
        totals.open,
        totals.exempted,
    )
    percent = NONE if totals.percent is None else number(totals.percent)
    return [str(totals.year), *(str(each) for each in figures), percent, str(totals.innovations), str(totals.verified)]


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
        "Skor terverif.",
        "SK pengecualian, perjanjian inovasi",
        f"{before}: status",
        f"{before}: skor terverif.",
    )
    cells: list[list[Flowable]] = [[para(head, style.head) for head in heads]]
    cells += [_cells(number, line, style) for number, line in enumerate(recap.lines, start=1)]
    table = Table(cells, colWidths=_WIDTHS, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, RULE),
                ("LINEBELOW", (0, 1), (-1, -1), 0.3, RULE),
                ("BACKGROUND", (8, 0), (9, -1), _BAND),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                ("RIGHTPADDING", (0, 0), (-1, -1), 2),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    return table


def _cells(number: int, line: RecapLine, style: Styles) -> list[Flowable]:
    duty, before = line.duty, line.before
    texts = (str(number), line.agency_name, kind_words(line.kind))
    return [
        *(para(text, style.small) for text in texts),
        _status(duty, style),
        para(_innovations(duty), style.small),
        para(points(duty.claimed), style.small),
        para(points(duty.verified), style.small),
        para(_papers(duty) or NONE, style.small),
        para(duty_words(before), style.small),
        para(points(before.verified if before else None), style.small),
    ]


def _papers(duty: DutyFacts) -> str:
    decree = f"SK {decree_words(duty.decree)}" if duty.decree else ""
    signed = duty.commitment
    outcome = f", {signed.taken_up} dari {signed.promised} terwujud" if signed and signed.promised else ""
    return "; ".join(each for each in (decree, f"Perjanjian {signed.number}{outcome}" if signed else "") if each)


def _status(duty: DutyFacts, style: Styles) -> Flowable:
    overdue = duty.status is ObligationStatus.OVERDUE
    shown = style.head.clone("overdue", textColor=WARNING) if overdue else style.small
    return para(duty_words(duty), shown)


def _innovations(duty: DutyFacts) -> str:
    names = [innovation_words(each) for each in duty.innovations]
    if len(names) > _SHOWN:
        names[_SHOWN - 1 :] = [f"dan {len(names) - _SHOWN + 1} lainnya"]
    return "; ".join(names) or NONE
