"""A ranking: innovations in the order of their maturity, ties by a stated rule.

The rule (ours; no source states one): more points stand higher; at equal points the higher other maturity (claimed
beside verified, or the other way round), then the earlier first submission; whoever is equal in all of these shares the
rank, and the next rank counts everybody before it: 1-2-2-4. Those who share a rank stand in the order of their ids,
which means nothing. An innovation counts once, however often it is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from shared.contracts.contract import Exact
from shared.contracts.vocabulary import AgencyKind, Classification, Form, InnovationStatus, Nature

TIE_RULE = (
    "Urutan: poin kematangan; bila sama, kematangan yang lain (klaim atau terverifikasi) yang lebih tinggi; bila masih "
    "sama, yang lebih dahulu diajukan pertama kali; bila semuanya sama, peringkatnya bersama dan peringkat berikutnya "
    "dilompati (1-2-2-4)."
)


class Ranked(BaseModel):
    """What all models of a ranking share: frozen; stored ones may carry more than this version reads."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Measure(StrEnum):
    """VERIFIED: what the curator has accepted; CLAIMED: a forecast, never shown to the public."""

    VERIFIED = "verified"
    CLAIMED = "claimed"


class Entry(Ranked):
    """An innovation with a scorecard, as a ranking sees it. affair: the slug of its main affair; claimed, verified,
    most: points; agency_name, agency_kind: None while the agency has not been heard of."""

    innovation: str
    name: str
    region: str
    agency: str
    agency_name: str | None
    agency_kind: AgencyKind | None
    year: int
    status: InnovationStatus
    form: Form
    affair: str
    nature: Nature
    classification: Classification
    catalogue: str
    claimed: Exact
    verified: Exact
    most: Exact
    first_submitted_at: datetime

    def points(self, measure: Measure) -> Decimal:
        """Its maturity by this measure."""
        return self.verified if measure is Measure.VERIFIED else self.claimed

    def ranked_by(self, measure: Measure) -> bool:
        """Whether it stands in a ranking at all: verified ones, and in a forecast those handed in as well."""
        if measure is Measure.VERIFIED:
            return self.status is InnovationStatus.VERIFIED
        return self.status in {InnovationStatus.VERIFIED, InnovationStatus.SUBMITTED}


class Filter(Ranked):
    """Which entries; None: any."""

    kind: AgencyKind | None = None
    form: Form | None = None
    affair: str | None = None
    nature: Nature | None = None

    def takes(self, entry: Entry) -> bool:
        """Whether the entry is one of these."""
        return (
            self.kind in {None, entry.agency_kind}
            and self.form in {None, entry.form}
            and self.affair in {None, entry.affair}
            and self.nature in {None, entry.nature}
        )


class Decided(StrEnum):
    """What set a place behind the one before it; SHARED: nothing, the rank is the same."""

    POINTS = "points"
    OTHER_MATURITY = "other_maturity"
    FIRST_SUBMISSION = "first_submission"
    SHARED = "shared"


class Direction(StrEnum):
    """Against the last freeze."""

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
"""What is compared, greater is better: total, the measure's maturity, the other maturity, how early."""


def rank(
    entries: Iterable[Entry], measure: Measure = Measure.VERIFIED, totals: Mapping[str, Decimal] | None = None
) -> tuple[Place, ...]:
    """The places of those that stand in such a ranking. totals: by innovation, where more than maturity counts."""
    once = {entry.innovation: entry for entry in entries if entry.ranked_by(measure)}
    standings = {id: _standing(entry, measure, totals) for id, entry in once.items()}
    order = sorted(once, key=lambda each: (*(-value for value in standings[each]), each))
    shared = _repeated(standings.values())
    places: list[Place] = []
    for number, id in enumerate(order, start=1):
        mine = standings[id]
        before = standings[places[-1].entry.innovation] if places else None
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


def _standing(entry: Entry, measure: Measure, totals: Mapping[str, Decimal] | None) -> Compared:
    other = Measure.CLAIMED if measure is Measure.VERIFIED else Measure.VERIFIED
    points = entry.points(measure)
    total = points if totals is None else totals[entry.innovation]
    return total, points, entry.points(other), -entry.first_submitted_at.timestamp()


def _repeated(standings: Iterable[Compared]) -> set[Compared]:
    seen: set[Compared] = set()
    again: set[Compared] = set()
    for each in standings:
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
