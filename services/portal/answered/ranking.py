"""Rankings, freezes and standings as scoring answers them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from services.portal.answered.answered import Answered


class Movement(Answered):
    """Since the last freeze. direction: `new`, `up`, `down`, `same`."""

    direction: str
    before: int | None = None
    steps: int = 0


class Place(Answered):
    """A place. total: what is compared; of: the highest maturity."""

    rank: int
    shared: bool
    decided: str | None = None
    total: Decimal
    claimed: Decimal
    verified: Decimal
    of: Decimal
    movement: Movement | None = None
    innovation: str
    name: str
    agency: str
    agency_name: str | None = None


class FreezeRef(Answered):
    """A reference to a freeze. id: `region/series/number`."""

    id: str
    number: int
    frozen_at: datetime


class Ranking(Answered):
    """A page of the live ranking. gone: innovations of the last freeze that are no longer ranked."""

    year: int
    measure: str
    rule: str
    notices: tuple[str, ...] = ()
    compared_with: FreezeRef | None = None
    gone: tuple[str, ...] = ()
    total: int
    items: tuple[Place, ...] = ()
    next: str | None = None


class Cell(Answered):
    """The places of one group in one category; awarded: how many of them, from the first."""

    group: str
    group_name: str
    category: str
    category_name: str
    awarded: int
    unmarked: int = 0
    places: tuple[Place, ...] = ()


class Freeze(FreezeRef):
    """A freeze. series: a year or a competition's id; reason: why it was frozen again."""

    region: str
    series: str
    year: int
    title: str
    competition: str | None = None
    reason: str | None = None
    synthetic: bool = False
    digest: str
    total: int
    notices: tuple[str, ...] = ()
    rule: str | None = None
    cells: tuple[Cell, ...] = ()
    left_out: int = 0
    late: int = 0


class FreezePage(Answered):
    """A page of freezes."""

    items: tuple[Freeze, ...] = ()
    next: str | None = None


class Standings(Answered):
    """The present standings of a competition."""

    measure: str
    rule: str
    notices: tuple[str, ...] = ()
    compared_with: FreezeRef | None = None
    cells: tuple[Cell, ...] = ()
    total: int
    left_out: int
    late: int
