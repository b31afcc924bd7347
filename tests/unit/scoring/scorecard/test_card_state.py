from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.scorecard.document import InnovationVersion, RegionUsed, with_innovation
from services.scoring.scorecard.scored_rows import ScoredRows, json_text
from services.scoring.scorecard.scored_state import text_of
from shared.contracts.innovation import InnovationState, InnovationSubmitted, RowEvidence
from shared.contracts.vocabulary import InnovationStatus, Nature, Stage
from tests.support.scoring_examples import ORIGIN, calm, catalogue, entry, innovation
from tests.unit.scoring.plain_scoring import plainly_scored

USED = RegionUsed(sequence=7, catalogue="2026.1")

written_alike = [Decimal(each) for each in ("1", "1.0", "5", "50.00", "200", "501", "1E+20", "100000000000000000000")]
rows = st.builds(
    RowEvidence,
    row=st.sampled_from([*catalogue().by_number, "99"]),
    level=st.sampled_from([None, 1, 2, 3]),
    value=st.none() | st.sampled_from(written_alike) | st.decimals(min_value=-5, max_value=1000, places=3),
    unit=st.sampled_from([None, "", "orang", "%", "SDM", "kali"]),
    basis=st.sampled_from([None, "a", "b", "f", "z"]),
    dated=st.none() | st.dates(),
    proofs=st.integers(0, 2),
    verified_level=st.sampled_from([None, 0, 1, 3]),
)
days = st.none() | st.dates(date(2023, 6, 1), date(2026, 6, 1))


@st.composite
def innovations(draw: st.DrawFn) -> InnovationState:
    """Innovations as an event carries them, with evidence that no registry would have checked."""
    said = innovation(
        nature=draw(st.sampled_from(list(Nature))),
        stage=draw(st.sampled_from(list(Stage))),
        status=draw(st.sampled_from([InnovationStatus.SUBMITTED, InnovationStatus.VERIFIED])),
    )
    free = {"evidence": tuple(draw(st.lists(rows, max_size=8))), "applied_on": draw(days), "developed_on": draw(days)}
    kind = draw(st.sampled_from([InnovationState, InnovationSubmitted]))
    return kind.model_construct(**{**dict(said), **free})


@calm
@given(several=st.lists(innovations(), min_size=1, max_size=4), most_cached=st.sampled_from([1, 30, 2000]))
def test_cached_rows_make_the_document_and_the_event_that_the_models_make(
    several: list[InnovationState], most_cached: int
) -> None:
    caches = {"2026.1": ScoredRows(catalogue(), most_cached=most_cached)}

    for said in (*several, *several):
        version = InnovationVersion(said, 10)
        made, wanted = with_innovation(None, version, USED, caches, ORIGIN), plainly_scored(version, USED, catalogue())

        assert made is not None
        assert made[1] is not None
        assert made == wanted
        assert text_of(made[0]) == json_text(wanted[0])
        assert json.dumps(made[1].data, sort_keys=True) == json.dumps(wanted[1].data, sort_keys=True)


@pytest.mark.parametrize("most", [1, 25])
def test_the_cache_forgets_all_when_it_is_full(most: int) -> None:
    cache = ScoredRows(catalogue(), most_cached=most)

    for level in (1, 2, 3):
        for row in catalogue().innovation:
            facts = (level, None, None, None, 1, None)
            assert cache.of(row, facts, "digital") is cache.of(row, facts, "digital")
            assert len(cache) <= most


def test_a_row_is_explained_once_for_the_same_entry() -> None:
    cache = ScoredRows(catalogue())
    caches = {"2026.1": cache}
    first = innovation("satu", evidence=[entry("16", level=2)])
    with_innovation(None, InnovationVersion(first, 1), USED, caches, ORIGIN)
    known = len(cache)

    second = innovation("dua", agency="lain", evidence=[entry("16", level=2)])
    with_innovation(None, InnovationVersion(second, 1), USED, caches, ORIGIN)

    assert known == len(cache) == len(catalogue().innovation)


def test_entries_that_differ_in_one_fact_are_kept_apart() -> None:
    cache, chosen = ScoredRows(catalogue()), [row for row in catalogue().innovation if row.number in {"16", "17", "33"}]
    chosen += [row for row in catalogue().innovation if row.variants is not None]
    values = [None, *(Decimal(each) for each in ("5", "1E+20", "100000000000000000000"))]
    facts = list(product((None, 1, 2), values, (None, "kali"), (None, "a", "b"), (0, 1, 2), (None, 0, 2)))

    for row, entered, nature in product(chosen, facts, ("digital", "non_digital")):
        assert cache.of(row, entered, nature) == ScoredRows(catalogue()).of(row, entered, nature)
