"""Reads a region from JSON: `{"year": 2026, "spd": 40, "innovations": [{"maturity": 70, "affair": "Pendidikan"}]}`.

`spd`: points, or an object of row → level (or `{"value": …}`); an innovation: `maturity` in points, or `levels` (and
`digital`, `evidence`) as `satu score` takes them; `affair`: its main affair by official name or slug. `constants`
replaces or supplies what the year's formula needs, by the names of a catalogue file. All flaws are reported at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.constants import Constants
from services.scoring.index.index import Formula
from services.scoring.scorecard.input import read_levels
from services.scoring.scorecard.levels import decide
from services.scoring.what_if.region import CountedInnovation, Region, RowLevel
from shared.contracts.affairs import AFFAIR_NAMES, affair_by_name
from shared.contracts.innovation import RowEvidence
from shared.faults import Flaw, Invalid

_KEYS = frozenset({"year", "spd", "innovations", "constants", "catalogue", "region", "name"})
_INNOVATION_KEYS = frozenset({"id", "name", "maturity", "affair", "levels", "digital", "evidence", "stage"})
_SHORT = {"D": "least_divisor", "U": "basic_service_needed"}
_COUNTED = {"number": "36", "name": "Jumlah Inovasi Daerah"}
_YEARS = range(2000, 2101)


def read_year(raw: object) -> int:
    """The year of the national round. Raises Invalid."""
    if not isinstance(raw, Mapping):
        raise Invalid([Flaw("input", "object", "yang diminta adalah satu objek JSON dengan kunci `year`")])
    year = raw.get("year")
    if isinstance(year, bool) or not isinstance(year, int) or year not in _YEARS:
        raise Invalid([Flaw("year", "year", "tahun penjaringan nasional wajib ada, misalnya 2026")])
    return year


def read_constants(raw: Mapping[str, Any], known: Constants) -> Constants:
    """The year's constants with what the file gives. Raises Invalid."""
    given = raw.get("constants")
    if given is None:
        return known
    if not isinstance(given, Mapping):
        raise Invalid([Flaw("constants", "object", "harus berupa objek nama → nilai")])
    named = {_SHORT.get(key, key): value for key, value in given.items()}
    if isinstance(named.get("counted"), Mapping):
        named["counted"] = {**_COUNTED, **named["counted"]}
    kept = {name: getattr(known, name) for name in Constants.model_fields if name != "inferred"}
    try:
        constants = Constants.model_validate({**kept, **named})
    except ValidationError as error:
        raise Invalid(
            [
                Flaw(
                    ".".join(str(part) for part in ("constants", *each["loc"])),
                    each["type"].replace("_", "-"),
                    each["msg"],
                )
                for each in error.errors(include_url=False)
            ]
        ) from error
    flaws = [Flaw(f"constants.{place}", place, sentence) for place, sentence in constants.flaws()]
    if flaws:
        raise Invalid(flaws)
    return constants


def read_region(raw: Mapping[str, Any], formula: Formula, catalogue: Catalogue | None) -> Region:
    """The region. catalogue: by which rows are read; None when nothing is given by row. Raises Invalid."""
    flaws = [Flaw(str(key), "unknown", "kunci ini tidak dikenal") for key in raw if key not in _KEYS]
    spd, points = _spd(raw.get("spd"), formula, catalogue, flaws)
    listed = raw.get("innovations")
    if not isinstance(listed, list | tuple):
        flaws.append(Flaw("innovations", "list", "wajib ada: daftar inovasi"))
        listed = ()
    innovations = [
        read_innovation(each, formula, catalogue, id=str(place), at=f"innovations.{place}", flaws=flaws)
        for place, each in enumerate(listed)
    ]
    if flaws:
        raise Invalid(flaws)
    return Region(formula, spd, points, tuple(each for each in innovations if each is not None))


def row_levels(catalogue: Catalogue, evidence: tuple[RowEvidence, ...]) -> tuple[RowLevel, ...]:
    """The innovation's rows at the levels that this evidence shows."""
    by_row = {each.row: each for each in evidence}
    return tuple(
        RowLevel(row.number, row.name, row.weight, decide(row, by_row.get(row.number)).level)
        for row in catalogue.innovation
    )


