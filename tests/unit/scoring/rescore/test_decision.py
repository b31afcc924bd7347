from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.renumbering import alike, renumbered, renumbering
from services.scoring.rescore.decision import rescored
from services.scoring.scorecard.document import InnovationVersion, RegionUsed, with_innovation
from services.scoring.scorecard.scorecard import score
from services.scoring.scorecard.scored_rows import ScoredRows
from services.scoring.scorecard.totals import Totalling
from shared.contracts.innovation import InnovationState, RowEvidence
from shared.contracts.vocabulary import Nature, Stage
from shared.ports.store import State
from tests.support.scoring_examples import ORIGIN, calm, catalogue, entry, everything, innovation
from tests.unit.scoring.plain_scoring import plainly_scored

OLD = catalogue()
HEAVIER = Catalogue.model_validate(
    {
        **OLD.model_dump(),
        "revision": 2,
        "innovation": [
            {**row.model_dump(), "weight": row.weight + (1 if row.number == "31" else 0)} for row in OLD.innovation
        ],
    }
)
CATALOGUES = {OLD.name: OLD, HEAVIER.name: HEAVIER}
USED = RegionUsed(sequence=7, catalogue=OLD.name)

entries = st.builds(
    RowEvidence,
    row=st.sampled_from([*OLD.by_number, "99"]),
    level=st.sampled_from([None, 1, 2, 3]),
    value=st.none()
    | st.decimals(min_value=-5, max_value=1000, places=3)
    | st.sampled_from([Decimal(each) for each in (1, 5, 50, 90, 200, 501)]),
    unit=st.sampled_from([None, "", "orang", "%", "SDM", "kali"]),
    basis=st.sampled_from([None, "a", "b", "c", "f", "z"]),
    proofs=st.integers(0, 3),
    verified_level=st.sampled_from([None, 0, 1, 2, 3]),
)


def first_scored(said: InnovationState, used: RegionUsed = USED) -> State:
    return plainly_scored(InnovationVersion(said, 10), used, CATALOGUES[used.catalogue])[0]


@calm
@given(evidence=st.lists(entries, max_size=8), nature=st.sampled_from(list(Nature)), stage=st.sampled_from(list(Stage)))
def test_a_rescore_makes_the_card_that_a_first_scoring_would_make(
    evidence: list[RowEvidence], nature: Nature, stage: Stage
) -> None:
    said = innovation(evidence=evidence, nature=nature, stage=stage)
    said = said.model_copy(update={"evidence": tuple(evidence)})

    decision = rescored(first_scored(said), ScoredRows(HEAVIER, most_cached=5), ORIGIN)
    wanted = plainly_scored(InnovationVersion(said, 10), RegionUsed(sequence=7, catalogue=HEAVIER.name), HEAVIER)

    assert decision is not None
    assert decision[0] == {**wanted[0], "region_used": USED.model_dump()}
    assert decision[1] == wanted[1]


@calm
@given(evidence=st.lists(entries, max_size=10))
def test_levels_without_words_are_those_of_the_scorecard(evidence: list[RowEvidence]) -> None:
    card = score(OLD, evidence, Nature.DIGITAL, Stage.PENERAPAN)

    counted = Totalling(OLD).of([each.model_dump(mode="json") for each in evidence])

    assert counted.claimed == {row.row: row.level for row in card.rows if row.level}
    assert counted.verified == {row.row: row.verified_level for row in card.rows if row.verified_level}
    assert (counted.claimed_points, counted.verified_points) == (card.claimed, card.verified)


def test_a_rescore_by_the_same_catalogue_writes_nothing() -> None:
    assert rescored(first_scored(innovation(evidence=everything(2))), ScoredRows(OLD), ORIGIN) is None


def test_a_card_that_waits_for_its_region_is_left_alone() -> None:
    waiting = with_innovation(None, InnovationVersion(innovation(), 10), None, {}, ORIGIN)
    assert waiting is not None

    assert rescored(waiting[0], ScoredRows(HEAVIER), ORIGIN) is None
    assert rescored(None, ScoredRows(HEAVIER), ORIGIN) is None


def test_the_forms_of_2024_and_2026_number_the_same_indicators_differently() -> None:
    old, new = catalogue("2024.1"), catalogue("2026.1")

    by = renumbering(old, new)

    assert by == {str(number): str(number + 15) for number in range(1, 21)}
    assert not alike(old, new)
    assert alike(OLD, HEAVIER)
    said: list[dict[str, Any]] = [{"row": "16", "level": 3}, {"row": "77", "level": 1}]
    assert renumbered(said, by) == [{"row": "31", "level": 3}]


def test_a_heavier_row_brings_points_by_hand() -> None:
    """31 at level 2 weighs 3 → 4: 6 → 8 points."""
    state = first_scored(innovation(evidence=[entry("31", level=2, verified_level=1)]))

    decision = rescored(state, ScoredRows(HEAVIER), ORIGIN)

    assert decision is not None
    before, after = state["scorecard"], decision[0]["scorecard"]
    assert (before["claimed"], before["verified"], before["most"]) == (6, 3, 111)
    assert (after["claimed"], after["verified"], after["most"]) == (8, 4, 114)
