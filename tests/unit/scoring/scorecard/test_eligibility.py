from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.catalogue.maturity_bands import MaturityBand, bands_of, parse_bands, word_for
from services.scoring.scorecard.eligibility import eligibility, inside
from services.scoring.scorecard.next_step import next_step
from services.scoring.scorecard.rows import score_row
from services.scoring.scorecard.scorecard import score
from shared.contracts.innovation import RowEvidence
from shared.contracts.vocabulary import Nature, Stage
from shared.faults import Invalid
from tests.support.scoring_examples import calm, catalogue, entry

WINDOW = catalogue().constants.window
ROWS = catalogue().by_number


@pytest.mark.parametrize(
    ("applied", "developed", "eligible", "says"),
    [
        ("2024-01-01", None, True, "Diterapkan 1 Januari 2024, di dalam jendela"),
        ("2025-12-31", None, True, "di dalam jendela penjaringan 2026 (1 Januari 2024 s.d. 31 Desember 2025)"),
        ("2023-12-31", None, False, "sebelum jendela"),
        ("2023-12-31", "2024-01-01", True, "dikembangkan 1 Januari 2024, di dalam"),
        ("2023-12-31", "2025-12-31", True, "dikembangkan 31 Desember 2025, di dalam"),
        ("2023-12-31", "2026-01-01", False, "keduanya di luar"),
        ("2020-05-05", "2023-12-31", False, "keduanya di luar"),
        ("2026-01-01", "2025-05-05", False, "sesudah jendela"),
        (None, "2025-05-05", False, "Tanggal penerapan belum diisi"),
    ],
)
def test_the_round_of_2026_takes_what_was_applied_or_developed_in_its_window(
    applied: str | None, developed: str | None, *, eligible: bool, says: str
) -> None:
    assert WINDOW is not None
    days = (date.fromisoformat(applied) if applied else None, date.fromisoformat(developed) if developed else None)

    answer = eligibility(WINDOW, 2026, *days)

    assert (answer.eligible, inside(WINDOW, *days)) == (eligible, eligible)
    assert says in answer.why


def test_an_unknown_window_is_no_refusal() -> None:
    answer = eligibility(None, 2024, date(2024, 1, 1), None)

    assert answer.eligible is None
    assert answer.why == "Jendela umur inovasi untuk penjaringan 2024 tidak diketahui."


@pytest.mark.parametrize(
    ("said", "provable"),
    [
        ({"level": 3, "proofs": 0}, 0),
        ({"level": 3, "proofs": 0, "verified_level": 3}, 0),
        ({"level": 2}, 2),
        ({"value": "31"}, 3),
        ({"value": "31", "level": 1}, 3),
        ({"level": 2, "verified_level": 3}, 3),
        ({"level": 3, "verified_level": 1}, 1),
        ({"value": "31", "verified_level": 2}, 3),
        ({"value": "5", "verified_level": 2}, 2),
        ({"value": "31", "verified_level": 0}, 0),
        ({}, 0),
    ],
)
def test_the_provable_level_is_what_evidence_or_value_supports(said: dict[str, object], provable: int) -> None:
    assert score_row(ROWS["17"], entry("17", **said), Nature.DIGITAL).score.provable_level == provable


def test_best_provable_maturity_by_hand() -> None:
    """17 claimed at 1 with 31 people: 3 × 2 = 6; 16 claimed at 3, found at 2: 2 × 3 = 6; 18 without a proof: 0."""
    card = score(
        catalogue(),
        [entry("17", level=1, value="31"), entry("16", level=3, verified_level=2), entry("18", level=3, proofs=0)],
        Nature.DIGITAL,
        Stage.PENERAPAN,
    )

    assert (card.claimed, card.verified, card.provable) == (15, 6, 12)


