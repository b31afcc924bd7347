"""How innovations are counted: each where it belongs, points exactly."""

from __future__ import annotations

from typing import Any

from services.portal.model.states.tally import Tallying, no_tally, sum_of

Rows = list[tuple[str, int, float, int, float]]


def _counted(
    status: str | None, rows: Rows | None = None, catalogue: str = "2026.1", stage: str | None = None
) -> dict[str, Any]:
    """An innovation by what is counted of it; with a scorecard if it has rows."""
    card = {"card.status": status, "card.catalogue": catalogue, "card.most": 107, "card.rows": rows}
    told = {"status": status, "pipeline_stage": stage, "innovation.stage": "penerapan"}
    return {**told, **(card if rows is not None else dict.fromkeys(card))}


def _tally_of(*innovations: dict[str, Any]) -> dict[str, Any]:
    tallying = Tallying()
    for each in innovations:
        tallying.add(each)
    return tallying.tally()


def test_points_are_added_exactly_and_verified_ones_only_of_what_is_verified() -> None:
    proven = [("16", 2, 0.1, 2, 0.1), ("17", 1, 3, 1, 3)]
    tally = _tally_of(*[_counted("verified", proven)] * 3, _counted("submitted", [("16", 3, 0.2, 0, 0.7)]))
    scored = {"most": 107, "claimed": 4, "verified": 3, "rows": {"16": [0.5, 0.3], "17": [9, 9]}}
    assert tally["scored"] == {"2026.1": scored}
    assert tally["innovations"] == {"submitted": 1, "verified": 3}


def test_each_catalogue_has_its_own_points() -> None:
    tally = _tally_of(
        _counted("submitted", [("16", 1, 2, 0, 0)]), _counted("submitted", [("16", 1, 5, 0, 0)], "2025.1")
    )
    assert {name: each["rows"] for name, each in tally["scored"].items()} == {
        "2025.1": {"16": [5, 0]},
        "2026.1": {"16": [2, 0]},
    }


def test_what_is_not_in_hand_has_neither_stage_nor_points() -> None:
    draft = _counted("draft", [("16", 1, 2, 0, 0)], stage="uji-coba")
    withdrawn = _counted("withdrawn", [("16", 1, 2, 0, 0)], stage="uji-coba")
    unscored = {**_counted("submitted", [("16", 1, 2, 0, 0)]), "card.status": "draft"}
    assert _tally_of(draft, withdrawn, unscored, _counted(None)) == {
        "innovations": {"draft": 1, "submitted": 1, "withdrawn": 1},
        "pipeline": {"uji-coba": 1},
        "stages": {"penerapan": 1},
        "scored": {},
    }


def test_the_sum_of_tallies_is_the_tally_of_all() -> None:
    one = [_counted("verified", [("16", 2, 0.1, 2, 0.1)]), _counted("returned")]
    other = [_counted("submitted", [("16", 1, 0.2, 0, 0), ("17", 1, 1.5, 0, 0)])]
    assert sum_of([_tally_of(*one), no_tally(), _tally_of(*other)]) == _tally_of(*one, *other)
