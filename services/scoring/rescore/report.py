"""The report of a rescore: gains and losses, by row too. Its size is bounded for any number of innovations."""

from __future__ import annotations

from bisect import insort
from decimal import Decimal

from pydantic import BaseModel, Field

from shared.contracts.contract import Exact

SHOWN = 20  # of the greatest gains and losses


class RowChange(BaseModel):
    """A row whose level or weight changed what it brings. row: in the new catalogue (in the old, where it is gone)."""

    row: str
    before: Exact
    after: Exact


class Change(BaseModel):
    """One innovation. before and after: claimed maturity; the same for verified."""

    innovation: str
    region: str
    agency: str
    name: str
    before: Exact
    after: Exact
    verified_before: Exact
    verified_after: Exact
    rows: list[RowChange]

    @property
    def gain(self) -> Decimal:
        """Points of claimed maturity; below 0 for a loss."""
        return self.after - self.before


class RowTally(BaseModel):
    """For one row: how many innovations gained, how many lost, and the sum of points."""

    gained: int = 0
    lost: int = 0
    points: Exact = Decimal(0)


class RescoreReport(BaseModel):
    """seen: scanned scorecards; gained, lost: by claimed maturity; only_verified: changed in the verified one alone;
    waiting: have no catalogue yet and are not changed; otherwise_numbered: were scored by a form that numbers its rows
    differently, and are never rewritten; points, verified_points: summed differences; gains, losses: the greatest."""

    seen: int = 0
    gained: int = 0
    lost: int = 0
    only_verified: int = 0
    same: int = 0
    waiting: int = 0
    otherwise_numbered: int = 0
    points: Exact = Decimal(0)
    verified_points: Exact = Decimal(0)
    by_row: dict[str, RowTally] = Field(default_factory=dict)
    gains: list[Change] = Field(default_factory=list)
    losses: list[Change] = Field(default_factory=list)

    def take(self, change: Change | None, *, waiting: bool = False, alike: bool = True) -> None:
        """Count one scanned innovation; None: it does not change."""
        self.seen += 1
        self.waiting += waiting
        self.otherwise_numbered += not (alike or waiting)
        if change is None:
            self.same += 1
            return
        gain = change.gain
        self.points += gain
        self.verified_points += change.verified_after - change.verified_before
        self.gained += gain > 0
        self.lost += gain < 0
        self.only_verified += gain == 0
        for row in change.rows:
            tally = self.by_row.setdefault(row.row, RowTally())
            tally.gained += row.after > row.before
            tally.lost += row.after < row.before
            tally.points += row.after - row.before
        if gain:
            _keep(self.gains if gain > 0 else self.losses, change)


def _keep(greatest: list[Change], change: Change) -> None:
    """Insert it in order, if it is among the greatest."""
    if len(greatest) == SHOWN and _order(change) > _order(greatest[-1]):
        return
    insort(greatest, change, key=_order)
    del greatest[SHOWN:]


def _order(change: Change) -> tuple[Decimal, str]:
    return (-abs(change.gain), change.innovation)
