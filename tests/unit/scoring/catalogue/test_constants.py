from __future__ import annotations

from typing import Any

import pytest

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.constants import Constants
from services.scoring.catalogue.indicators import Indicator
from tests.support.scoring_examples import catalogue

EDGES = [{"name": "inovatif", "from": 41, "to": 65}, {"name": "kurang inovatif", "from": 1, "to": 40}]


def test_what_is_not_known_is_absent() -> None:
    assert Constants().model_dump(exclude_none=True, exclude={"inferred"}) == {}
    assert list(Constants().flaws()) == []


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"predicates": EDGES}, None),
        ({"predicates": EDGES, "inferred": ["predicates"]}, None),
        ({"predicates": EDGES[::-1]}, "predicates"),
        ({"predicates": [EDGES[0], {"name": "x", "from": 1, "to": 41}]}, "predicates"),
        ({"predicates": [{"name": "x", "to": 65}, EDGES[1]]}, "predicates"),
        ({"inferred": ["least_divisor"]}, "inferred"),
        ({"inferred": ["nonsense"]}, "inferred"),
    ],
)
def test_constants_are_checked(said: dict[str, Any], place: str | None) -> None:
    assert [place for place, _ in Constants.model_validate(said).flaws()] == ([place] if place else [])


def test_the_constants_of_2026_are_those_of_the_rules() -> None:
    constants = catalogue().constants
    assert constants.predicates is not None
    assert constants.counted is not None
    assert constants.window is not None

    assert (constants.least_divisor, constants.basic_service_needed, constants.index_of) == (12, 5, 250)
    assert [(each.name, str(each.least), str(each.most)) for each in constants.predicates] == [
        ("sangat inovatif", "65.01", "100.00"),
        ("inovatif", "40.01", "65.00"),
        ("kurang inovatif", "0.01", "40.00"),
        ("tidak dapat dinilai", "0.00", "0.00"),
    ]
    assert (constants.counted.number, str(constants.counted.each), constants.counted.most_counted) == (
        "36",
        "0.38",
        200,
    )
    assert (constants.window.first.isoformat(), constants.window.last.isoformat()) == ("2024-01-01", "2025-12-31")


def test_a_scale_belongs_beside_levels() -> None:
    scale = next(row.scale for row in catalogue().innovation if row.scale)
    row = Indicator.model_validate(
        {
            "number": "30",
            "name": "Layanan",
            "weight": 2,
            "variants": {"digital": ["a", "b", "c"], "non_digital": ["d", "e", "f"]},
            "scale": scale.model_dump(),
        }
    )

    assert [place for place, _ in row.flaws()] == ["scale"]


def test_a_catalogue_without_rows_is_no_catalogue() -> None:
    said = catalogue().model_dump(by_alias=True)
    said["innovation"] = []

    assert ("", "innovation", "there is no row") in list(Catalogue.model_validate(said).flaws())
