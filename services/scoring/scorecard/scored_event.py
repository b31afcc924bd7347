"""The data of `innovation.scored`, made from a scorecard's stored document: plain JSON in, plain JSON out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from shared.contracts.innovation import InnovationDrafted
from shared.contracts.scorecard import InnovationScored
from shared.ports.store import State

_OF_CARD = ("catalogue", "digest", "claimed", "verified", "provable", "most", "missing_mandatory")
_OF_ROW = ("row", "level", "points", "verified_level", "verified_points", "provable_level")
_OF_FAULT = ("row", "code")


def event_data(state: State, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """An `InnovationScored` as JSON. state: of a scored document; rows: each row of its card, as `event_row` gives
    it."""
    innovation, card = state["innovation"], state["scorecard"]
    return {
        "innovation": innovation["id"],
        "innovation_sequence": state["innovation_sequence"],
        "region": state["region"],
        "agency": state["agency"],
        "year": state["year"],
        "status": innovation["status"],
        **{name: card[name] for name in _OF_CARD},
        "eligible": card["eligibility"]["eligible"],
        "rows": list(rows),
        "faults": [{name: fault[name] for name in _OF_FAULT} for fault in card["faults"]],
    }


def event_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A `ScoredRow` as JSON. row: as the document stores it."""
    return {name: row[name] for name in _OF_ROW}


def event_of_draft(drafted: InnovationDrafted, sequence: int, card: Mapping[str, Any]) -> InnovationScored:
    """The event that takes back a published card of an innovation that is a draft again. sequence: the draft's; card:
    as the document stored it."""
    return InnovationScored(
        innovation=drafted.id,
        innovation_sequence=sequence,
        region=drafted.region,
        agency=drafted.agency,
        year=drafted.year,
        status=drafted.status,
        catalogue=card["catalogue"],
        digest=card["digest"],
        claimed=Decimal(0),
        verified=Decimal(0),
        provable=Decimal(0),
        most=card["most"],
        rows=(),
        missing_mandatory=(),
    )
