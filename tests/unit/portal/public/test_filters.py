"""Filters survive their address, and an address of any content is read."""

from __future__ import annotations

import random
from urllib.parse import parse_qsl, urlsplit

import pytest

from services.portal.model.views.innovation import CatalogueOrder
from services.portal.public.filters import Filters, filters_of, year_of
from shared.contracts.affairs import AFFAIR_NAMES
from shared.contracts.vocabulary import AgencyKind, Form, Nature, Stage


def drawn(draw: random.Random) -> Filters:
    return Filters(
        text=draw.choice(["", "adu kpm", "50 % & lebih?", "a=b#c", "ë漢"]),
        region=draw.choice([None, "61.12", "61"]),
        year=draw.choice([None, 2000, 2026, 2100]),
        affair=draw.choice([None, *AFFAIR_NAMES]),
        form=draw.choice([None, *Form]),
        nature=draw.choice([None, *Nature]),
        stage=draw.choice([None, *Stage]),
        kind=draw.choice([None, *AgencyKind]),
        order=draw.choice([*CatalogueOrder]),
    )


def test_an_address_gives_the_filters_that_it_was_made_of() -> None:
    draw = random.Random(13)
    for _ in range(200):
        filters = drawn(draw)
        address = filters.address("/inovasi", after="x&y=1")
        parameters = dict(parse_qsl(urlsplit(address).query))

        assert filters_of(parameters) == filters
        assert parameters["sesudah"] == "x&y=1"


@pytest.mark.parametrize(
    "parameters",
    [
        {"tahun": "dua ribu", "bentuk": "lain", "urusan": "x", "daerah": "../..", "urut": "acak", "tahap": "\x00"},
        {"tahun": "1999"},
        {"tahun": "²⁰²⁶"},
        {"tahun": "9" * 5000},
        {"daerah": "61.12'; --"},
    ],
)
def test_what_is_not_of_a_list_is_left_out(parameters: dict[str, str]) -> None:
    assert filters_of(parameters) == Filters()


def test_a_search_is_one_line_of_at_most_a_hundred_characters() -> None:
    assert filters_of({"q": "  adu \n\t kpm  "}).text == "adu kpm"
    assert len(filters_of({"q": "x" * 5_000}).text) == 100


def test_without_filters_there_is_no_question_mark() -> None:
    assert Filters().address("/inovasi") == "/inovasi"
    assert not Filters(order=CatalogueOrder.NAME).narrow
    assert Filters(text="a").narrow


def test_a_year_is_read_as_digits_only() -> None:
    assert year_of({"tahun": "2026"}) == 2026
    assert year_of({"tahun": "02026"}) is None
