"""`satu precheck FILE`: what the text of PDFs says of a letter; without a server or stored data."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from services.registry.evidence.evidence import ROWS
from services.registry.evidence.precheck.precheck import Declared, Precheck, precheck
from services.registry.evidence.precheck.process import PdfProcess
from services.registry.evidence.window import YearWindow, window_of
from shared.cli.console import do, progress, say
from shared.faults import Flaw, Invalid

_LARGEST = 100 * 1024 * 1024  # bytes

Files = Annotated[list[Path], typer.Argument(help="PDF files.")]
Number = Annotated[str | None, typer.Option("--number", help="The letter's number.")]
Dated = Annotated[str | None, typer.Option("--date", help="The letter's date, as 2026-02-10.")]
About = Annotated[str | None, typer.Option("--subject", help="The letter's subject.")]
Title = Annotated[str | None, typer.Option("--title", help="The innovation's name.")]
RowOption = Annotated[str | None, typer.Option("--row", help="The indicator's number, whose years are looked for.")]
YearOption = Annotated[int | None, typer.Option("--year", help="The year of assessment; with --row.")]
Json = Annotated[bool, typer.Option("--json", help="A JSON document for each file, instead of text.")]


def commands(app: typer.Typer) -> None:
    """Add `precheck`."""
    app.command("precheck")(precheck_files)


def precheck_files(
    files: Files,
    *,
    number: Number = None,
    dated: Dated = None,
    subject: About = None,
    title: Title = None,
    row: RowOption = None,
    year: YearOption = None,
    as_json: Json = False,
) -> int:
    """Look for a letter's number, date, subject, the innovation's name and the row's years in the text of PDFs.

    A hint, never a verdict. Exit status 1 if something is doubtful or cannot be read.
    """
    declared = Declared(
        row=row, number=number, dated=_day(dated), subject=subject, title=title, window=_window(row, year)
    )
    found = do(_all(files, declared))
    for path, each in found:
        if as_json:
            say(json.dumps({"file": str(path), **each.model_dump(mode="json")}, ensure_ascii=False))
            continue
        say(f"{path}: {each.message}")
        for finding in each.findings:
            say(f"  {'?' if finding.item in each.doubtful else ' '} {finding.message}")
    return int(any(each.doubtful or not each.findings for _, each in found))


async def _all(files: list[Path], declared: Declared) -> list[tuple[Path, Precheck]]:
    process, found = PdfProcess(), list[tuple[Path, Precheck]]()
    try:
        with progress("precheck", len(files)) as bar:
            for path in files:
                found.append((path, precheck(await process.read(await asyncio.to_thread(_bytes, path)), declared)))
                bar.advance()
    finally:
        await process.close()
    return found


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise Invalid([Flaw(str(path), "too-large", "larger than 100 MB")])
        return path.read_bytes()
    except OSError as error:
        raise Invalid([Flaw(str(path), "unreadable", error.strerror or "cannot be read")]) from error


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise Invalid([Flaw("--date", "not-a-date", f"{text!r} is no date such as 2026-02-10")]) from error


def _window(row: str | None, year: int | None) -> YearWindow | None:
    if row is None or year is None:
        return None
    if row not in ROWS:
        raise Invalid([Flaw("--row", "unknown", f"one of {', '.join(ROWS)}")])
    return window_of(row, year)
