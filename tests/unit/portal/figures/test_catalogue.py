"""The catalogue as scoring answers with it, and scoring away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import services.scoring
from services.portal.figures.catalogue import CatalogueAway, CatalogueFacts, CatalogueReader, facts_of
from services.portal.figures.maturity import RowPoints, groups_of, maturity_chart
from services.scoring.catalogue.files import read_catalogue
from services.scoring.views.catalogues import catalogue_answer

FILE = Path(services.scoring.__file__).parent / "catalogues/2026.1.yaml"


@pytest.fixture(scope="module")
def answer() -> Mapping[str, Any]:
    made: Mapping[str, Any] = json.loads(catalogue_answer(read_catalogue(FILE)).model_dump_json())
    return made


@pytest.fixture
def facts(answer: Mapping[str, Any]) -> CatalogueFacts:
    return facts_of(answer)


def test_it_has_the_groups_of_the_form_and_the_predicates_from_the_lowest_up(facts: CatalogueFacts) -> None:
    assert list(facts.groups) == [
        "Infrastruktur",
        "Kecanggihan Produk",
        "Output Pengetahuan dan Teknologi",
        "Kecepatan Bisnis Proses",
        "Jumlah Inovasi dan Hasil Kreatif",
    ]
    assert sum(row.most for row in facts.rows) == facts.most == 111
    assert [each.least for each in facts.predicates] == [Decimal(each) for each in ("0", "0.01", "40.01", "65.01")]
    assert facts.notice.startswith("Katalog ini disalin")


def test_the_most_of_a_group_is_that_of_all_its_innovations(facts: CatalogueFacts) -> None:
    groups = groups_of(facts, [RowPoints("16", Decimal(15), Decimal(9))], claimed=3, verified=2)

    first = groups[0]
    assert (first.group, first.claimed, first.verified) == ("Infrastruktur", 15, 9)
    assert (first.of_claimed, first.of_verified) == (90, 60)  # weights 3, 2, 2, 1 and 2, three levels each
    assert sum(each.of_claimed for each in groups) == 3 * 111


def test_nobody_scored_is_a_dash_and_no_division(facts: CatalogueFacts) -> None:
    chart = maturity_chart(groups_of(facts, [], claimed=0, verified=0), "Kematangan", with_claims=True)

    assert {row[1] for row in chart.twin.rows} == {"0 dari 0 (–)"}


def test_the_public_does_not_see_claims(facts: CatalogueFacts) -> None:
    rows = [RowPoints("16", Decimal(9), Decimal(3))]

    public = maturity_chart(groups_of(facts, rows), "Kematangan", with_claims=False)

    assert "chart-claimed" not in public.svg
    assert public.twin.heads == ("Kelompok indikator", "Terverifikasi")


async def test_a_catalogue_is_asked_for_once_and_again_ten_seconds_after_scoring_was_away(
    answer: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1_000.0]
    monkeypatch.setattr("services.portal.figures.kept.machine_seconds", lambda: now[0])
    asked: list[str] = []

    async def ask(name: str) -> Mapping[str, Any]:
        asked.append(name)
        if len(asked) == 1:
            raise CatalogueAway
        return answer

    reader = CatalogueReader(ask)

    assert await reader.find("2026.1") is None
    assert await reader.find("2026.1") is None
    now[0] += 10
    assert await reader.find("2026.1") is not None
    now[0] += 500
    assert await reader.find("2026.1") is not None
    assert asked == ["2026.1", "2026.1"]


@pytest.mark.parametrize("broken", [{}, {"name": "x"}, {"indicators": [{}], "constants": None}])
def test_an_answer_that_is_no_catalogue_is_as_good_as_none(broken: Mapping[str, Any]) -> None:
    with pytest.raises(CatalogueAway):
        facts_of(broken)
