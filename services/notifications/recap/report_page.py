"""The facts of agencies' years on paper: A4 portrait, one agency to a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, PageBreak, Spacer, Table, TableStyle

from services.notifications.recap.facts import InnovationFacts
from services.notifications.recap.report import AgencyFacts
from services.notifications.recap.words import (
    NONE,
    commitment_words,
    decree_words,
    duty_words,
    innovation_status,
    kind_words,
    moment_words,
    points,
    status_words,
    time_words,
)
from shared.contracts.vocabulary import CountsWhen, Zone
from shared.exports.paper import MARGIN, RULE, build, para, styles
from shared.exports.text import local_day
from shared.indonesian import day

TITLE = "Fakta Kewajiban Inovasi Daerah"
_WIDTH = A4[0] - 2 * MARGIN
_COUNTS = {CountsWhen.SUBMITTED: "inovasi yang diajukan", CountsWhen.VERIFIED: "inovasi yang terverifikasi"}


def print_facts(facts: Sequence[AgencyFacts], zone: Zone, path: Path) -> None:
    """Write the file. facts: of one region and year, at least one."""
    first = facts[0]
    foot = f"Satu Inovasi · {first.region} · tahun {first.duty.year} · keadaan per {day(first.as_of)}"
    build(path, list(_story(facts, zone)), title=f"{TITLE} {first.region_name} {first.duty.year}", foot=foot)


def _story(facts: Sequence[AgencyFacts], zone: Zone) -> Iterator[Flowable]:
    style = styles()
    for number, each in enumerate(facts):
        if number:
            yield PageBreak()
        yield para(f"{TITLE} Tahun {each.duty.year}", style.title)
        yield _table([(name, value) for name, value in _about(each) if value], (48 * mm, _WIDTH - 48 * mm))
        yield from _part("Inovasi", _innovations(each.duty.innovations, zone), (72, 26, 30, 18, 17, 17))
        if any(innovation.counts for innovation in each.duty.innovations):
            yield para("* dihitung untuk kewajiban tahun ini", style.small)
        yield from _part("Tahun-tahun sebelumnya", _years(each), (18, 60, 42, 30, 30))
        yield from _part("Pengingat yang dikirim", _reminders(each), (84, 42, 18, 18, 18))
        yield Spacer(1, 5 * mm)
        yield para(each.statement, style.plain)


def _about(facts: AgencyFacts) -> Iterator[tuple[str, str]]:
    duty = facts.duty
    yield "Perangkat daerah", facts.agency_name
    yield "Jenis", kind_words(facts.kind)
    yield "Daerah", facts.region_name
    yield "Keadaan per", day(facts.as_of)
    yield "Kewajiban", duty_words(duty)
    if duty.status is not None:
        yield "Dihitung", f"{duty.counted} dari {duty.minimum} ({_COUNTS[facts.counts_when]})"
    yield "Dasar kewajiban", facts.policy_decree
    for each in facts.deadlines:
        basis = f" ({each.basis})" if each.basis else ""
        name = "Tenggat" if each.revision == 1 else f"Tenggat, perubahan ke-{each.revision - 1}"
        yield name, f"{moment_words(each.date, each.hour)}{basis}{', dibatalkan' if each.cancelled else ''}"
    yield "SK pengecualian", decree_words(duty.decree)
    yield "Perjanjian inovasi", commitment_words(duty.commitment)
    if facts.obliged_from:
        yield "Wajib sejak tahun", str(facts.obliged_from)
    if facts.retired_on:
        yield "Bubar pada", day(facts.retired_on)


def _innovations(innovations: Sequence[InnovationFacts], zone: Zone) -> list[tuple[str, ...]]:
    heads = ("Nama", "Status", "Pertama diajukan", "Tepat waktu", "Skor klaim", "Skor terverif.")
    rows = [
        (
            f"{each.name or '(draf)'}{' *' if each.counts else ''}",
            innovation_status(each.status),
            local_day(each.first_submitted_at, zone) if each.first_submitted_at else NONE,
            {True: "Ya", False: "Tidak", None: NONE}[each.in_time],
            points(each.claimed),
            points(each.verified),
        )
        for each in innovations
    ]
    return [heads, *rows]


def _years(facts: AgencyFacts) -> list[tuple[str, ...]]:
    heads = ("Tahun", "Status", "Ketepatan waktu", "Skor klaim", "Skor terverif.")
    rows = [
        (
            str(each.year),
            status_words(each),
            time_words(each) or NONE,
            points(each.claimed),
            points(each.verified),
        )
        for each in reversed(facts.years)
    ]
    return [heads, *rows]


def _reminders(facts: AgencyFacts) -> list[tuple[str, ...]]:
    heads = ("Perihal", "Pertama pada", "Terkirim", "Gagal", "Menunggu")
    rows = [
        (each.words, day(each.first_on), str(each.told), str(each.failed), str(each.pending))
        for each in facts.reminders
    ]
    return [heads, *rows]


def _part(title: str, rows: list[tuple[str, ...]], widths: Sequence[float]) -> Iterator[Flowable]:
    yield Spacer(1, 4 * mm)
    yield para(title, styles().head)
    if len(rows) == 1:
        yield para("Tidak ada.", styles().small)
        return
    yield _table(rows, [each * mm for each in widths], heads=True)


def _table(rows: Sequence[tuple[str, ...]], widths: Sequence[float], *, heads: bool = False) -> Table:
    style = styles()
    cells = [
        [para(text, style.head if heads and not number else style.plain) for text in row]
        for number, row in enumerate(rows)
    ]
    table = Table(cells, colWidths=list(widths), repeatRows=1 if heads else 0)
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.3, RULE),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                ("RIGHTPADDING", (0, 0), (-1, -1), 2),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    return table
