"""A region's own words for a maturity. They are *internal*: no national source defines a least maturity, and only what
is shown depends on them.

The file `maturity_bands.yaml` in `<data>/catalogues/` replaces the shipped one; `regions` may give a region its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from services.scoring.catalogue.files import BANDS, plain, read_bytes
from services.scoring.catalogue.model import Model, Number, Text
from shared.contracts.contract import Payload
from shared.contracts.fields import RegionCode
from shared.faults import Flaw, Invalid

LABEL = "internal"
"""The label that is shown with every such word."""


class MaturityBand(Model):
    """name: in Bahasa Indonesia; from: the least share of the highest maturity, in percent (0…100)."""

    name: Text
    least: Annotated[Number, Field(ge=0, le=100)] = Field(alias="from")


Bands = tuple[MaturityBand, ...]


class BandsFile(Model):
    """default: of every region without its own; from the lowest band, which begins at 0, up."""

    default: Bands = ()
    regions: dict[RegionCode, Bands] = Field(default_factory=dict)

    def of(self, region: str) -> Bands:
        """The bands of a region."""
        return self.regions.get(region, self.default)

    def flaws(self) -> Iterator[tuple[str, str]]:
        """The flaws: (place, sentence)."""
        places: Mapping[str, Bands] = {
            "default": self.default,
            **{f"regions.{code}": bands for code, bands in self.regions.items()},
        }
        for place, bands in places.items():
            if bands and bands[0].least != 0:
                yield place, "the first band must begin at 0"
            for lower, upper in pairwise(bands):
                if upper.least <= lower.least:
                    yield place, f"{upper.name!r} must begin above {lower.name!r}: list them from the lowest up"


class Word(Payload):
    """The internal word for a maturity. label: always `internal`."""

    name: str
    label: str = LABEL


def word_for(bands: Bands, maturity: Decimal, most: Decimal) -> Word | None:
    """The word of the band in which `maturity` of `most` points lies; None when there is no band."""
    if most <= 0:
        return None
    reached = [band for band in bands if maturity * 100 >= band.least * most]
    return Word(name=reached[-1].name) if reached else None


def parse_bands(text: bytes, name: str) -> BandsFile:
    """Parse the bytes of a file; name: the file's name in flaws. Raises Invalid."""
    try:
        read = BandsFile.model_validate(plain(text, name))
    except ValidationError as error:
        raise Invalid(
            [
                Flaw(f"{name}: {'.'.join(map(str, each['loc']))}", each["type"].replace("_", "-"), each["msg"])
                for each in error.errors()
            ]
        ) from error
    flaws = [Flaw(f"{name}: {place}", "order", sentence) for place, sentence in read.flaws()]
    if flaws:
        raise Invalid(flaws)
    return read


def bands_of(folders: Iterable[Path]) -> BandsFile:
    """The bands of the last folder that has the file. Raises Invalid."""
    found = [folder / BANDS for folder in folders if (folder / BANDS).is_file()]
    return parse_bands(read_bytes(found[-1]), found[-1].name) if found else BandsFile()
