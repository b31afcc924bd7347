"""What a form takes as the choice of an agency, in a region with few and in one with many."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.portal.choice import chooser as module
from services.portal.choice.choice import AgencyChoice
from services.portal.choice.chooser import MOST_FOUND, AgencyChooser
from services.portal.pages.forms import Errors, Form
from tests.support.portal_model.events import REGION, agency, retired
from tests.support.portal_model.told import Told, told_model

FEW = MOST_FOUND + 1
HEALTH, ANIMALS, CLOSED = "kes", "hewan", "lama"


@pytest.fixture
async def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Told]:
    monkeypatch.setattr(module, "FEW", FEW)
    async with told_model(tmp_path) as told:
        await told.tell(
            agency(HEALTH, "Dinas Kesehatan", 1),
            agency(ANIMALS, "Dinas Kesehatan Hewan", 1),
            retired(CLOSED, "Dinas Pasar", 1),
            agency("elsewhere", "Dinas Sosial", 1, region="61.71"),
        )
        yield told


@pytest.fixture
async def many(told: Told) -> AgencyChooser:
    await told.tell_together(agency(f"d{number}", f"Desa Contoh {number}", 1) for number in range(FEW))
    return AgencyChooser(told.model)


def form(id: str | None = None, typed: str = "") -> Form:
    return Form([*([("opd", id)] if id is not None else []), ("opd-cari", typed)])


def wrong(choice: AgencyChoice) -> str:
    errors = Errors()
    choice.check(errors, required=False)
    return errors.get("opd", "")


async def test_of_few_all_that_are_open_are_a_list(told: Told) -> None:
    chooser = AgencyChooser(told.model)
    chosen = await chooser.of(REGION, form(HEALTH))
    past = await chooser.of(REGION, form(CLOSED), retired=True)
    other = await chooser.of(REGION, form(), without=HEALTH)

    assert chosen.pairs == [(HEALTH, "Dinas Kesehatan"), (ANIMALS, "Dinas Kesehatan Hewan")]
    assert (chosen.id, chosen.label, wrong(chosen)) == (HEALTH, "Dinas Kesehatan", "")
    assert (past.id, len(past.pairs)) == (CLOSED, 3)
    assert other.pairs == [(ANIMALS, "Dinas Kesehatan Hewan")]


@pytest.mark.parametrize("id", ["elsewhere", "nobody", CLOSED])
async def test_another_region_s_an_unknown_and_a_closed_agency_are_refused_at_the_field(told: Told, id: str) -> None:
    chooser = AgencyChooser(told.model)
    few = await chooser.of(REGION, form(id))
    await told.tell_together(agency(f"d{number}", f"Desa Contoh {number}", 1) for number in range(FEW))
    many = await chooser.of(REGION, form(id))

    for choice in (few, many):
        assert choice.id == ""
        assert "tidak dikenal" in wrong(choice)
    assert many.options is None
    assert (await chooser.of(REGION, form(CLOSED), also=(CLOSED,))).id == CLOSED


async def test_none_is_refused_only_where_one_is_required(many: AgencyChooser) -> None:
    choice, errors = await many.of(REGION, form("")), Errors()

    assert wrong(choice) == ""
    choice.check(errors, sentence="Pilih yang membina.")
    assert errors == {"opd": "Pilih yang membina."}


async def test_a_part_of_a_name_is_answered_with_what_matches_and_taken_when_one_is_marked(many: AgencyChooser) -> None:
    asked = await many.of(REGION, form(typed="kesehatan"))
    marked = await many.of(REGION, form(ANIMALS, "kesehatan"))
    whole = await many.of(REGION, form(typed="dinas kesehatan"))

    assert [each.id for each in asked.found.options] == [HEALTH, ANIMALS]
    assert "Pilih satu" in wrong(asked)
    assert (marked.id, marked.label, wrong(marked)) == (ANIMALS, "Dinas Kesehatan Hewan", "")
    assert (whole.id, wrong(whole)) == (HEALTH, "")


async def test_one_match_is_shown_before_a_command_takes_it_and_a_filter_takes_it_at_once(many: AgencyChooser) -> None:
    command = await many.of(REGION, form(typed="hewan"))
    seen = await many.of(REGION, form(ANIMALS, "hewan"))
    query = await many.of(REGION, form(typed="hewan"), confirmed=False)

    assert (command.id, command.found.picked) == ("", ANIMALS)
    assert "Satu perangkat daerah cocok" in wrong(command)
    assert seen.id == query.id == ANIMALS


async def test_typed_text_counts_against_the_agency_that_was_chosen_before(many: AgencyChooser) -> None:
    another = await many.of(REGION, form(HEALTH, "hewan"))
    unclear = await many.of(REGION, form(HEALTH, "desa"))

    assert (another.id, another.found.picked) == ("", ANIMALS)
    assert (unclear.id, unclear.label) == (HEALTH, "Dinas Kesehatan")
    assert "Terlalu banyak" in wrong(unclear)
    assert (unclear.found.count, len(unclear.found.options)) == (FEW, MOST_FOUND)


async def test_nothing_is_found_of_closed_ones_unless_they_can_be_chosen(many: AgencyChooser) -> None:
    closed = await many.of(REGION, form(typed="pasar"))

    assert (closed.found.count, closed.id) == (0, "")
    assert "Tidak ada perangkat daerah yang cocok" in wrong(closed)
    assert (await many.found(REGION, "opd", "pasar", retired=True)).count == 1
    assert (await many.found(REGION, "opd", "kesehatan", without=HEALTH)).count == 1
    assert (await many.found("61.71", "opd", "kesehatan")).count == 0


async def test_what_a_form_began_with_stays_until_another_is_sent(many: AgencyChooser) -> None:
    assert (await many.of(REGION, Form(()), now=HEALTH)).id == HEALTH
    assert (await many.of(REGION, form(""), now=HEALTH)).id == ""
