from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.scorecard.levels import Source
from services.scoring.scorecard.rows import ScoredEntry, score_row
from shared.contracts.innovation import RowEvidence
from shared.contracts.vocabulary import Nature
from tests.support.scoring_examples import calm, catalogue, entry

ROWS = catalogue().by_number


def judged(evidence: RowEvidence | None, row: str | None = None) -> ScoredEntry:
    number = row or (evidence.row if evidence else "16")
    return score_row(ROWS[number], evidence, Nature.DIGITAL)


def codes(result: ScoredEntry) -> list[str]:
    return [fault.code for fault in result.faults]


def test_a_row_that_was_not_filled_in_scores_0_and_says_so() -> None:
    result = judged(None)

    assert (result.score.level, result.score.points, result.score.source) == (0, 0, Source.NONE)
    assert "Belum diisi" in result.score.why
    assert not result.score.filled
    assert not result.faults


def test_a_claim_without_a_file_or_link_scores_0_and_says_what_it_would_be() -> None:
    result = judged(entry("16", level=3, proofs=0))

    assert (result.score.level, result.score.filled) == (0, False)
    assert "Isian menunjukkan level 3" in result.score.why
    assert any("Indikator 16" in hint for hint in result.hints)


@pytest.mark.parametrize(
    ("said", "hinted"),
    [
        ({"level": 1, "proofs": 0}, True),
        ({"level": 1, "proofs": 1}, False),
        ({"proofs": 0}, False),
        ({"verified_level": 0, "proofs": 0}, False),
    ],
)
def test_a_missing_proof_is_hinted_at_where_it_would_bring_points(said: dict[str, int], *, hinted: bool) -> None:
    assert any("belum ada data pendukung" in hint for hint in judged(entry("16", **said)).hints) is hinted


def test_an_unknown_basis_is_a_fault_that_names_the_known_ones() -> None:
    assert judged(entry("33", value="3", basis="z")).faults[0].message == "basis 'z' tidak ada: a, b, c, d, e, f"


def test_a_value_without_a_file_or_link_scores_0() -> None:
    assert judged(entry("17", value="31", proofs=0)).score.level == 0


def test_a_file_without_level_or_value_scores_0() -> None:
    result = judged(entry("16", proofs=2))

    assert (result.score.level, result.score.filled) == (0, False)
    assert "Ada 2 data pendukung" in result.score.why


def test_the_value_decides_and_a_claim_that_differs_is_a_fault() -> None:
    result = judged(entry("17", level=3, value="12"))

    assert (result.score.level, result.score.source) == (2, Source.VALUE)
    assert codes(result) == ["level-differs"]
    assert result.faults[0].message == "level 3 dinyatakan, tetapi nilainya menunjukkan level 2"


def test_a_claim_that_differs_is_shown_even_where_the_evidence_is_still_missing() -> None:
    assert codes(judged(entry("17", level=3, value="12", proofs=0))) == ["level-differs"]


def test_a_claim_that_agrees_with_its_value_is_no_fault() -> None:
    assert codes(judged(entry("17", level=2, value="12"))) == []


@pytest.mark.parametrize(
    ("evidence", "code"),
    [
        (entry("33", value="350"), "basis-missing"),
        (entry("33", value="350", level=3), "basis-missing"),
        (entry("33", value="350", basis="z"), "basis-unknown"),
        (entry("33", value="350", basis="a", unit="%"), "unit-unknown"),
        (entry("28", value="1", unit="minggu"), "unit-unknown"),
    ],
)
def test_a_value_that_cannot_be_read_proves_nothing(evidence: RowEvidence, code: str) -> None:
    result = judged(evidence)

    assert (result.score.level, result.score.source, result.score.filled) == (0, Source.NONE, False)
    assert codes(result) == [code]
    assert "tidak dapat dibaca" in result.score.why


@pytest.mark.parametrize("unit", ["orang", "Orang", "jiwa", None, ""])
def test_a_unit_may_be_said_in_any_word_that_the_catalogue_knows(unit: str | None) -> None:
    assert judged(entry("33", value="501", basis="a", unit=unit)).score.level == 3


