from __future__ import annotations

import json
from dataclasses import replace
from math import nan

import pytest

from services.scoring.scorecard.document import InnovationVersion, RegionUsed, with_innovation
from services.scoring.scorecard.draft_marker import with_draft
from services.scoring.scorecard.scored_rows import ScoredRows, json_text
from services.scoring.scorecard.scored_state import SCORECARD_CODEC, ScoredState, change_of, text_of
from shared.contracts.innovation import InnovationDrafted
from shared.ports.store import State
from tests.support.scoring_examples import ORIGIN, catalogue, entry, innovation

USED = RegionUsed(sequence=7, catalogue="2026.1")


def scored(name: str = "Antre daring") -> State:
    caches = {"2026.1": ScoredRows(catalogue())}
    said = innovation(evidence=[entry("16", value="2")]).model_copy(update={"name": name})
    decision = with_innovation(None, InnovationVersion(said, 10), USED, caches, ORIGIN)
    assert decision is not None
    return decision[0]


@pytest.mark.parametrize("name", ['a "rows":[] of mine', 'back\\slash "scorecard":', "Inovasi «é» 🏛"])
def test_a_name_that_looks_like_the_text_around_it_changes_nothing(name: str) -> None:
    state = scored(name)

    assert isinstance(state, ScoredState)
    assert text_of(state) == json_text(dict(state))
    assert json.loads(text_of(state)) == state


def test_the_text_of_the_rows_is_that_of_the_cached_ones() -> None:
    state = scored()
    assert isinstance(state, ScoredState)
    state.cached = [replace(each, text=f'"{each.row}"') for each in state.cached]

    rows = json.loads(text_of(state))["scorecard"]["rows"]

    assert rows == [each.row for each in state.cached]


def test_a_state_without_cached_rows_is_written_as_any_other() -> None:
    drafted = InnovationDrafted(id="i", region="61.12", agency="a", year=2026, assignments=())
    marker = with_draft(None, drafted, 5, ORIGIN)
    assert marker is not None

    assert text_of(marker[0]) == json_text(marker[0])


def test_not_a_number_is_refused() -> None:
    state = scored()
    state["innovation"]["evidence"][0]["value"] = nan

    with pytest.raises(ValueError, match="Out of range"):
        text_of(state)


def test_the_store_gets_a_plain_state() -> None:
    assert type(SCORECARD_CODEC.to_state(scored())) is dict


def test_of_a_state_the_fields_that_differ_from_another_are_told() -> None:
    some = SCORECARD_CODEC.some
    assert some is not None
    before, after = scored(), {**scored(), "status": "verified"}

    assert some(after, ["status", "year", "nothing"], None) == {"status": "verified", "year": after["year"]}
    assert some(after, ["status", "year"], before) == {"status": "verified"}
    assert some(after, ["status"], {}) == {"status": "verified"}


def test_a_decision_remembers_the_state_that_it_left() -> None:
    decide = change_of(lambda state: None if state is not None else ({"stand": "new"}, None))

    assert decide(None) == ({"stand": "new"}, None)
    assert decide.latest == {"stand": "new"}
    assert decide({"stand": "old"}) is None
    assert decide.latest == {"stand": "old"}
    assert decide.known is None
    assert change_of(lambda _: None, (0, None)).known == (0, None)
