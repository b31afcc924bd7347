"""Pure work: an event's envelope, and judging an innovation's rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from benchmarks.index import innovation as submitted
from benchmarks.measures.timed import Timed, timed
from benchmarks.rescore import innovation
from services.scoring.catalogue.files import SHIPPED, read_catalogue
from services.scoring.scorecard.document import InnovationVersion, RegionUsed, with_innovation
from services.scoring.scorecard.scored_rows import row_caches
from shared.contracts import event_types
from shared.contracts.contract import Origin, draft
from shared.contracts.innovation import INNOVATION_SUBMITTED

_DIFFERENT = 200  # innovations
_FEW = 40  # whose facts fit into the cache
_ORIGIN = Origin(datetime(2026, 6, 1, tzinfo=UTC))


def all_parts(count: int) -> dict[str, Timed]:
    """Name → time."""
    events = [submitted(number) for number in range(_DIFFERENT)]
    bodies = [event.encode() for event, _ in events]
    states = [payload for _, payload in events]
    catalogue = read_catalogue(SHIPPED / "2026.1.yaml")
    catalogues = {catalogue.name: catalogue}
    caches = row_caches(catalogues)
    used = RegionUsed(sequence=1, catalogue=catalogue.name)
    versions = [InnovationVersion(innovation(number), 10) for number in range(_DIFFERENT)]

    def make(number: int) -> None:
        state = states[number % _DIFFERENT]
        draft(INNOVATION_SUBMITTED, state, "61.12", _ORIGIN).stamp("innovation", state.id, 10).encode()

    return {
        "envelope: make, stamp and encode": _each(count, make),
        "envelope: decode with its payload": _each(
            count, lambda number: event_types.decode_event(bodies[number % _DIFFERENT])
        ),
        "judging: card, document and event, facts seen before": _each(
            count, lambda number: with_innovation(None, versions[number % _FEW], used, caches, _ORIGIN)
        ),
        "judging: card, document and event, new facts": _each(
            min(count, _DIFFERENT),
            lambda number: with_innovation(
                None, versions[number], used, row_caches({catalogue.name: catalogue}), _ORIGIN
            ),
        ),
    }


def _each(count: int, do: Callable[[int], object]) -> Timed:
    for number in range(_DIFFERENT):
        do(number)
    with timed(count) as it:
        for number in range(count):
            do(number)
    return it
