"""Ranks innovations by maturity, with a stated rule for ties.

The rule (ours; no source states one): more points come first; at equal points the higher other maturity (claimed beside
verified, or the other way round), then the earlier first submission; innovations that are equal in all of these share
the rank, and the next rank counts all before it: 1-2-2-4. Those that share a rank are listed in the order of their ids,
which means nothing. An innovation counts once, however often it is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum

from services.scoring.ranking.entry import Entry, Measure, Ranked
from shared.contracts.contract import Exact

TIE_RULE = (
    "Urutan: poin kematangan; bila sama, kematangan yang lain (klaim atau terverifikasi) yang lebih tinggi; bila masih "
    "sama, yang lebih dahulu diajukan pertama kali; bila semuanya sama, peringkatnya bersama dan peringkat berikutnya "
    "dilompati (1-2-2-4)."
)


class Decided(StrEnum):
    """What put a place behind the one before it; SHARED: nothing, the rank is the same."""

    POINTS = "points"
    OTHER_MATURITY = "other_maturity"
    FIRST_SUBMISSION = "first_submission"
    SHARED = "shared"


class Direction(StrEnum):
    """The direction of a movement since the last freeze."""

    NEW = "new"
    UP = "up"
    DOWN = "down"
    SAME = "same"


class Movement(Ranked):
    """before: the rank in the last freeze, None when it was not there; steps: how far it moved, never negative."""

    direction: Direction
    before: int | None = None
    steps: int = 0


class Place(Ranked):
    """rank: from 1; shared: others have the same; decided: None on the first place; total: what is compared, in points
    or, with a jury, of 100; movement: None when there is no freeze to compare with."""

    rank: int
    shared: bool
    decided: Decided | None
    total: Exact
    entry: Entry
    movement: Movement | None = None


Compared = tuple[Decimal, Decimal, Decimal, float]
"""The values that are compared, greater is better: total, the measure's maturity, the other maturity, how early."""


def rank(
    entries: Iterable[Entry], measure: Measure = Measure.VERIFIED, totals: Mapping[str, Decimal] | None = None
) -> tuple[Place, ...]:
    """The places of the entries that the ranking includes. totals: by innovation, where more than maturity counts."""
    once = {entry.innovation: entry for entry in entries if entry.ranked_by(measure)}
    compared = {id: _compared(entry, measure, totals) for id, entry in once.items()}
    order = sorted(once, key=lambda each: (*(-value for value in compared[each]), each))
    shared = _repeated(compared.values())
    places: list[Place] = []
    for number, id in enumerate(order, start=1):
        mine = compared[id]
        before = compared[places[-1].entry.innovation] if places else None
        same = before == mine
        place = Place(
            rank=places[-1].rank if same else number,
            shared=mine in shared,
            decided=_decided(before, mine),
            total=mine[0],
            entry=once[id],
        )
        places.append(place)
    return tuple(places)


def moved(places: Sequence[Place], before: Mapping[str, int] | None) -> tuple[Place, ...]:
    """The places with their movement. before: rank by innovation in the last freeze, None when there is none."""
    if before is None:
        return tuple(places)
    return tuple(
        place.model_copy(update={"movement": movement(before.get(place.entry.innovation), place.rank)})
        for place in places
    )


def movement(before: int | None, now: int) -> Movement:
    """From one rank to another."""
    if before is None:
        return Movement(direction=Direction.NEW)
    if before == now:
        return Movement(direction=Direction.SAME, before=before)
    direction = Direction.UP if now < before else Direction.DOWN
    return Movement(direction=direction, before=before, steps=abs(before - now))


def ranks(places: Iterable[Place]) -> dict[str, int]:
    """Rank by innovation."""
    return {place.entry.innovation: place.rank for place in places}


def _compared(entry: Entry, measure: Measure, totals: Mapping[str, Decimal] | None) -> Compared:
    other = Measure.CLAIMED if measure is Measure.VERIFIED else Measure.VERIFIED
    points = entry.points(measure)
    total = points if totals is None else totals[entry.innovation]
    return total, points, entry.points(other), -entry.first_submitted_at.timestamp()


def _repeated(compared: Iterable[Compared]) -> set[Compared]:
    seen: set[Compared] = set()
    again: set[Compared] = set()
    for each in compared:
        (again if each in seen else seen).add(each)
    return again


def _decided(before: Compared | None, mine: Compared) -> Decided | None:
    if before is None:
        return None
    if before == mine:
        return Decided.SHARED
    if before[0] != mine[0]:
        return Decided.POINTS
    return Decided.OTHER_MATURITY if before[1:3] != mine[1:3] else Decided.FIRST_SUBMISSION
