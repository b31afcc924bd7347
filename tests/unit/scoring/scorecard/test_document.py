from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.known import REGIONS, region_used
from services.scoring.scorecard.document import (
    InnovationVersion,
    RegionUsed,
    ScorecardDocument,
    with_innovation,
    with_region,
)
from services.scoring.scorecard.scored_rows import row_caches
from services.scoring.scorecard.scoring_state import WAITING, ScoringState
from shared.contracts.event import Draft
from shared.contracts.innovation import InnovationState
from shared.contracts.region import RegionRegistered
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import Decision, State
from tests.support.scoring_examples import ORIGIN, calm, catalogue, entry, innovation, region

CACHES = row_caches({"2026.1": catalogue()})
KNOWN = RegionUsed(sequence=7, catalogue="2026.1")
FIRST = innovation(evidence=[entry("16", level=1)])
SECOND = innovation(evidence=[entry("16", level=3)])
VERIFIED = innovation(evidence=[entry("16", level=3, verified_level=2)], status=InnovationStatus.VERIFIED)


def taken(
    state: State | None, said: InnovationState, sequence: int, used: RegionUsed | None = KNOWN
) -> tuple[State, Draft | None]:
    decision = with_innovation(state, InnovationVersion(said, sequence), used, CACHES, ORIGIN)
    assert decision is not None
    return decision


def test_a_first_version_is_scored_by_the_regions_catalogue_and_owes_the_event() -> None:
    state, owed = taken(None, FIRST, 10)

    document = ScorecardDocument.model_validate(state)
    assert (document.stand, document.catalogue, document.innovation_sequence) == (ScoringState.SCORED, "2026.1", 10)
    assert document.region_used == KNOWN
    assert document.innovation == FIRST
    assert owed is not None
    assert owed.type == "innovation.scored"
    assert owed.region == "61.12"
    assert (owed.data["innovation"], owed.data["innovation_sequence"], owed.data["claimed"]) == ("inovasi-1", 10, 3)
    assert owed.data["digest"] == catalogue().digest
    assert document.scorecard is not None
    assert "Belum diverifikasi kurator" in document.scorecard.rows[0].why_verified
    row = {"row": "16", "level": 1, "points": 3, "verified_level": 0, "verified_points": 0, "provable_level": 1}
    assert owed.data["rows"][0] == row
    assert len(owed.data["rows"]) == 20


def test_a_fault_is_published_by_its_code_and_shown_in_words() -> None:
    state, owed = taken(None, innovation(evidence=[entry("16", level=2, basis="a")]), 10)

    assert owed is not None
    assert owed.data["faults"] == [{"row": "16", "code": "basis-not-expected"}]
    assert state["scorecard"]["faults"] == [{**owed.data["faults"][0], "message": "indikator ini tidak memiliki basis"}]


@pytest.mark.parametrize("sequence", [1, 9, 10])
def test_an_older_or_repeated_version_changes_nothing(sequence: int) -> None:
    state, _ = taken(None, FIRST, 10)

    assert with_innovation(state, InnovationVersion(SECOND, sequence), KNOWN, CACHES, ORIGIN) is None


def test_a_newer_version_is_scored_by_the_same_catalogue() -> None:
    state, _ = taken(None, FIRST, 10)
    elsewhere = RegionUsed(sequence=99, catalogue="2027.1")

    after, owed = taken(state, VERIFIED, 11, elsewhere)

    document = ScorecardDocument.model_validate(after)
    assert (document.catalogue, document.region_used, document.status) == ("2026.1", KNOWN, "verified")
    assert owed is not None
    assert (owed.data["claimed"], owed.data["verified"]) == (9, 6)


@pytest.mark.parametrize("status", [InnovationStatus.RETURNED, InnovationStatus.WITHDRAWN])
def test_a_returned_or_withdrawn_innovation_keeps_its_scorecard_with_its_status(status: InnovationStatus) -> None:
    state, _ = taken(None, FIRST, 10)

    after, owed = taken(state, innovation(evidence=[entry("16", level=1)], status=status), 11)

    assert (after["status"], after["stand"], after["scorecard"]) == (status, "scored", state["scorecard"])
    assert owed is not None
    assert owed.data["status"] == status


def test_an_unknown_region_is_a_state_and_owes_nothing() -> None:
    state, owed = taken(None, FIRST, 10, None)

    document = ScorecardDocument.model_validate(state)
    assert (document.stand, document.waiting_for, document.scorecard) == (ScoringState.WAITING_REGION, "61.12", None)
    assert owed is None


def test_an_unknown_catalogue_is_a_state_and_owes_nothing() -> None:
    state, owed = taken(None, FIRST, 10, RegionUsed(sequence=7, catalogue="2027.1"))

    document = ScorecardDocument.model_validate(state)
    assert (document.stand, document.waiting_for, document.catalogue) == (
        ScoringState.WAITING_CATALOGUE,
        "2027.1",
        None,
    )
    assert owed is None


def test_the_region_ends_the_wait() -> None:
    waiting, _ = taken(None, FIRST, 10, None)

    decision = with_region(waiting, KNOWN, CACHES, ORIGIN)

    assert decision == taken(None, FIRST, 10)


def test_a_region_with_another_catalogue_ends_the_wait_for_one_that_never_came() -> None:
    waiting, _ = taken(None, FIRST, 10, RegionUsed(sequence=6, catalogue="2027.1"))

    assert with_region(waiting, KNOWN, CACHES, ORIGIN) == taken(None, FIRST, 10)


