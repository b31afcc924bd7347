"""`region.indexed`: the index and predicate of a region for one national round."""

from __future__ import annotations

from shared.contracts.contract import Contract, Exact, Payload


class IndexFigure(Payload):
    """innovations: how many count; basic_service: how many of the six basic-service affairs are their main ones;
    maturity: the sum of their points; spd, sid (mean maturity + count_points), count_points: points; index: 0…100, two
    places."""

    innovations: int
    basic_service: int
    maturity: Exact
    spd: Exact
    sid: Exact
    count_points: Exact
    index: Exact


class RegionIndexed(Payload):
    """year: of the national round. claimed: what agencies claim, a forecast; verified: what the curator has
    verified, the result. predicate and to_next_predicate (points of the index; None at the best) come from the verified
    figure alone."""

    region: str
    year: int
    claimed: IndexFigure
    verified: IndexFigure
    predicate: str
    to_next_predicate: Exact | None


REGION_INDEXED = Contract(
    type="region.indexed",
    subject="region_index",
    source="scoring",
    payload=RegionIndexed,
    means="A region's index and predicate for one national round; the claimed figure is a forecast.",
)
