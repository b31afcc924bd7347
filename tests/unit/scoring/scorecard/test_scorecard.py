from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.scoring.scorecard.scorecard import Scorecard, score
from shared.contracts.innovation import RowEvidence
from shared.contracts.vocabulary import Nature, Stage
from tests.support.scoring_examples import calm, catalogue, entry, everything

NUMBERS = sorted(catalogue().by_number)


def card(*evidence: RowEvidence, stage: Stage = Stage.PENERAPAN, nature: Nature = Nature.DIGITAL) -> Scorecard:
    return score(catalogue(), evidence, nature, stage)


def test_nothing_gives_0_of_111_and_misses_all_five_mandatory_rows() -> None:
    empty = card()

    assert (empty.claimed, empty.verified, empty.most) == (0, 0, 111)
    assert empty.missing_mandatory == ("16", "17", "32", "33", "35")
    assert [row.row for row in empty.rows] == NUMBERS


def test_every_level_alike_gives_37_74_and_111() -> None:
    assert [card(*everything(level)).claimed for level in (1, 2, 3)] == [37, 74, 111]
    full = card(*everything(3, verified=3))
    assert (full.claimed, full.verified) == (111, 111)
    assert full.missing_mandatory == ()


def test_a_mixed_card_computed_by_hand() -> None:
    """16: 2×3=6; 17: 12 people, level 2, ×2=4; 28: 1 day, level 3, ×2=6; 29: 90,5 % → 91, level 3, ×1=3;
    31: level 1 ×3=3; 32: 5 months, level 2, ×2=4; 33 d: 9,995 → 10,00 %, level 2, ×3=6; 35: 5 elements, level 3, ×4=12;
    30 without evidence: 0. Together 44. Verified: 16 at 1 → 3; 35 at 3 → 12; 17 at 0 → 0. Together 15."""
    mixed = card(
        entry("16", level=2, verified_level=1),
        entry("17", value="12", verified_level=0),
        entry("28", value="1"),
        entry("29", value="90.5"),
        entry("30", level=3, proofs=0),
        entry("31", level=1),
        entry("32", value="5"),
        entry("33", value="9.995", basis="d"),
        entry("35", value="5", verified_level=3),
    )

    assert (mixed.claimed, mixed.verified) == (44, 15)
    assert mixed.missing_mandatory == ()
    assert mixed.faults == ()


def test_a_mandatory_row_is_missing_until_it_is_proved() -> None:
    assert "16" in card(entry("16", level=3, proofs=0)).missing_mandatory
    assert "16" in card(entry("16", proofs=1)).missing_mandatory
    assert "16" not in card(entry("16", level=1)).missing_mandatory


def test_rows_that_the_catalogue_does_not_have_are_faults_not_failures() -> None:
    odd = card(entry("99", level=3), entry("2a", level=3), entry("16", level=1), entry("16", level=3))

    assert odd.claimed == 3
    assert [(fault.row, fault.code) for fault in odd.faults] == [
        ("99", "row-unknown"),
        ("2a", "row-unknown"),
        ("16", "row-repeated"),
    ]


def test_what_is_not_applied_yet_is_scored_alike_with_a_hint() -> None:
    applied, trial, idea = (
        card(*everything(2), stage=stage) for stage in (Stage.PENERAPAN, Stage.UJI_COBA, Stage.INISIATIF)
    )

    assert applied.claimed == trial.claimed == idea.claimed
    assert not any("Tahapan" in hint for hint in applied.hints)
    assert "uji coba" in trial.hints[0]
    assert "inisiatif" in idea.hints[0]


def test_the_card_names_its_catalogue_and_digest() -> None:
    assert (card().catalogue, card().digest) == ("2026.1", catalogue().digest)


def test_a_card_keeps_its_numbers_exact_as_json() -> None:
    kept = card(*everything(2))

    assert Scorecard.model_validate_json(kept.model_dump_json()) == kept


evidence = st.lists(
    st.builds(
        RowEvidence,
        row=st.sampled_from(NUMBERS),
        level=st.none() | st.integers(1, 3),
        value=st.none() | st.decimals(0, 1000, places=2),
        basis=st.none() | st.sampled_from("abcdef"),
        proofs=st.integers(0, 2),
        verified_level=st.none() | st.integers(0, 3),
    ),
    unique_by=lambda each: each.row,
)


@calm
@given(evidence=evidence, nature=st.sampled_from(list(Nature)), shuffled=st.randoms())
def test_the_order_of_rows_changes_nothing(evidence: list[RowEvidence], nature: Nature, shuffled: object) -> None:
    other = list(evidence)
    shuffled.shuffle(other)  # type: ignore[attr-defined]

    assert card(*evidence, nature=nature) == card(*other, nature=nature)


@calm
@given(evidence=evidence, added=st.sampled_from(NUMBERS), level=st.integers(1, 3))
def test_more_evidence_never_lowers_a_card(evidence: list[RowEvidence], added: str, level: int) -> None:
    before = card(*evidence)
    rest = [each for each in evidence if each.row != added]
    had = next((each for each in evidence if each.row == added), None)
    if had is None:
        after = card(*rest, entry(added, level=level))
    else:
        after = card(*rest, had.model_copy(update={"proofs": had.proofs + 1}))

    assert Decimal(0) <= before.claimed <= after.claimed <= after.most
    assert before.verified <= after.verified
    assert set(after.missing_mandatory) <= set(before.missing_mandatory)
