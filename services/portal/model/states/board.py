"""A row of the compliance board: an agency in a year, its duty and its innovations counted. Pure.

``{home, region, agency, year, sort_name, urgency, due, marks, heard, duty, name, kind, retired, tally}``; home: the
region's code; region: the same, None while there is neither a duty nor an innovation, so that no board shows it; due: 1
while it must be counted again, and with it the region's summary; marks: counts up with each mark; heard: of the
obligation, 0 and duty None without one; name to retired: of the agency, as of the last count.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from services.portal.model.states.step import HEARD, is_news
from services.portal.model.states.tally import Tally, no_tally
from services.portal.model.states.times import hour, moment
from services.portal.model.views.duty import BoardRow, DutyView
from shared.contracts.names import folded
from shared.contracts.obligation import ObligationState
from shared.contracts.vocabulary import AgencyKind, InnovationStatus, ObligationStatus
from shared.ports.store import State

NO_DUTY = 6


def board_id(agency: str, year: int) -> str:
    """The id of a row."""
    return f"{agency}/{year}"


def with_mark(state: State | None, region: str, agency: str, year: int) -> State | None:
    """To be counted again. Always a new version, so that a count that has begun before is not written."""
    before = state or _new(region, agency, year)
    return {**before, "home": region, "due": 1, "marks": before["marks"] + 1}


def with_duty(state: State | None, duty: ObligationState, sequence: int) -> State | None:
    """The newer of what is kept and what an event says of the duty; marked in any case."""
    before = state or _new(duty.region, duty.agency, duty.year)
    if not is_news(before, sequence):
        return with_mark(before, duty.region, duty.agency, duty.year)
    dumped = duty.model_dump(mode="json")
    told = {"home": duty.region, "region": duty.region, HEARD: sequence, "duty": dumped, "urgency": _urgency(duty)}
    return {**before, **told, "due": 1}


def with_count(state: State, tally: Tally, name: str | None, kind: str | None, *, retired: bool) -> State:
    """With what was counted, still marked. name, kind: of the agency, None while it is not known."""
    of_agency = {"name": name or "", "sort_name": folded(name or ""), "kind": kind, "retired": retired}
    shown = state["duty"] is not None or tally["innovations"]
    return {**state, **of_agency, "region": state["home"] if shown else None, "tally": tally}


def _new(region: str, agency: str, year: int) -> State:
    return {
        "home": region,
        "region": region,
        "agency": agency,
        "year": year,
        "sort_name": "",
        "urgency": NO_DUTY,
        "due": 1,
        "marks": 0,
        HEARD: 0,
        "duty": None,
        "name": "",
        "kind": None,
        "retired": False,
        "tally": no_tally(),
    }


def _urgency(duty: ObligationState) -> int:
    match duty.status:
        case ObligationStatus.OVERDUE:
            return 0
        case ObligationStatus.OPEN:
            return 2 if duty.waiting is None else 1
        case ObligationStatus.FULFILLED:
            return 3 if duty.on_time is False else 4
        case ObligationStatus.EXEMPTED:
            return 5


def duty_of(state: State) -> DutyView | None:
    """The duty as pages see it; None: none is known."""
    duty = state["duty"]
    if duty is None:
        return None
    return DutyView(
        agency=duty["agency"],
        region=duty["region"],
        year=duty["year"],
        status=ObligationStatus(duty["status"]),
        minimum=duty["minimum"],
        deadline=date.fromisoformat(duty["deadline"]),
        hour=hour(duty["hour"]),
        deadline_revision=duty["deadline_revision"],
        counted=tuple(duty["counted"]),
        waiting=duty["waiting"],
        on_time=duty["on_time"],
        fulfilled_at=moment(duty["fulfilled_at"]),
        ground=duty["ground"],
        sequence=state[HEARD],
    )


def row_of(state: State, others: Mapping[int, DutyView] = MappingProxyType({})) -> BoardRow:
    """As pages see it. others: the agency's duties of other years."""
    duty = duty_of(state)
    cells = dict(others) if duty is None else {duty.year: duty, **others}
    return BoardRow(
        agency=state["agency"],
        agency_name=state["name"],
        kind=AgencyKind(state["kind"]) if state["kind"] else None,
        retired=state["retired"],
        region=state["home"],
        year=state["year"],
        innovations={InnovationStatus(name): count for name, count in state["tally"]["innovations"].items()},
        cells=cells,
    )