def test_an_older_copy_of_the_region_does_not_end_the_wait() -> None:
    waiting, _ = taken(None, FIRST, 10, RegionUsed(sequence=8, catalogue="2027.1"))

    assert with_region(waiting, KNOWN, CACHES, ORIGIN) is None


def test_the_catalogue_ends_the_wait() -> None:
    used = RegionUsed(sequence=7, catalogue="2026.1")
    decision = with_innovation(None, InnovationVersion(FIRST, 10), used, {}, ORIGIN)
    assert decision is not None

    assert with_region(decision[0], used, CACHES, ORIGIN) == taken(None, FIRST, 10, used)


def test_scoring_again_without_a_difference_writes_nothing() -> None:
    waiting, _ = taken(None, FIRST, 10, None)
    scored, _ = taken(None, FIRST, 10)

    assert with_region(waiting, None, CACHES, ORIGIN) is None
    assert with_region(scored, RegionUsed(sequence=99, catalogue="2027.1"), CACHES, ORIGIN) is None
    assert with_region(None, KNOWN, CACHES, ORIGIN) is None


def test_a_process_without_the_catalogue_waits_and_one_that_has_it_scores() -> None:
    """Two releases side by side: the older one receives an innovation that the newer one scored first."""
    state, _ = taken(None, FIRST, 10)

    lacking = with_innovation(state, InnovationVersion(SECOND, 11), KNOWN, {}, ORIGIN)

    assert lacking is not None
    waiting = ScorecardDocument.model_validate(lacking[0])
    assert (waiting.stand, waiting.waiting_for, waiting.catalogue) == (
        ScoringState.WAITING_CATALOGUE,
        "2026.1",
        "2026.1",
    )
    assert lacking[1] is None
    assert with_region(lacking[0], RegionUsed(sequence=99, catalogue="2030.1"), CACHES, ORIGIN) == taken(
        state, SECOND, 11
    )


def test_the_document_is_plain_json() -> None:
    state, _ = taken(None, FIRST, 10)

    assert json.loads(json.dumps(state)) == state
    assert ScorecardDocument.model_validate(state).to_state() == state


@dataclass
class Machine:
    """The documents of scoring without a store, and every event that was owed."""

    regions: dict[str, State] = field(default_factory=dict)
    cards: dict[str, State] = field(default_factory=dict)
    owed: list[Draft] = field(default_factory=list)

    def receive(self, said: InnovationState | RegionRegistered, sequence: int) -> None:
        if isinstance(said, RegionRegistered):
            kept = self.regions.get(said.code)
            if kept is None or kept[REGIONS.sequence] < sequence:
                self._kept(self.regions, said.code, (REGIONS.state_of(said, sequence), None))
            for id, card in list(self.cards.items()):
                if card["stand"] in WAITING and card["region"] == said.code:
                    self._kept(self.cards, id, with_region(card, self._used(said.code), CACHES, ORIGIN))
            return
        decision = with_innovation(
            self.cards.get(said.id), InnovationVersion(said, sequence), self._used(said.region), CACHES, ORIGIN
        )
        self._kept(self.cards, said.id, decision)

    def _used(self, code: str) -> RegionUsed | None:
        state = self.regions.get(code)
        return region_used(REGIONS.copy_of(state)) if state else None

    def _kept(self, documents: dict[str, State], id: str, decision: Decision) -> None:
        if decision is None:
            return
        assert decision[0] != documents.get(id), "a write that changes nothing"
        documents[id] = decision[0]
        if decision[1] is not None:
            self.owed.append(decision[1])


LOG: list[tuple[InnovationState | RegionRegistered, int]] = [
    (region(), 5),
    (region(), 6),
    (FIRST, 10),
    (innovation(evidence=[entry("16", level=1)], status=InnovationStatus.RETURNED), 11),
    (SECOND, 12),
    (VERIFIED, 13),
    (innovation("inovasi-2", evidence=[entry("17", value="40")]), 20),
    (innovation("inovasi-2", evidence=[entry("17", value="40")], status=InnovationStatus.WITHDRAWN), 21),
    (innovation("inovasi-3", region="61.71"), 30),
]
ENDS = Machine()
for _said, _sequence in LOG:
    ENDS.receive(_said, _sequence)


@calm
@given(order=st.permutations(range(len(LOG))), again=st.lists(st.integers(0, len(LOG) - 1), max_size=12))
def test_any_order_with_any_repetition_ends_in_the_same_scorecards(order: list[int], again: list[int]) -> None:
    machine = Machine()

    for index in (*order, *again):
        machine.receive(*LOG[index])

    def shown(cards: dict[str, State]) -> dict[str, State]:
        # which copy of an unchanged region was read may differ; what was chosen by it may not
        return {id: {**card, "region_used": (card["region_used"] or {}).get("catalogue")} for id, card in cards.items()}

    assert shown(machine.cards) == shown(ENDS.cards)
    owed = [(draft.data["innovation"], draft.data["innovation_sequence"]) for draft in machine.owed]
    assert len(owed) == len(set(owed)), "an event was owed twice"
    assert {("inovasi-1", 13), ("inovasi-2", 21)} <= set(owed)
    assert machine.cards["inovasi-3"]["stand"] == ScoringState.WAITING_REGION
