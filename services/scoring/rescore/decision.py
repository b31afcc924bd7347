"""A scorecard under another catalogue: the one decision by which a rescore changes it.

The same card as a first scoring by that catalogue would make (a test holds them together), put together from rows that
were judged before. None when nothing differs.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from services.scoring.rescore.judged_rows import JudgedRow, JudgedRows
from services.scoring.scorecard import explain
from services.scoring.scorecard.document import Stand
from services.scoring.scorecard.scorecard import repeated, stray
from shared.contracts.contract import Origin
from shared.contracts.event import Draft
from shared.contracts.scorecard import INNOVATION_SCORED
from shared.contracts.vocabulary import Stage
from shared.ports.store import Decision, State

_SHARED = ("catalogue", "digest", "claimed", "verified", "provable", "most", "missing_mandatory", "faults", "hints")


def rescored(state: State | None, told: JudgedRows, origin: Origin) -> Decision:
    """The document under `told`'s catalogue. None for one that has no card yet (its region decides) or is the same."""
    if state is None or state["catalogue"] is None:
        return None
    innovation = state["innovation"]
    rows, strays = _rows(told, innovation)
    card = _card(told, innovation, rows, strays)
    after = {**state, "stand": Stand.SCORED.value, "catalogue": told.catalogue.name, "scorecard": card}
    return None if after == state else (after, _owed(after, rows, origin))


def _rows(told: JudgedRows, innovation: dict[str, Any]) -> tuple[list[JudgedRow], list[dict[str, Any]]]:
    catalogue, nature = told.catalogue, innovation["nature"]
    entries: dict[str, dict[str, Any]] = {}
    strays: list[dict[str, Any]] = []
    for entry in innovation["evidence"]:
        if entry["row"] not in catalogue.by_number:
            strays.append(stray(entry["row"], catalogue.name).model_dump(mode="json"))
        elif entry["row"] in entries:
            strays.append(repeated(entry["row"]).model_dump(mode="json"))
        else:
            entries[entry["row"]] = entry
    return [told.of(row, entries.get(row.number), nature) for row in catalogue.innovation], strays


def _card(
    told: JudgedRows, innovation: dict[str, Any], rows: list[JudgedRow], strays: list[dict[str, Any]]
) -> dict[str, Any]:
    catalogue = told.catalogue
    claimed = verified = provable = Decimal(0)
    missing: list[str] = []
    faults: list[dict[str, Any]] = []
    stage_hint = explain.stage_hint(Stage(innovation["stage"]))
    hints = [stage_hint] if stage_hint else []
    for each in rows:
        claimed += each.claimed
        verified += each.verified
        provable += each.provable
        faults += each.faults
        hints += each.hints
        if each.lacking:
            missing.append(each.document["row"])
    return {
        "catalogue": catalogue.name,
        "digest": catalogue.digest,
        "claimed": _number(claimed),
        "verified": _number(verified),
        "provable": _number(provable),
        "most": _number(catalogue.most),
        "eligibility": told.eligible(innovation["applied_on"], innovation["developed_on"]),
        "rows": [each.document for each in rows],
        "missing_mandatory": missing,
        "faults": [*faults, *strays],
        "hints": hints,
    }


def _owed(state: State, rows: list[JudgedRow], origin: Origin) -> Draft:
    innovation, card = state["innovation"], state["scorecard"]
    data = {
        "innovation": innovation["id"],
        "innovation_sequence": state["innovation_sequence"],
        "region": state["region"],
        "agency": state["agency"],
        "year": state["year"],
        "status": innovation["status"],
        **{name: card[name] for name in _SHARED},
        "eligible": card["eligibility"]["eligible"],
        "eligible_why": card["eligibility"]["why"],
        "rows": [each.event for each in rows],
    }
    return Draft(
        source=f"/{INNOVATION_SCORED.source}",
        type=INNOVATION_SCORED.type,
        time=origin.time,
        dataschema=INNOVATION_SCORED.urn,
        region=state["region"],
        correlationid=origin.correlationid,
        causationid=origin.causationid,
        traceparent=origin.traceparent,
        data=data,
    )


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
