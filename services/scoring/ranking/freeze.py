"""The document of a frozen ranking. It never changes and is never removed; a correction is another freeze, under the
next number.

A series is a region's year, or one of its competitions; the id is `<region>/<series>/<number>`, numbers count from 1.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import ConfigDict, Field

from services.scoring.catalogue.catalogue import CatalogueStatus
from services.scoring.ranking.competition import Cell, CompetitionOutcome, Count
from services.scoring.ranking.entry import Entry, Filter, Ranked
from services.scoring.ranking.ranking import Place, moved, rank, ranks
from services.scoring.ranking.terms import Terms
from shared.storage.stored import Stored

WHOLE_CELL = "semua"
"""The one group and category of a ranking that is not a competition."""


class CatalogueUsed(Ranked):
    """A catalogue by which scorecards were scored."""

    name: str
    digest: str | None
    status: CatalogueStatus | None


class Frozen(Stored):
    """The stored fields. competition and terms: None for a year's ranking; reason: why it was frozen again, None on the
    first; region_name: as it was called then; digest: SHA-256 of what was frozen."""

    model_config = ConfigDict(extra="ignore")

    region: str
    region_name: str | None
    series: str
    number: int = Field(ge=1)
    year: int
    title: str
    competition: str | None
    terms: Terms | None
    reason: str | None
    synthetic: bool
    frozen_at: datetime
    frozen_by: str
    created_by: str
    catalogues: tuple[CatalogueUsed, ...]
    cells: tuple[Cell, ...]
    counts: tuple[Count, ...]
    total: int
    left_out: int = 0
    late: int = 0
    digest: str = ""

    @property
    def id(self) -> str:
        """`<region>/<series>/<number>`."""
        return frozen_id(self.region, self.series, self.number)

    @property
    def transcribed(self) -> bool:
        """Whether any of the rules was never compared with the official letter."""
        return any(each.status is not CatalogueStatus.VERIFIED for each in self.catalogues)

    def place_of(self, innovation: str) -> tuple[Cell, Place] | None:
        """An innovation's place; None when it has none."""
        return next(
            ((cell, place) for cell in self.cells for place in cell.places if place.entry.innovation == innovation),
            None,
        )

    def sealed(self) -> Frozen:
        """The same with its digest."""
        return self.model_copy(update={"digest": digest_of(self.model_dump(mode="json"))})


def frozen_id(region: str, series: str, number: int) -> str:
    """The id of a freeze."""
    return f"{region}/{series}/{number}"


def digest_of(plain: Mapping[str, object]) -> str:
    """SHA-256 in hex of all fields but the digest itself."""
    content = {key: value for key, value in plain.items() if key != "digest"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def whole_year(entries: Sequence[Entry]) -> CompetitionOutcome:
    """A year's ranking as an outcome: one cell with all entries."""
    places = rank(entries)
    kinds: dict[str, int] = {}
    for place in places:
        kind = place.entry.agency_kind.value if place.entry.agency_kind else "belum_diketahui"
        kinds[kind] = kinds.get(kind, 0) + 1
    name = "Semua inovasi"
    cell = Cell(group=WHOLE_CELL, group_name=name, category=WHOLE_CELL, category_name=name, places=places)
    count = Count(group=WHOLE_CELL, group_name=name, total=len(places), by_kind=dict(sorted(kinds.items())))
    return CompetitionOutcome(cells=(cell,), counts=(count,), total=len(places), left_out=0, late=0)


def against(cells: Sequence[Cell], last: Frozen | None) -> tuple[Cell, ...]:
    """The cells with movement since the last freeze of the same series, cell by cell; in a cell that the last freeze
    did not have, all places are new."""
    if last is None:
        return tuple(cells)
    before = {(cell.group, cell.category): ranks(cell.places) for cell in last.cells}
    return tuple(
        cell.model_copy(update={"places": moved(cell.places, before.get((cell.group, cell.category), {}))})
        for cell in cells
    )


def ranks_within(last: Frozen, wanted: Filter) -> dict[str, int]:
    """The ranks of a frozen year among the entries that a filter takes, so that a filtered ranking is compared with the
    same filter at that time."""
    entries = (place.entry for cell in last.cells for place in cell.places)
    return ranks(rank(entry for entry in entries if wanted.takes(entry)))
