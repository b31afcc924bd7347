"""`satu catalogue`: check a file, print the changes between two years, and write the files' JSON Schemas."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.constants_by_year import parse_constants
from services.scoring.catalogue.differences import differences, in_words
from services.scoring.catalogue.files import BANDS, CONSTANTS, read_bytes, read_catalogue
from services.scoring.catalogue.library import folders, pick
from services.scoring.catalogue.maturity_bands import parse_bands
from services.scoring.catalogue.schema import schemas
from shared.cli.console import say
from shared.faults import Flaw, Invalid
from shared.indonesian import number
from shared.settings import load

Files = Annotated[list[Path], typer.Argument(help="Files of a catalogue folder.")]
One = Annotated[str, typer.Argument(help="A year, a name or a file: the older catalogue.")]
Other = Annotated[str, typer.Argument(help="A year, a name or a file: the newer catalogue.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document instead of text.")]
Folder = Annotated[Path, typer.Argument(help="Where to write <kind>.schema.json.")]


def commands(app: typer.Typer) -> None:
    """Add `catalogue check`, `catalogue diff` and `catalogue schema`."""
    group = typer.Typer(help="Indicator catalogues.", no_args_is_help=True)
    group.command()(check)
    group.command()(diff)
    group.command()(schema)
    app.add_typer(group, name="catalogue")


def check(files: Files) -> None:
    """Check catalogue files: every flaw at once, with file, row and reason. Also constants and maturity bands."""
    flaws: list[Flaw] = []
    for file in files:
        try:
            say(_checked(file))
        except Invalid as invalid:
            flaws.extend(invalid.flaws)
    if flaws:
        raise Invalid(flaws)


def diff(before: One, after: Other, *, as_json: Json = False) -> None:
    """Print in words what changed from one catalogue to another."""
    old, new = _found(before), _found(after)
    if as_json:
        document = {
            "before": old.name,
            "after": new.name,
            "differences": [asdict(each) for each in differences(old, new)],
        }
        say(json.dumps(document, ensure_ascii=False))
        return
    for line in in_words(old, new):
        say(line)


def schema(folder: Folder) -> None:
    """Write the JSON Schemas of catalogue files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (folder / name).write_text(text, encoding="utf-8")


def _checked(file: Path) -> str:
    if file.name == CONSTANTS:
        years = parse_constants(read_bytes(file), file.name).years
        return f"{file.name}: baik; {len(years)} tahun: {', '.join(map(str, sorted(years)))}"
    if file.name == BANDS:
        regions = parse_bands(read_bytes(file), file.name).regions
        return f"{file.name}: baik; sebutan umum dan {len(regions)} daerah"
    catalogue = read_catalogue(file)
    return (
        f"{file.name}: baik; {len(catalogue.innovation)} indikator inovasi (paling tinggi {number(catalogue.most)}), "
        f"{len(catalogue.region)} baris daerah, status {catalogue.status.value}, digest {catalogue.digest}"
    )


def _found(wanted: str) -> Catalogue:
    path = Path(wanted)
    return read_catalogue(path) if path.suffix in {".yaml", ".yml"} else pick(wanted, folders(load()))