def levels_of(given: Mapping[str, Any], catalogue: Catalogue, at: str, flaws: list[Flaw]) -> dict[str, int]:
    """The levels that entries (row → level or object) show in a catalogue; other rows are left out."""
    evidence, wrong = read_levels({"levels": given}, catalogue)
    flaws += [Flaw(flaw.field.replace("levels", at, 1), flaw.code, flaw.message) for flaw in wrong]
    by_row = {each.row: each for each in evidence}
    rows = [catalogue.by_number[row] for row in given if row in catalogue.by_number]
    return {row.number: decide(row, by_row.get(row.number)).level for row in rows}


def regional(catalogue: Catalogue) -> Catalogue:
    """The catalogue with its regional rows in the place of an innovation's, so that they are read in the same way. It
    is not validated again: its parts are those of a valid catalogue."""
    kept = {name: getattr(catalogue, name) for name in Catalogue.model_fields}
    return Catalogue.model_construct(**{**kept, "innovation": catalogue.region, "region": ()})


def _spd(
    given: object, formula: Formula, catalogue: Catalogue | None, flaws: list[Flaw]
) -> tuple[tuple[RowLevel, ...] | None, Decimal]:
    if isinstance(given, Mapping):
        if catalogue is None or not catalogue.region:
            flaws.append(Flaw("spd", "catalogue", f"katalog {formula.year} tidak memuat baris SPD; isi poinnya"))
            return None, Decimal(0)
        rows = regional(catalogue)
        evidence, wrong = read_levels({"levels": given}, rows)
        flaws += [Flaw(flaw.field.replace("levels", "spd", 1), flaw.code, flaw.message) for flaw in wrong]
        return row_levels(rows, evidence), Decimal(0)
    most = sum((row.weight * 3 for row in catalogue.region), Decimal(0)) if catalogue and catalogue.region else None
    return None, _points(given, "spd", most or formula.out_of, flaws)


def read_innovation(
    given: object, formula: Formula, catalogue: Catalogue | None, *, id: str, at: str, flaws: list[Flaw]
) -> CountedInnovation | None:
    """One innovation; flaws are added to `flaws`, with `at` before every field."""
    if not isinstance(given, Mapping):
        flaws.append(Flaw(at, "object", "harus berupa objek"))
        return None
    flaws += [Flaw(f"{at}.{key}", "unknown", "kunci ini tidak dikenal") for key in given if key not in _INNOVATION_KEYS]
    affair, name, digital = _affair(given.get("affair"), at, flaws), given.get("name", ""), given.get("digital", True)
    if not isinstance(name, str):
        flaws.append(Flaw(f"{at}.name", "text", "nama harus berupa teks"))
    if not isinstance(digital, bool):
        flaws.append(Flaw(f"{at}.digital", "boolean", "harus true atau false"))
    shown = str(name) or f"inovasi {int(id) + 1}"
    if ("levels" in given) == ("maturity" in given):
        flaws.append(Flaw(at, "maturity", "isi salah satu: `maturity` atau `levels`"))
        return None
    if "maturity" in given:
        known = _points(given["maturity"], f"{at}.maturity", catalogue.most if catalogue else formula.out_of, flaws)
        return CountedInnovation(id, shown, affair, None, known)
    if catalogue is None:
        flaws.append(Flaw(f"{at}.levels", "catalogue", f"tidak ada katalog {formula.year}; isi `maturity`"))
        return None
    evidence, wrong = read_levels(given, catalogue, f"{at}.")
    flaws += wrong
    return CountedInnovation(id, shown, affair, row_levels(catalogue, evidence))


def _affair(given: object, at: str, flaws: list[Flaw]) -> str:
    slug = None
    if isinstance(given, str):
        slug = affair_by_name(given) or (given if given in AFFAIR_NAMES else None)
    if slug is None:
        named = f"{given!r} bukan salah satu" if isinstance(given, str) else "wajib ada: salah satu"
        flaws.append(Flaw(f"{at}.affair", "affair", f"{named} dari {len(AFFAIR_NAMES)} urusan, misalnya Pendidikan"))
    return slug or ""


def _points(given: object, field: str, most: Decimal, flaws: list[Flaw]) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, int | Decimal):
        flaws.append(Flaw(field, "number", "poin wajib ada, berupa angka"))
        return Decimal(0)
    if not 0 <= given <= most:
        flaws.append(Flaw(field, "range", f"poin harus antara 0 dan {most}"))
        return Decimal(0)
    return Decimal(given)
