"""The document `official/<region>/<year>`: what the ministry gave the region and its innovations in a national round.
Pure. All results of a round are one document, so that an import is all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.contracts.contract import Exact
from shared.contracts.fields import LINE

LONGEST_HISTORY = 100  # changes; the oldest go first
MOST_INNOVATIONS = 5_000  # of one region and round

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=LINE)]
Predicate = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80, pattern=LINE)]
Points = Annotated[Exact, Field(ge=0, le=1000, decimal_places=4)]
"""An innovation's maturity, or a region's index."""


class OfficialResult(BaseModel):
    """score: as the ministry gave it; predicate: in its words, empty without one; dated: of the announcement; source:
    the letter or page that says so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    score: Points = Field(examples=[61.37])
    predicate: Predicate = Field(default="", examples=["Sangat Inovatif"])
    dated: date = Field(examples=["2026-12-10"])
    source: Line = Field(examples=["Kepmendagri 400.10.11-1234 Tahun 2026"])


class OfficialChange(BaseModel):
    """by: an account's id; what: `region`, `innovation` or `import`; count: how many results it changed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    by: str
    at: datetime
    what: str
    count: int


class OfficialResults(BaseModel):
    """overall: the region's own; innovations: id → result."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    region: str
    year: int
    overall: OfficialResult | None = None
    innovations: dict[str, OfficialResult] = Field(default_factory=dict)
    history: tuple[OfficialChange, ...] = ()

    def with_overall(self, result: OfficialResult | None, by: str, at: datetime) -> Self | None:
        """With this result of the region, or without one; None when nothing differs."""
        if result == self.overall:
            return None
        return self._changed({"overall": result}, OfficialChange(by=by, at=at, what="region", count=1))

    def with_innovation(self, id: str, result: OfficialResult | None, by: str, at: datetime) -> Self | None:
        """With this result of an innovation, or without one; None when nothing differs."""
        if result == self.innovations.get(id):
            return None
        others = {each: known for each, known in self.innovations.items() if each != id}
        after = others if result is None else {**others, id: result}
        return self._changed(
            {"innovations": dict(sorted(after.items()))}, OfficialChange(by=by, at=at, what="innovation", count=1)
        )

    def with_table(
        self, overall: OfficialResult | None, innovations: Mapping[str, OfficialResult], by: str, at: datetime
    ) -> Self | None:
        """With all results of a table; what it does not name stays. None when nothing differs."""
        count = self.differing(overall, innovations)
        if count == 0:
            return None
        update: dict[str, object] = {
            "overall": overall or self.overall,
            "innovations": dict(sorted({**self.innovations, **innovations}.items())),
        }
        return self._changed(update, OfficialChange(by=by, at=at, what="import", count=count))

    def differing(self, overall: OfficialResult | None, innovations: Mapping[str, OfficialResult]) -> int:
        """How many of these results are new or differ."""
        others = sum(self.innovations.get(id) != result for id, result in innovations.items())
        return others + (overall is not None and overall != self.overall)

    def _changed(self, update: dict[str, object], change: OfficialChange) -> Self:
        history = (*self.history, change)[-LONGEST_HISTORY:]
        return self.model_copy(update={**update, "history": history})
