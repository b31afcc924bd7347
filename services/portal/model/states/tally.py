"""Counts innovations, and adds counts up. Pure.

A tally is plain JSON: ``{innovations: {status: n}, stages: {slug: n}, pipeline: {slug: n}, scored: {catalogue: {most,
claimed, verified, rows: {row: [points claimed, points verified]}}}}``; see `RegionSummary` for what counts where.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from services.portal.model.states.innovation import scorecard_in
from services.portal.model.states.times import exact
from shared.contracts.contract import json_number
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import State

Tally = dict[str, Any]

_IN_HAND = frozenset({InnovationStatus.SUBMITTED.value, InnovationStatus.VERIFIED.value})


def no_tally() -> Tally:
    """Of nothing."""
    return {"innovations": {}, "stages": {}, "pipeline": {}, "scored": {}}


def tally_of(innovations: Iterable[State]) -> Tally:
    """The tally of these states. What is not an innovation yet is left out."""
    tally = no_tally()
    for state in innovations:
        if state["innovation"] is not None:
            _count(tally, state)
    return in_order(tally)


def _count(tally: Tally, state: State) -> None:
    status, innovation, card = state["status"], state["innovation"], scorecard_in(state)
    _add(tally["innovations"], status, 1)
    if status != InnovationStatus.WITHDRAWN.value and state["pipeline_stage"]:
        _add(tally["pipeline"], state["pipeline_stage"], 1)
    if status not in _IN_HAND:
        return
    if innovation["stage"]:
        _add(tally["stages"], innovation["stage"], 1)
    if card is not None:
        verified = status == InnovationStatus.VERIFIED.value
        points = {each[0]: [each[2], each[4] if verified else 0] for each in card["rows"]}
        one = {"most": card["most"], "claimed": 1, "verified": int(verified), "rows": points}
        _add_scored(tally["scored"], {card["catalogue"]: one})


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
