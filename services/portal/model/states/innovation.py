"""An innovation and its scorecard as they are kept, in one document, so that a page of them is one query. Pure.

``{region, agency, year, status, since, asks_withdrawal, pipeline, pipeline_stage, stage_since, use, heard, innovation,
carded, card, listed}``: the fields of the present assignment (status None: only the scorecard has arrived); since,
stage_since: microseconds; since: of a submitted one of its last submission, else of its last change of status;
asks_withdrawal: the region's code while its agency asks; heard, carded: sequences of innovation and scorecard; listed:
whether it ever was verified here, so that it has a document in the catalogue. Rows of the card are lists, as `_ROW`
says.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from services.portal.model.states.briefs import CardBrief, InnovationBrief
from services.portal.model.states.step import HEARD, is_news
from services.portal.model.states.times import day, exact, exact_or_none, microseconds, moment
from services.portal.model.views.innovation import Card, InnovationView, RowScore
from shared.contracts.continuation import ContinuationState
from shared.contracts.innovation import WithdrawalStep
from shared.contracts.vocabulary import (
    Classification,
    Form,
    Initiator,
    InnovationStatus,
    Nature,
    ProgrammeCluster,
    Stage,
)
from shared.ports.store import State

CARDED = "carded"
VERIFIED = InnovationStatus.VERIFIED.value
_ROW = ("row", "level", "points", "verified_level", "verified_points")
_values_of = itemgetter(*_ROW)
_NOT_KEPT = frozenset({"innovation", "region", "agency", "year"})


def with_innovation(state: State | None, innovation: InnovationBrief, sequence: int) -> State | None:
    """The newer of what is kept and what an event says of the innovation."""
    if not is_news(state, sequence):
        return None
    before = state or {CARDED: 0, "card": None, "listed": False}
    dumped = dict(innovation.__dict__)
    status = innovation.status
    since = dumped["submitted_at"] if status == InnovationStatus.SUBMITTED.value else dumped["status_since"]
    since = since or dumped["verified_at"] or dumped["submitted_at"]
    return {
        "region": innovation.region,
        "agency": innovation.agency,
        "year": innovation.year,
        "status": status,
        "since": microseconds(since),
        "asks_withdrawal": innovation.region if innovation.withdrawal_asked else None,
        **_continuation(dumped["continuation"]),
        HEARD: sequence,
        "innovation": dumped,
        CARDED: before[CARDED],
        "card": before["card"],
        "listed": before["listed"] or status == VERIFIED,
    }


def with_card(state: State | None, card: CardBrief, sequence: int) -> State | None:
    """The newer of what is kept and what an event says of the scorecard."""
    if not is_news(state, sequence, CARDED):
        return None
    before = state or {
        "region": card.region,
        "agency": card.agency,
        "year": card.year,
        "status": None,
        "since": 0,
        "asks_withdrawal": None,
        **_continuation(None),
        HEARD: 0,
        "innovation": None,
        "listed": False,
    }
    kept = {name: value for name, value in card.__dict__.items() if name not in _NOT_KEPT}
    kept |= {"faults": len(card.faults), "rows": [list(_values_of(each)) for each in card.rows]}
    return {**before, CARDED: sequence, "card": kept}


def _continuation(of: Mapping[str, Any] | None) -> State:
    if of is None:
        return dict.fromkeys(("pipeline", "pipeline_stage", "stage_since", "use"))
    since = microseconds(of["stage_since"])
    return {"pipeline": of["pipeline"], "pipeline_stage": of["stage"], "stage_since": since, "use": of["use"]}


def is_public(state: State) -> bool:
    """Whether everybody may see it."""
    return bool(state["status"] == VERIFIED)


def scorecard_in(state: State) -> dict[str, Any] | None:
    """The scorecard that may be shown: None until there is one, and of a draft."""
    card: dict[str, Any] | None = state["card"]
    return None if card is None or card["status"] == InnovationStatus.DRAFT.value else card


def assignments_in(state: State) -> list[tuple[str, int]]:
    """Every (agency, year) that it is or was assigned to, as far as it is known."""
    innovation = state["innovation"]
    former = [(each["agency"], each["year"]) for each in innovation["assignments"]] if innovation else []
    return list(dict.fromkeys([(state["agency"], state["year"]), *former]))


def innovation_of(id: str, state: State, agency_name: str, *, rows: bool = True) -> InnovationView | None:
    """As pages see it; None while only its scorecard has arrived. rows: with those of its scorecard."""
    it = state["innovation"]
    if it is None:
        return None
    withdrawal, continuation = it["withdrawal"], it["continuation"]
    return InnovationView(
        id=id,
        region=it["region"],
        agency=it["agency"],
        agency_name=agency_name,
        year=it["year"],
        status=InnovationStatus(it["status"]),
        name=it["name"],
        stage=Stage(it["stage"]) if it["stage"] else None,
        initiator=Initiator(it["initiator"]) if it["initiator"] else None,
        classification=Classification(it["classification"]) if it["classification"] else None,
        nature=Nature(it["nature"]) if it["nature"] else None,
        form=Form(it["form"]) if it["form"] else None,
        main_affair=it["main_affair"],
        related_affairs=tuple(it["related_affairs"]),
        asta_cita=tuple(it["asta_cita"]),
        cluster=ProgrammeCluster(it["cluster"]) if it["cluster"] else None,
        trial_on=day(it["trial_on"]),
        applied_on=day(it["applied_on"]),
        developed_on=day(it["developed_on"]),
        first_submitted_at=moment(it["first_submitted_at"]),
        submitted_at=moment(it["submitted_at"]),
        verified_at=moment(it["verified_at"]),
        status_since=moment(it["status_since"]),
        turn=it["turn"],
        imported=it["imported"],
        withdrawal_asked=it["withdrawal_asked"],
        withdrawal_step=WithdrawalStep(withdrawal["step"]) if withdrawal else None,
        continuation=ContinuationState.model_validate(continuation, extra="ignore") if continuation else None,
        card=_card(state, rows=rows),
        sequence=state[HEARD],
    )


def _card(state: State, *, rows: bool) -> Card | None:
    card = scorecard_in(state)
    if card is None:
        return None
    return Card(
        catalogue=card["catalogue"],
        claimed=exact(card["claimed"]),
        verified=exact(card["verified"]),
        provable=exact_or_none(card["provable"]),
        most=exact(card["most"]),
        eligible=card["eligible"],
        rows=tuple(
            RowScore(row, level, exact(points), verified_level, exact(verified_points))
            for row, level, points, verified_level, verified_points in (card["rows"] if rows else ())
        ),
        missing_mandatory=tuple(card["missing_mandatory"]),
        faults=card["faults"],
        up_to_date=card["innovation_sequence"] == state[HEARD],
        sequence=state[CARDED],
    )
