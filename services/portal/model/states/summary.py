"""A region's year in figures. Pure.

``{region, year, heard, index, agencies, duties, kinds, tally}``; heard, index: of `region.indexed`, 0 and None
without one; the others: the sums over the rows of the board.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from services.portal.model.states.step import HEARD, is_news
from services.portal.model.states.tally import Tally, in_order, no_tally
from services.portal.model.states.times import exact, exact_or_none
from services.portal.model.views.summary import (
    DutyCounts,
    FigureView,
    IndexView,
    IndicatorMaturity,
    RegionSummary,
    Scored,
)
from shared.contracts.region_index import RegionIndexed
from shared.contracts.vocabulary import AgencyKind, InnovationStatus, ObligationStatus, Stage
from shared.ports.store import State


def summary_id(region: str, year: int) -> str:
    """The id of a summary."""
    return f"{region}/{year}"


def new_summary(region: str, year: int) -> State:
    """Before anything was heard or counted."""
    nothing: State = {"agencies": 0, "duties": _counts(()), "kinds": {}, "tally": no_tally()}
    return {"region": region, "year": year, HEARD: 0, "index": None, **nothing}


def with_index(state: State | None, indexed: RegionIndexed, sequence: int) -> State | None:
    """The newer of what is kept and what an event says of the index."""
    before = state or new_summary(indexed.region, indexed.year)
    if not is_news(before, sequence):
        return None
    return {**before, HEARD: sequence, "index": indexed.model_dump(mode="json")}


def sums_of(rows: Sequence[State], tally: Tally) -> State:
    """The sums over the rows of one region and year. tally: of all of them."""
    by_kind: dict[str, list[State]] = {}
    for row in rows:
        if row["duty"] is not None:
            by_kind.setdefault(row["kind"] or "", []).append(row["duty"])
    return {
        "agencies": len(rows),
        "duties": _counts([duty for duties in by_kind.values() for duty in duties]),
        "kinds": {kind: _counts(by_kind[kind]) for kind in sorted(by_kind)},
        "tally": tally,
    }


def _counts(duties: Sequence[State]) -> State:
    statuses: dict[str, int] = {}
    for duty in duties:
        statuses[duty["status"]] = statuses.get(duty["status"], 0) + 1
    fulfilled, open = ObligationStatus.FULFILLED.value, ObligationStatus.OPEN.value
    return {
        "statuses": in_order(statuses),
        "late": sum(each["status"] == fulfilled and each["on_time"] is False for each in duties),
        "waiting": sum(each["status"] == open and each["waiting"] is not None for each in duties),
    }


def summary_of(state: State) -> RegionSummary:
    """As pages see it."""
    tally = state["tally"]
    return RegionSummary(
        region=state["region"],
        year=state["year"],
        agencies=state["agencies"],
        duties=_duties(state["duties"]),
        kinds={AgencyKind(kind) if kind else None: _duties(counts) for kind, counts in state["kinds"].items()},
        innovations={InnovationStatus(name): count for name, count in tally["innovations"].items()},
        stages={each: tally["stages"][each.value] for each in Stage if each.value in tally["stages"]},
        pipeline=dict(tally["pipeline"]),
        maturity=tuple(_maturity(tally["scored"])),
        scored=tuple(
            Scored(name, each["claimed"], each["verified"], exact(each["most"]))
            for name, each in tally["scored"].items()
        ),
        index=index_of(state),
    )


def _duties(counts: State) -> DutyCounts:
    statuses = {ObligationStatus(name): count for name, count in counts["statuses"].items()}
    return DutyCounts(statuses, counts["late"], counts["waiting"])


def index_of(state: State) -> IndexView | None:
    """The index; None: none is known."""
    index = state["index"]
    if index is None:
        return None
    return IndexView(
        region=index["region"],
        year=index["year"],
        claimed=_figure(index["claimed"]),
        verified=_figure(index["verified"]),
        predicate=index["predicate"],
        to_next_predicate=exact_or_none(index["to_next_predicate"]),
        sequence=state[HEARD],
    )


def _figure(figure: State) -> FigureView:
    points = {name: exact(figure[name]) for name in ("maturity", "spd", "sid", "count_points", "index")}
    return FigureView(innovations=figure["innovations"], basic_service=figure["basic_service"], **points)


def _maturity(scored: dict[str, Any]) -> Iterable[IndicatorMaturity]:
    for catalogue, sums in scored.items():
        for row, (claimed, verified) in sorted(sums["rows"].items(), key=lambda each: (len(each[0]), each[0])):
            yield IndicatorMaturity(catalogue, row, exact(claimed), exact(verified))
