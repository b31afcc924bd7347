"""Who gets a certificate for a frozen ranking, and what it says."""

from __future__ import annotations

from dataclasses import dataclass

from services.scoring.ranking.competition import Cell, awarded
from services.scoring.ranking.freeze import Frozen
from services.scoring.ranking.ranking import Place
from shared.exports.text import local_day
from shared.faults import NotFound


@dataclass(frozen=True)
class Certificate:
    """One place of one freeze. superseded_by: the number of a later freeze of the series, which corrects this one;
    frozen_on: the day in the region's zone, `3 Desember 2026`."""

    frozen: Frozen
    cell: Cell
    place: Place
    frozen_on: str
    superseded_by: int | None = None


def certificate_for(frozen: Frozen, innovation: str, *, zone: str, last: Frozen | None) -> Certificate:
    """The certificate of an innovation's place. zone: of the region; last: the newest freeze of the series. Raises
    NotFound for an innovation without a place, or without an award in a competition."""
    placed = frozen.place_of(innovation)
    if placed is None or (frozen.terms is not None and placed[1] not in awarded(frozen.terms, placed[0])):
        raise NotFound("Inovasi ini tidak mendapat piagam pada pembekuan itu.")
    later = last.number if last is not None and last.number > frozen.number else None
    return Certificate(frozen, *placed, local_day(frozen.frozen_at, zone), later)
