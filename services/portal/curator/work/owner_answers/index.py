"""A region's index as scoring answers it, with what a what-if question changes."""

from __future__ import annotations

from decimal import Decimal

from services.portal.answered.answered import Answered


class Parts(Answered):
    """The shares of SPD, mean maturity and number of innovations, in points of the index."""

    spd: Decimal
    maturity: Decimal
    count: Decimal


class Figure(Answered):
    """An index. innovations, basic_service: counted; to_next: points of the index up to the next predicate."""

    innovations: int
    basic_service: int
    maturity: Decimal
    spd: Decimal
    index: Decimal
    predicate: str
    next_predicate: str | None = None
    to_next: Decimal | None = None
    parts: Parts


class Index(Answered):
    """The index of a national round. claimed: the forecast."""

    region: str
    year: int
    verified: Figure
    claimed: Figure | None = None
    waiting: int | None = None
    spd_catalogue: str | None = None


class ChangedInnovation(Answered):
    """An innovation whose levels were changed in the question. counts: whether it belongs to the round's figure."""

    innovation: str
    name: str
    before: Decimal
    after: Decimal
    counts: bool = True


class Climb(Answered):
    """Steps in one row. innovation: None for a row of SPD; gain: points of SPD + SID."""

    row: str
    name: str
    innovation: str | None = None
    innovation_name: str | None = None
    level: int
    to: int
    steps: int
    gain: Decimal


class Path(Answered):
    """The fewest level steps to a target; reachable: whether levels alone are enough."""

    target: str
    lacking: Decimal
    reachable: bool
    steps: int
    climbs: tuple[Climb, ...] = ()
    reached: Figure | None = None


class WhatIf(Answered):
    """The answer to a what-if question. label: what a reader must know."""

    figure: str
    label: str
    before: Figure | None = None
    after: Figure | None = None
    innovations: tuple[ChangedInnovation, ...] = ()
    path: Path | None = None
