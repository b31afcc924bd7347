"""Counts innovations, and adds counts up. Pure.

A tally is plain JSON: ``{innovations: {status: n}, stages: {slug: n}, pipeline: {slug: n}, scored: {catalogue: {most,
claimed, verified, rows: {row: [points claimed, points verified]}}}}``; see `RegionSummary` for what counts where.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from services.portal.model.states.times import exact
from shared.contracts.contract import json_number
from shared.contracts.vocabulary import InnovationStatus

Tally = dict[str, Any]

FIELDS = (
    "status",
    "agency",
    "year",
    "innovation.stage",
    "innovation.continuation.stage",
    "card.status",
    "card.catalogue",
    "card.most",
    "card.rows",
)
"""What is read of each innovation that is counted."""

_IN_HAND = frozenset({InnovationStatus.SUBMITTED.value, InnovationStatus.VERIFIED.value})


def no_tally() -> Tally:
    """Of nothing."""
    return {"innovations": {}, "stages": {}, "pipeline": {}, "scored": {}}


def tally_of(innovations: Iterable[Mapping[str, Any]]) -> Tally:
    """The tally of these rows, each with FIELDS. What is not an innovation yet is left out."""
    tally = no_tally()
    for row in innovations:
        if row["status"] is not None:
            _count(tally, row)
    return in_order(tally)


def _count(tally: Tally, row: Mapping[str, Any]) -> None:
    status = row["status"]
    _add(tally["innovations"], status, 1)
    if status != InnovationStatus.WITHDRAWN.value and row["innovation.continuation.stage"]:
        _add(tally["pipeline"], row["innovation.continuation.stage"], 1)
    if status not in _IN_HAND:
        return
    if row["innovation.stage"]:
        _add(tally["stages"], row["innovation.stage"], 1)
    if row["card.rows"] is not None and row["card.status"] != InnovationStatus.DRAFT.value:
        verified = status == InnovationStatus.VERIFIED.value
        points = {
            each["row"]: [each["points"], each["verified_points"] if verified else 0] for each in row["card.rows"]
        }
        one = {"most": row["card.most"], "claimed": 1, "verified": int(verified), "rows": points}
        _add_scored(tally["scored"], {row["card.catalogue"]: one})


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
            before = kept["rows"].get(row, (0, 0))
            kept["rows"][row] = [json_number(exact(a) + exact(b)) for a, b in zip(before, points, strict=True)]
