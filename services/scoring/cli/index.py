"""`satu index`: the regional index from a file, and the cheapest path to a better one; without a server or stored
data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

import typer

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.constants import Constants
from services.scoring.catalogue.constants_by_year import years_of
from services.scoring.catalogue.files import catalogue_files, read_catalogue
from services.scoring.catalogue.library import folders, pick
from services.scoring.cli.json_file import number, read_json
from services.scoring.index.index import (
    INDEX_PLACES,
    MOST_INDEX,
    SHOWN_PLACES,
    Formula,
    RegionalIndex,
    formula_of,
    rounded,
)
from services.scoring.what_if.input import read_constants, read_region, read_year
from services.scoring.what_if.region import Path as Way
from services.scoring.what_if.region import Region, lacking_for, path_to_index
from shared.cli.console import say
from shared.faults import Flaw, Invalid
from shared.indonesian import number as shown
from shared.settings import load

CANNOT = 2  # exit status

File = Annotated[Path, typer.Argument(help="A JSON file, or - for standard input.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document instead of text.")]
To = Annotated[
    str | None, typer.Option("--to", help="A predicate or an index: print the fewest level steps that reach it.")
]


def commands(app: typer.Typer) -> None:
    """Add `index`."""
    app.command("index")(index_file)


def index_file(file: File, *, to: To = None, as_json: Json = False) -> int:
    """The regional index of a year: SPD, SID, number of innovations, predicate, and what is lacking to the next one."""
    region = read(read_json(file))
    target = target_of(to, region.formula) if to is not None else None
    index = region.index
    document = as_document(index)
    lines = list(as_text(index))
    status = 0
    if target is not None:
        wanted, edge = target
        way = path_to_index(region, edge) if region.known_by_row or not lacking_for(region, edge) else None
        status = 0 if way is not None and way.climbs is not None else CANNOT
        document["to"] = way_document(region, wanted, edge, way)
        lines += ["", *way_text(region, wanted, edge, way)]
    for line in [json.dumps(document, ensure_ascii=False)] if as_json else lines:
        say(line)
    return status


def read(raw: object) -> Region:
    """The region of a file. Raises Invalid, UnknownConstant among them."""
    year = read_year(raw)
    if not isinstance(raw, Mapping):
        raise TypeError("read_year accepts only an object")
    where = folders(load())
    of_year = [read_catalogue(file) for file in catalogue_files(where) if file.stem.startswith(f"{year}.")]
    constants = read_constants(raw, years_of(where, of_year).get(year, Constants()))
    return read_region(raw, formula_of(constants, year), _catalogue(raw, of_year, where))


def _catalogue(raw: Mapping[str, Any], of_year: Sequence[Catalogue], where: Iterable[Path]) -> Catalogue | None:
    named = raw.get("catalogue")
    if named is None:
        return max(of_year, key=lambda each: each.revision, default=None)
    if not isinstance(named, str):
        raise Invalid([Flaw("catalogue", "text", "nama katalog harus berupa teks, misalnya 2026.1")])
    return pick(named, where)


def target_of(to: str, formula: Formula) -> tuple[str, Decimal]:
    """The target in words, and the least index of it. Raises Invalid."""
    for predicate in formula.predicates:
        if predicate.name.casefold() == to.strip().casefold() and predicate.least is not None:
            return predicate.name, predicate.least
    try:
        index = Decimal(to.strip().replace(",", "."))
    except InvalidOperation:
        index = Decimal(-1)
    if not 0 <= index <= MOST_INDEX:
        names = ", ".join(each.name for each in formula.predicates)
        raise Invalid(
            [Flaw("--to", "target", f"{to!r} bukan indeks 0 s.d. 100 dan bukan predikat {formula.year}: {names}")]
        )
    return f"indeks {shown(index)}", index


def as_document(index: RegionalIndex) -> dict[str, Any]:
    """The index as JSON values."""
    return {
        "spd": number(index.spd),
        "sid": number(index.sid),
        "innovation_count_points": number(index.count_points),
        "index": number(index.index),
        "predicate": index.predicate,
        "to_next_predicate": None if index.to_next is None else number(index.to_next),
    }


def as_text(index: RegionalIndex) -> Iterator[str]:
    """The index for people, line by line."""
    yield f"Indeks Inovasi Daerah: {shown(index.index, as_printed=True)} ({index.predicate})"
    yield f"SPD: {shown(index.spd)} poin ({shown(index.parts.spd, as_printed=True)} dari indeks)"
    yield (
        f"SID: {shown(index.sid)} poin = rata-rata kematangan {shown(index.mean)} "
        f"({shown(index.maturity)} poin : {index.divisor}) + jumlah inovasi {shown(index.count_points)}"
    )
    yield f"Inovasi: {index.innovations}; urusan wajib pelayanan dasar terwakili: {index.basic_service} dari 6"
    if index.to_next is not None:
        yield f"Menuju {index.next_predicate}: kurang {shown(index.to_next, as_printed=True)}"


def way_document(region: Region, wanted: str, edge: Decimal, way: Way | None) -> dict[str, Any]:
    """The path as JSON values; path is null when there is none."""
    lacking = lacking_for(region, edge)
    document: dict[str, Any] = {
        "target": wanted,
        "index": number(edge),
        "lacking_points": number(rounded(lacking, SHOWN_PLACES)),
        "lacking_index": number(max(Decimal(0), edge - region.index.index)),
        "steps": None,
        "path": None,
        "reached": None,
    }
    if way is not None and way.climbs is not None:
        names = {each.id: each.name for each in region.innovations}
        document["steps"] = way.steps
        document["path"] = [
            {
                "row": climb.row,
                "innovation": None if climb.innovation is None else int(climb.innovation),
                "name": None if climb.innovation is None else names[climb.innovation],
                "from": climb.level,
                "to": climb.to,
            }
            for climb in way.climbs
        ]
        document["reached"] = as_document(region.after(way.climbs).index)
    return document


def way_text(region: Region, wanted: str, edge: Decimal, way: Way | None) -> Iterator[str]:
    """The path for people, line by line."""
    lacking = lacking_for(region, edge)
    short = shown(
        max(Decimal(0), edge - region.index.index).quantize(Decimal(1).scaleb(-INDEX_PLACES)), as_printed=True
    )
    points = shown(rounded(lacking, SHOWN_PLACES))
    yield f"Menuju {wanted}: kurang {short} dari indeks, yaitu {points} poin SPD dan SID."
    if way is None:
        yield "Jalur termurah memerlukan `levels` setiap inovasi dan SPD per baris."
        return
    if way.climbs is None:
        yield "Tidak dapat dicapai dengan menaikkan level saja; diperlukan inovasi baru atau urusan lain."
        return
    names = {each.id: each.name for each in region.innovations}
    rows = {row.row: row.name for each in region.innovations for row in each.rows or ()}
    spd = {row.row: row.name for row in region.spd or ()}
    yield f"Jalur termurah: {way.steps} langkah (satu langkah = satu level pada satu indikator)."
    for climb in way.climbs:
        whose = "SPD" if climb.innovation is None else names[climb.innovation]
        row = (spd if climb.innovation is None else rows)[climb.row]
        yield f"  {climb.row:>3}  {row}, {whose}: level {climb.level} → {climb.to}"
    after = region.after(way.climbs).index
    yield f"Sesudahnya: {shown(after.index, as_printed=True)} ({after.predicate})"
