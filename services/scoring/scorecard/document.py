"""A scorecard's document: the inputs that it used, where it stands, and what follows from them.

It carries the innovation's public fields and sequence, and the region's sequence and active catalogue at the time when
the catalogue was chosen. Keeping the newer input, scoring, and owing `innovation.scored` are one decision; it is None
when nothing differs. A region or catalogue that is not known yet is a state, never a fault: no event is owed for it.

A scorecard takes the region's active catalogue at its first scoring and keeps it: resubmission and verification use it
again, and a region that changes touches no scorecard that has one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.library import Catalogues
from services.scoring.scorecard.rows import RowScore
from services.scoring.scorecard.scorecard import Scorecard, score
from shared.contracts.contract import Origin, draft
from shared.contracts.event import Draft
from shared.contracts.innovation import InnovationState
from shared.contracts.scorecard import INNOVATION_SCORED, InnovationScored, ScoredRow
from shared.ports.store import Decision, State


class Stand(StrEnum):
    """Where a scorecard stands."""

    SCORED = "scored"
    WAITING_REGION = "waiting: region"
    WAITING_CATALOGUE = "waiting: catalogue"


WAITING = (Stand.WAITING_REGION, Stand.WAITING_CATALOGUE)


class RegionUsed(BaseModel):
    """The region as it was when the catalogue was chosen: its version and its active catalogue."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    sequence: int
    catalogue: str


class ScorecardDocument(BaseModel):
    """The document. catalogue: the one kept since the first scoring, None before; region_used: None while no region
    is known; scorecard: None while waiting. agency, year, status and region repeat the innovation's, to be found by."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    region: str
    agency: str
    year: int
    status: str
    stand: Stand
    catalogue: str | None
    region_used: RegionUsed | None
    innovation_sequence: int
    innovation: InnovationState
    scorecard: Scorecard | None

    @property
    def awaits(self) -> str | None:
        """What it waits for: the region's code or the catalogue's name; None when it is scored."""
        if self.stand is Stand.WAITING_REGION:
            return self.region
        if self.stand is Stand.WAITING_CATALOGUE:
            return self.catalogue or (self.region_used.catalogue if self.region_used else None)
        return None

    def to_state(self) -> State:
        """As the store keeps it."""
        return self.model_dump(mode="json")


@dataclass(frozen=True)
class Heard:
    """An innovation at one of its versions."""

    innovation: InnovationState
    sequence: int


def take_innovation(
    state: State | None, heard: Heard, region: RegionUsed | None, catalogues: Catalogues, origin: Origin
) -> Decision:
    """An innovation was heard of. None when what is kept is as new or newer."""
    if state is None:
        return _standing(heard, None, region, catalogues, origin)
    if state["innovation_sequence"] >= heard.sequence:
        return None
    before = ScorecardDocument.model_validate(state)
    return _standing(heard, before.catalogue, _used(before, region), catalogues, origin)


def take_region(state: State | None, region: RegionUsed | None, catalogues: Catalogues, origin: Origin) -> Decision:
    """A waiting scorecard is looked at again: with the region as it is known now. None when that changes nothing, and
    for every scorecard that does not wait."""
    if state is None:
        return None
    before = ScorecardDocument.model_validate(state)
    if before.stand not in WAITING:
        return None
    kept = Heard(before.innovation, before.innovation_sequence)
    after = _standing(kept, before.catalogue, _used(before, region), catalogues, origin)
    return None if after[0] == before.to_state() else after


def score_of(innovation: InnovationState, catalogue: Catalogue) -> Scorecard:
    """The scorecard of an innovation by a catalogue."""
    return score(
        catalogue,
        innovation.evidence,
        innovation.nature,
        innovation.stage,
        applied_on=innovation.applied_on,
        developed_on=innovation.developed_on,
    )


def _used(before: ScorecardDocument, heard: RegionUsed | None) -> RegionUsed | None:
    """The region that decides: the one that chose the catalogue for good, else the newest."""
    kept = before.region_used
    if before.catalogue is not None or heard is None:
        return kept
    return kept if kept is not None and kept.sequence >= heard.sequence else heard


def _standing(
    heard: Heard, kept: str | None, used: RegionUsed | None, catalogues: Catalogues, origin: Origin
) -> tuple[State, Draft | None]:
    innovation = heard.innovation
    name = kept or (used.catalogue if used else None)
    catalogue = catalogues.get(name) if name is not None else None
    card = score_of(innovation, catalogue) if catalogue else None
    waiting = Stand.WAITING_REGION if name is None else Stand.WAITING_CATALOGUE
    standing = ScorecardDocument(
        region=innovation.region,
        agency=innovation.agency,
        year=innovation.year,
        status=innovation.status,
        stand=Stand.SCORED if card else waiting,
        catalogue=card.catalogue if card else kept,
        region_used=used,
        innovation_sequence=heard.sequence,
        innovation=InnovationState.model_validate(innovation.model_dump()),
        scorecard=card,
    )
    return standing.to_state(), _owed(standing, card, origin) if card else None


def _owed(standing: ScorecardDocument, card: Scorecard, origin: Origin) -> Draft:
    payload = InnovationScored(
        innovation=standing.innovation.id,
        innovation_sequence=standing.innovation_sequence,
        region=standing.region,
        agency=standing.agency,
        year=standing.year,
        status=standing.innovation.status,
        catalogue=card.catalogue,
        digest=card.digest,
        claimed=card.claimed,
        verified=card.verified,
        provable=card.provable,
        most=card.most,
        eligible=card.eligibility.eligible if card.eligibility else None,
        eligible_why=card.eligibility.why if card.eligibility else None,
        rows=tuple(scored_row(row) for row in card.rows),
        missing_mandatory=card.missing_mandatory,
        faults=card.faults,
        hints=card.hints,
    )
    return draft(INNOVATION_SCORED, payload, standing.region, origin)


def scored_row(row: RowScore) -> ScoredRow:
    """A row as the event carries it."""
    return ScoredRow(
        row=row.row,
        name=row.name,
        weight=row.weight,
        level=row.level,
        points=row.points,
        verified_level=row.verified_level,
        verified_points=row.verified_points,
        provable_level=row.provable_level,
        mandatory=row.mandatory,
        why=f"{row.why} {row.why_verified}",
        next=row.next.needs if row.next else None,
        next_brings=row.next.brings if row.next else None,
    )
