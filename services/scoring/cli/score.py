"""`satu score`: the scorecard of one innovation from a file, without a server or stored data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.library import folders, pick
from services.scoring.cli.json_file import number, read_json
from services.scoring.exports.workbook_reading import read_scorecard_workbook
from services.scoring.scorecard.input import ScoreInput, read_score_input
from services.scoring.scorecard.scorecard import Scorecard, score
from services.scoring.views.catalogues import notice
from shared import indonesian
from shared.cli.console import say
from shared.settings import load

File = Annotated[Path, typer.Argument(help="A JSON file, a workbook of the export (.xlsx), or - for standard input.")]
Wanted = Annotated[str | None, typer.Option("--catalogue", help="A year (its newest revision) or a name; the newest.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document instead of text.")]


def commands(app: typer.Typer) -> None:
    """Add `score`."""
    app.command("score")(score_file)


def score_file(file: File, *, catalogue: Wanted = None, as_json: Json = False) -> None:
    """Score one innovation: every row with its level, its points, why, and what the next level needs."""
    raw = read_scorecard_workbook(file) if file.suffix.lower() == ".xlsx" else read_json(file)
    chosen = pick(catalogue or _named(raw), folders(load()))
    read = read_score_input(raw, chosen)
    card = score(
        chosen, read.evidence, read.nature, read.stage, applied_on=read.applied_on, developed_on=read.developed_on
    )
    if as_json:
        say(json.dumps(as_document(read, card), ensure_ascii=False))
        return
    for line in as_text(read, card, chosen):
        say(line)


def as_document(read: ScoreInput, card: Scorecard) -> dict[str, Any]:
    """The scorecard as JSON values; rows by number. eligibility only where a date was given."""
    dated = read.applied_on is not None or read.developed_on is not None
    return {
        "name": read.name,
        "catalogue": card.catalogue,
        "maturity": number(card.claimed),
        "of": number(card.most),
        "rows": {
            row.row: {
                "level": row.level,
                "weight": number(row.weight),
                "points": number(row.points),
                "why": row.why,
                "next": row.next.model_dump(mode="json") if row.next else None,
            }
            for row in card.rows
        },
        "missing_mandatory": list(card.missing_mandatory),
        "faults": [fault.model_dump(mode="json") for fault in card.faults],
        "hints": list(card.hints),
        **({"eligibility": card.eligibility.model_dump(mode="json")} if card.eligibility and dated else {}),
    }


def as_text(read: ScoreInput, card: Scorecard, catalogue: Catalogue) -> Iterator[str]:
    """The scorecard for people, line by line."""
    yield f"Kartu skor{f' {read.name}' if read.name else ''}, katalog {card.catalogue}"
    if warning := notice(catalogue):
        yield warning
    yield f"Skor kematangan: {indonesian.number(card.claimed)} dari {indonesian.number(card.most)}"
    if read.applied_on is not None and card.eligibility is not None:
        yield card.eligibility.why
    for row in card.rows:
        yield ""
        wajib = " (wajib)" if row.mandatory else ""
        yield f"{row.row:>3}  {row.name}{wajib}: {indonesian.number(row.points)} poin"
        yield f"     {row.why}"
        if row.next is not None:
            yield f"     Berikutnya, +{indonesian.number(row.next.brings)} poin: {row.next.needs}"
    for title, lines in (
        ("Indikator wajib yang belum terbukti", [", ".join(card.missing_mandatory)] if card.missing_mandatory else []),
        ("Yang bertentangan", [f"indikator {each.row}: {each.message}" for each in card.faults]),
        ("Petunjuk", list(card.hints)),
    ):
        if lines:
            yield ""
            yield f"{title}:"
            yield from (f"  {line}" for line in lines)


def _named(raw: object) -> str | None:
    """The catalogue that the file names."""
    named = raw.get("catalogue") if isinstance(raw, dict) else None
    return named if isinstance(named, str) else None
