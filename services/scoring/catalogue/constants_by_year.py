"""The constants of the formula by year: from the year's catalogue, else from `constants.yaml`.

A catalogue with constants defines those of its year (the newest revision that has any); the file has the years without
one. A year's entry in the data folder's file replaces the whole shipped entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import Field, ValidationError

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.constants import Constants
from services.scoring.catalogue.files import CONSTANTS, plain, read_bytes
from services.scoring.catalogue.model import Model, Text
from shared.faults import Flaw, Invalid

Years = Mapping[int, Constants]
"""Year → its constants."""

NOTHING = Constants()


class ConstantsFile(Model):
    """`constants.yaml`: the sources, and the known constants of each year."""

    sources: tuple[Text, ...] = Field(min_length=1)
    years: dict[int, Constants]


def parse_constants(text: bytes, name: str) -> ConstantsFile:
    """Parse the bytes of a file; name: the file's name in flaws. Raises Invalid: ``<file>: year <year>: <place>``."""
    try:
        read = ConstantsFile.model_validate(plain(text, name))
    except ValidationError as error:
        raise Invalid([_flaw(name, each["loc"], each["type"], each["msg"]) for each in error.errors()]) from error
    flaws = [
        Flaw(f"{name}: year {year}: {place}", place, sentence)
        for year, constants in read.years.items()
        for place, sentence in constants.flaws()
    ]
    if flaws:
        raise Invalid(flaws)
    return read


def years_of(folders: Iterable[Path], catalogues: Iterable[Catalogue]) -> Years:
    """Every year's constants; a later folder's entry replaces an earlier one's. Raises Invalid."""
    years: dict[int, Constants] = {}
    for folder in folders:
        file = folder / CONSTANTS
        if file.is_file():
            years.update(parse_constants(read_bytes(file), file.name).years)
    for catalogue in sorted(catalogues, key=lambda each: each.revision):
        if catalogue.constants != NOTHING:
            years[catalogue.year] = catalogue.constants
    return years


def _flaw(name: str, loc: tuple[int | str, ...], code: str, message: str) -> Flaw:
    place = [str(part) for part in loc if part != "[key]"]
    if len(place) > 1 and place[0] == "years":
        place = [f"year {place[1]}", ".".join(place[2:])]
    field = ": ".join(part for part in (name, *place) if part)
    return Flaw(field, code.replace("_", "-"), message.removeprefix("Value error, "))
