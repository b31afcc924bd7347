"""Counts innovations, and adds counts up. Pure.

A tally is plain JSON: ``{innovations: {status: n}, stages: {slug: n}, pipeline: {slug: n}, scored: {catalogue: {most,
claimed, verified, rows: {row: [points claimed, points verified]}}}}``; see `RegionSummary` for what counts where.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from services.portal.model.states.times import exact
from shared.contracts.contract import json_number
from shared.contracts.vocabulary import InnovationStatus

Tally = dict[str, Any]

COUNTED = (
    "status",
    "pipeline_stage",
    "innovation.stage",
    "card.status",
    "card.catalogue",
    "card.most",
    "card.rows",
)
"""Of an innovation's state all that a tally is made of, as paths."""

_DRAFT = InnovationStatus.DRAFT.value
_VERIFIED = InnovationStatus.VERIFIED.value
_WITHDRAWN = InnovationStatus.WITHDRAWN.value
_IN_HAND = frozenset({InnovationStatus.SUBMITTED.value, _VERIFIED})


def no_tally() -> Tally:
    """Of nothing."""
    return {"innovations": {}, "stages": {}, "pipeline": {}, "scored": {}}


class Tallying:
    """Counts innovations one after the other, by what is at COUNTED of each."""

    def __init__(self) -> None:
        self._innovations = Counter[str]()
        self._stages = Counter[str]()
        self._pipeline = Counter[str]()
        self._most: dict[str, float] = {}  # by catalogue
        self._cards = Counter[tuple[str, bool]]()  # catalogue, whether verified
        self._points = Counter[tuple[str, bool, str, float, float]]()  # the same; row, claimed and verified points

    def add(self, innovation: Mapping[str, Any]) -> None:
        """Count one. A value that is missing is None; what is not an innovation yet, without a status, is left out."""
        status = innovation["status"]
        if status is None:
            return
        self._innovations[status] += 1
        if status != _WITHDRAWN and innovation["pipeline_stage"]:
            self._pipeline[innovation["pipeline_stage"]] += 1
        if status not in _IN_HAND:
            return
        if innovation["innovation.stage"]:
            self._stages[innovation["innovation.stage"]] += 1
        if innovation["card.status"] not in (None, _DRAFT):
            kind = innovation["card.catalogue"], status == _VERIFIED
            self._most.setdefault(kind[0], innovation["card.most"])
            self._cards[kind] += 1
            rows = innovation["card.rows"]
            self._points.update([(*kind, row, claimed, proven) for row, _, claimed, _, proven in rows])

    def tally(self) -> Tally:
        """Of all that were added. Points are added exactly: each that occurs once, by how often it does."""
        sums: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}
        for (catalogue, verified, row, claimed, proven), times in self._points.items():
            one, other = sums.get((catalogue, row), (Decimal(0), Decimal(0)))
            other += exact(proven) * times if verified else 0
            sums[catalogue, row] = one + exact(claimed) * times, other
        scored: dict[str, Any] = {}
        for catalogue, most in self._most.items():
            proved = self._cards[catalogue, True]
            cards = {"most": most, "claimed": proved + self._cards[catalogue, False], "verified": proved}
            scored[catalogue] = {**cards, "rows": {}}
        for (catalogue, row), points in sums.items():
            scored[catalogue]["rows"][row] = [json_number(each) for each in points]
        counted = {"innovations": self._innovations, "stages": self._stages, "pipeline": self._pipeline}
        return in_order({**counted, "scored": scored})


def sum_of(tallies: Iterable[Tally]) -> Tally:
    """All of them together."""
    total = no_tally()
    for each in tallies:
        for part in ("innovations", "stages", "pipeline"):
            for name, count in each[part].items():
                _add(total[part], name, count)
        _add_scored(total["scored"], each["scored"])
    return in_order(total)


def in_order(tally: Tally) -> Tally:
    """The same with its names sorted, so that equal tallies are equal texts."""
    return {name: in_order(value) if isinstance(value, dict) else value for name, value in sorted(tally.items())}


def _add(counts: dict[str, Any], name: str, count: int) -> None:
    counts[name] = counts.get(name, 0) + count


def _add_scored(total: dict[str, Any], more: Mapping[str, Any]) -> None:
    for catalogue, scored in more.items():
        kept = total.setdefault(catalogue, {"most": scored["most"], "claimed": 0, "verified": 0, "rows": {}})
        kept["claimed"] += scored["claimed"]
        kept["verified"] += scored["verified"]
        for row, points in scored["rows"].items():
            before = kept["rows"].get(row)
            kept["rows"][row] = [_plus(before[0], points[0]), _plus(before[1], points[1])] if before else points


def _plus(one: float, other: float) -> int | float:
    """Exactly."""
    if type(one) is int and type(other) is int:
        return one + other
    return json_number(exact(one) + exact(other))
