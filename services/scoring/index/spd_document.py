"""The document `spd/<region>/<year>`: the curator's entry for a region and year, with its points and its history.

The catalogue is stored by name and digest: the points of an entry change only when the curator enters again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.index.spd import SpdRow, SpdScore, score_spd
from shared.contracts.contract import Exact
from shared.ports.store import Decision, State

LONGEST_HISTORY = 100  # entries; the oldest go first


class SpdChange(BaseModel):
    """by: an account's id; points: after it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    by: str
    at: datetime
    points: Exact


class Spd(BaseModel):
    """The stored fields."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    region: str
    year: int
    catalogue: str
    digest: str
    rows: dict[str, SpdRow]
    score: SpdScore
    history: tuple[SpdChange, ...]


def spd_id(region: str, year: int) -> str:
    """The document's id."""
    return f"{region}/{year}"


def enter(
    state: State | None, *, region: str, catalogue: Catalogue, rows: Mapping[str, SpdRow], by: str, at: datetime
) -> Decision:
    """Replace all rows of the entry. None when nothing differs."""
    before = Spd.model_validate(state) if state is not None else None
    score = score_spd(catalogue.region, rows)
    if before is not None and (before.rows, before.digest, before.score) == (dict(rows), catalogue.digest, score):
        return None
    history = (*(before.history if before else ()), SpdChange(by=by, at=at, points=score.points))[-LONGEST_HISTORY:]
    entered = Spd(
        region=region,
        year=catalogue.year,
        catalogue=catalogue.name,
        digest=catalogue.digest,
        rows=dict(rows),
        score=score,
        history=history,
    )
    return entered.model_dump(mode="json"), None
