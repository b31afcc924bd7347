"""The stored document of a scorecard: the inputs that were used, the scoring state, and the card.

It holds the innovation's public fields and sequence, and the region's sequence and active catalogue at the time when
the catalogue was chosen. Saving the newer input, scoring it and owing `innovation.scored` are one decision; it is None
when nothing differs. A region or catalogue that is not known yet is a state, never a fault: no event is owed for it.

A scorecard takes the region's active catalogue at its first scoring and keeps it: resubmission and verification use it
again, and a region that changes touches no scorecard that has one.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, TypeAdapter

from services.scoring.scorecard.card_state import card_state
from services.scoring.scorecard.draft_marker import is_draft
from services.scoring.scorecard.entry import facts_of_entry
from services.scoring.scorecard.explain import FROM_TABLE
from services.scoring.scorecard.scorecard import Scorecard
from services.scoring.scorecard.scored_event import event_data
from services.scoring.scorecard.scored_rows import RowCaches
from services.scoring.scorecard.scored_state import ScoredState
from services.scoring.scorecard.scoring_state import WAITING, ScoringState
from shared.contracts.contract import Origin, draft_of_data
from shared.contracts.event import Draft
from shared.contracts.innovation import InnovationState
from shared.contracts.scorecard import INNOVATION_SCORED
from shared.ports.store import Decision, State


class RegionUsed(BaseModel):
    """The region as it was when the catalogue was chosen: its sequence and its active catalogue."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    sequence: int
    catalogue: str


class ScorecardDocument(BaseModel):
    """The stored fields. catalogue: the one kept since the first scoring, None before; region_used: None while no
    region is known; scorecard: None while waiting. agency, year, status and region repeat the innovation's for
    indexes."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    region: str
    agency: str
    year: int
    status: str
    stand: ScoringState
    catalogue: str | None
    region_used: RegionUsed | None
    innovation_sequence: int
    innovation: InnovationState
    scorecard: Scorecard | None

    @property
    def hints(self) -> tuple[str, ...]:
        """The card's hints, and that the levels came in from a table, until the innovation is submitted again."""
        it, own = self.innovation, self.scorecard.hints if self.scorecard else ()
        return (*own, FROM_TABLE) if it.imported and it.submitted_at == it.first_submitted_at else own

    @property
    def waiting_for(self) -> str | None:
        """The region's code or the catalogue's name that is not known yet; None when it is scored."""
        if self.stand is ScoringState.WAITING_REGION:
            return self.region
        if self.stand is ScoringState.WAITING_CATALOGUE:
            return self.catalogue or (self.region_used.catalogue if self.region_used else None)
        return None

    def to_state(self) -> State:
        """The stored form."""
        return self.model_dump(mode="json")


def scorecard_in(state: State | None) -> ScorecardDocument | None:
    """The scorecard in a stored state. None where nothing is stored, and where the innovation is a draft."""
    return None if state is None or is_draft(state) else ScorecardDocument.model_validate(state)


_PLAIN = TypeAdapter(InnovationState)  # of an event's payload, which has a class of its own, the same fields


@dataclass(frozen=True)
class InnovationVersion:
    """An innovation at one of its sequences."""

    innovation: InnovationState
    sequence: int


def with_innovation(
    state: State | None, received: InnovationVersion, region: RegionUsed | None, caches: RowCaches, origin: Origin
) -> Decision:
    """Score a received innovation. None when the stored one is as new or newer."""
    if state is not None and state["innovation_sequence"] >= received.sequence:
        return None
    if state is None or is_draft(state):
        return _scored(received, None, region, caches, origin)
    used, kept = state["region_used"], state["catalogue"]  # of a state that is not decoded: most of it are rows
    before = None if used is None else RegionUsed.model_validate(used)
    return _scored(received, kept, _region_used(kept, before, region), caches, origin)


def with_region(state: State | None, region: RegionUsed | None, caches: RowCaches, origin: Origin) -> Decision:
    """Score a waiting scorecard with the region as it is known now. None when that changes nothing, and for every
    scorecard that does not wait."""
    before = scorecard_in(state)
    if before is None or before.stand not in WAITING:
        return None
    stored = InnovationVersion(before.innovation, before.innovation_sequence)
    used = _region_used(before.catalogue, before.region_used, region)
    after = _scored(stored, before.catalogue, used, caches, origin)
    return None if after[0] == before.to_state() else after


def _region_used(kept: str | None, used: RegionUsed | None, known: RegionUsed | None) -> RegionUsed | None:
    """The region that decides: the one that chose the catalogue for good, else the newest. kept: that catalogue."""
    if kept is not None or known is None:
        return used
    return used if used is not None and used.sequence >= known.sequence else known


def _scored(
    version: InnovationVersion, kept: str | None, used: RegionUsed | None, caches: RowCaches, origin: Origin
) -> tuple[State, Draft | None]:
    """kept: the catalogue of an earlier scoring."""
    innovation = version.innovation
    plain: State = _PLAIN.dump_python(innovation, mode="json")
    name = kept or (used.catalogue if used else None)
    cache = caches.get(name) if name is not None else None
    waiting = ScoringState.WAITING_REGION if name is None else ScoringState.WAITING_CATALOGUE
    state: State = {
        "region": innovation.region,
        "agency": innovation.agency,
        "year": innovation.year,
        "status": plain["status"],
        "stand": waiting.value,
        "catalogue": kept,
        "region_used": used.model_dump(mode="json") if used else None,
        "innovation_sequence": version.sequence,
        "innovation": plain,
        "scorecard": None,
    }
    if cache is None:
        return state, None
    card, rows = card_state(cache, plain, [(each.row, facts_of_entry(each)) for each in innovation.evidence])
    state |= {"stand": ScoringState.SCORED.value, "catalogue": card["catalogue"], "scorecard": card}
    data = event_data(state, [each.event for each in rows])
    return ScoredState(state, rows), draft_of_data(INNOVATION_SCORED, data, innovation.region, origin)
