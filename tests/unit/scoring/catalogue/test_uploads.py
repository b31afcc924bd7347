from __future__ import annotations

import pytest
from pydantic import ValidationError

from services.scoring.catalogue.files import SHIPPED, read_catalogue
from services.scoring.catalogue.uploads import Uploads


def test_a_kind_without_a_size_is_a_flaw_of_its_row() -> None:
    uploads = Uploads(evidence={"pdf": 10}, profile={"pdf": 2})

    assert list(uploads.flaws([("1", ("pdf",)), ("2", ("pdf", "mp4"))])) == [
        ("2", "kinds", "uploads.evidence gives no size for mp4")
    ]


@pytest.mark.parametrize("sizes", [{}, {"pdf": 0}, {"pdf": 101}, {"pdf": "10"}, {"PDF": 10}])
def test_sizes_are_whole_megabytes_that_fit_into_a_request(sizes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Uploads.model_validate({"evidence": sizes, "profile": {"pdf": 2}})


def test_sizes_do_not_score() -> None:
    catalogue = read_catalogue(SHIPPED / "2026.1.yaml")

    assert catalogue.uploads is not None
    assert catalogue.model_copy(update={"uploads": None}).digest == catalogue.digest