def test_a_value_on_a_row_that_no_number_decides_is_ignored_and_shown() -> None:
    result = judged(entry("16", value="3", level=1))

    assert (result.score.level, result.score.source) == (1, Source.CLAIM)
    assert codes(result) == ["value-not-expected"]


def test_a_basis_on_a_row_that_has_none_is_shown() -> None:
    assert codes(judged(entry("17", value="12", basis="a"))) == ["basis-not-expected"]


def test_the_level_of_kemanfaatan_may_be_claimed_without_a_basis_but_is_asked_for() -> None:
    result = judged(entry("33", level=2))

    assert result.score.level == 2
    assert any("sebutkan basis" in hint for hint in result.hints)


def test_an_unknown_basis_beside_a_claimed_level_is_shown() -> None:
    result = judged(entry("33", level=2, basis="z"))

    assert (result.score.level, result.score.basis) == (2, None)
    assert codes(result) == ["basis-unknown"]


def test_a_hole_of_the_source_is_hinted_at_as_our_reading() -> None:
    result = judged(entry("33", value="45", basis="c"))

    assert result.score.level == 0
    assert result.score.filled
    assert any("30,00 %" in hint and "tafsiran kami" in hint for hint in result.hints)


def test_rounding_is_said_in_the_explanation() -> None:
    why = judged(entry("29", value="90.5")).score.why

    assert "Nilai 90,5 %, dibulatkan menjadi 91 (setengah ke atas, bilangan bulat)" in why
    assert why.endswith("3 × bobot 1 = 3 poin.")
    assert "dibulatkan" not in judged(entry("29", value="91")).score.why


def test_an_unverified_row_counts_0_in_verified_maturity() -> None:
    result = judged(entry("16", level=3))

    assert (result.score.level, result.score.verified, result.score.verified_level) == (3, False, 0)
    assert "Belum diverifikasi" in result.score.why_verified


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_the_verified_level_is_the_curators(level: int) -> None:
    result = judged(entry("16", level=3, verified_level=level))

    assert (result.score.level, result.score.points) == (3, 9)
    assert (result.score.verified, result.score.verified_level, result.score.verified_points) == (
        True,
        level,
        3 * level,
    )
    assert f"level {level}" in result.score.why_verified


def test_a_verified_level_without_evidence_counts_0_and_is_shown() -> None:
    result = judged(entry("16", verified_level=2, proofs=0))

    assert result.score.verified_points == 0
    assert codes(result) == ["verified-without-evidence"]


levels = st.none() | st.integers(1, 3)
rows = st.sampled_from(sorted(ROWS))


@calm
@given(
    row=rows,
    level=levels,
    value=st.none() | st.decimals(allow_nan=False, allow_infinity=False),
    basis=st.none() | st.sampled_from("abcdefz"),
    unit=st.none() | st.sampled_from(["orang", "%", "hari", ""]),
    proofs=st.integers(0, 3),
    verified=st.none() | st.integers(0, 3),
    nature=st.sampled_from(list(Nature)),
)
def test_whatever_is_handed_in_is_scored_and_explained(
    *,
    row: str,
    level: int | None,
    value: Decimal | None,
    basis: str | None,
    unit: str | None,
    proofs: int,
    verified: int | None,
    nature: Nature,
) -> None:
    evidence = RowEvidence(
        row=row, level=level, value=value, basis=basis, unit=unit, proofs=proofs, verified_level=verified
    )

    score = score_row(ROWS[row], evidence, nature).score

    assert 0 <= score.level <= 3
    assert score.points == score.level * score.weight
    assert score.verified_points == score.verified_level * score.weight
    assert score.why.count(f"level {score.level}") + score.why.count(f"Level {score.level}") >= 1
    assert (score.level > 0) <= (proofs > 0)
    assert len(score.why) < 500


@calm
@given(row=rows, level=levels, more=st.integers(1, 3), proofs=st.integers(0, 2))
def test_more_evidence_never_lowers_a_row(row: str, level: int | None, more: int, proofs: int) -> None:
    before = judged(RowEvidence(row=row, level=level, proofs=proofs))
    after = judged(RowEvidence(row=row, level=max(level or 0, more), proofs=proofs + 1))

    assert before.score.points <= after.score.points
    assert judged(None, row).score.points <= before.score.points
