"""Which names of agencies are one."""

from __future__ import annotations

import pytest

from services.registry.agencies.names import name_id
from shared.contracts.names import folded


@pytest.mark.parametrize(
    "other",
    ["dinas kesehatan", " DINAS  KESEHATAN ", "Dinas\u00a0Kesehatan", "Dínas Késehatan", "Ｄｉｎａｓ Kesehatan"],
)
def test_names_that_differ_in_case_blanks_or_diacritics_are_one(other: str) -> None:
    assert folded(other) == folded("Dinas Kesehatan")
    assert name_id("61.12", other) == name_id("61.12", "Dinas Kesehatan")


@pytest.mark.parametrize("other", ["Dinas Kesehatan 2", "DinasKesehatan", "Dinas-Kesehatan", "Dinkes"])
def test_other_names_are_not(other: str) -> None:
    assert folded(other) != folded("Dinas Kesehatan")