@calm
@given(
    row=st.sampled_from(list(ROWS)),
    level=st.sampled_from([None, 1, 2, 3]),
    value=st.none() | st.integers(0, 600).map(Decimal),
    verified=st.sampled_from([None, 0, 1, 2, 3]),
    proofs=st.integers(0, 2),
)
def test_more_evidence_never_lowers_a_figure(
    row: str, level: int | None, value: Decimal | None, verified: int | None, proofs: int
) -> None:
    def figures(count: int) -> list[Decimal]:
        said = RowEvidence(row=row, level=level, value=value, basis="a", proofs=count, verified_level=verified)
        card = score(catalogue(), [said], Nature.DIGITAL, Stage.PENERAPAN)
        return [card.claimed, card.verified, card.provable or Decimal(0)]

    fewer, more = figures(proofs), figures(proofs + 1)

    assert all(after >= before for before, after in zip(fewer, more, strict=True))


@pytest.mark.parametrize(
    ("row", "level", "would_be", "basis", "step"),
    [
        ("16", 3, 3, None, None),
        ("16", 1, 1, None, (2, 3, "Level 2: “Peraturan Kepala Daerah”.")),
        ("16", 0, 2, None, (2, 6, "Unggah data pendukung untuk level 2: “Peraturan Kepala Daerah”.")),
        ("28", 2, 2, None, (3, 2, "Level 3: “1 hari”; nilai 1 hari.")),
        ("33", 1, 1, "b", (2, 3, "Level 2: “20,01-50,00”; nilai 20,01 s.d. 50,00 %.")),
        ("30", 1, 1, None, (2, 2, "Level 2: “terintegrasi dalam satu portal unit organisasi”.")),
    ],
)
def test_the_step_up_names_what_it_needs_and_what_it_brings(
    row: str, level: int, would_be: int, basis: str | None, step: tuple[int, int, str] | None
) -> None:
    found = next_step(ROWS[row], level, would_be, Nature.DIGITAL, basis)

    assert (found and (found.level, found.brings, found.needs)) == step


def test_without_a_basis_the_step_up_names_them_all() -> None:
    found = next_step(ROWS["33"], 0, 0, Nature.DIGITAL, None)

    assert found is not None
    assert found.needs.startswith("Level 1, pilih satu basis: a (penerima manfaat, orang) 1 s.d. 200 orang; b (")
    assert found.needs.endswith("f (tren kinerja positif, periode waktu pengukuran) 1 periode.")


def test_the_internal_word_is_by_share_and_by_region(tmp_path: Path) -> None:
    text = """
default: [{name: rendah, from: 0}, {name: tinggi, from: 50}]
regions: {"61.12": [{name: dasar, from: 0}, {name: sasaran, from: 90.09}]}
"""
    (tmp_path / "maturity_bands.yaml").write_text(text, encoding="utf-8")
    bands = bands_of((tmp_path,))

    def word(region: str, maturity: str) -> str:
        found = word_for(bands.of(region), Decimal(maturity), Decimal(111))
        assert found is not None
        assert found.label == "internal"
        return found.name

    assert [word("11.01", points) for points in ("0", "55", "55.5", "111")] == ["rendah", "rendah", "tinggi", "tinggi"]
    assert [word("61.12", points) for points in ("99", "100")] == ["dasar", "sasaran"]
    assert word_for((), Decimal(50), Decimal(111)) is None
    assert word_for((MaturityBand(name="x", least=Decimal(0)),), Decimal(0), Decimal(0)) is None
    assert bands_of((tmp_path / "none",)).default == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("default: [{name: a, from: 5}]", "must begin at 0"),
        ("default: [{name: a, from: 0}, {name: b, from: 0}]", "'b' must begin above 'a'"),
        ("default: [{name: a, from: 101}]", "less than or equal to 100"),
        ("regions: {kubu: []}", "match pattern"),
        ("{", "expected"),
    ],
)
def test_an_invalid_file_of_bands_is_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        parse_bands(text.encode(), "maturity_bands.yaml")
