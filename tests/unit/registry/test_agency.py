from __future__ import annotations

from datetime import date

import pytest

from services.registry.agencies import agency
from services.registry.agencies.agency import AgencyTerms, NewAgency, Retirement
from shared.faults import Conflict
from tests.support.registry_states import CURATOR, JULY, an_agency

PUBLIC = {"id", "region", "name", "kind", "retired", "retired_on", "obliged_from", "successor", "parent"}


def test_a_new_agency_owes_an_event_with_its_public_state() -> None:
    new = NewAgency.model_validate({"region": "61.12", "name": "Dinas Sosial", "kind": "dinas", "obliged_from": 2026})

    made, event = agency.register("a7", new, "fingerprint", CURATOR, JULY, year=2026)

    assert event.type == "agency.registered"
    assert set(event.data) == PUBLIC
    assert (event.data["id"], event.data["obliged_from"], event.data["retired"]) == (made.id, 2026, False)


@pytest.mark.parametrize(
    ("given", "first"),
    [({}, 2026), ({"obliged_from": 2028}, 2028), ({"obliged_from": None}, None)],
    ids=["left out", "a year", "null: every year"],
)
def test_a_new_agency_owes_from_the_year_of_its_registration_unless_said_otherwise(
    given: dict[str, int | None], first: int | None
) -> None:
    new = NewAgency.model_validate({"region": "61.12", "name": "Dinas Sosial", "kind": "dinas", **given})
    made, event = agency.register("a7", new, "fingerprint", CURATOR, JULY, year=2026)
    assert made.obliged_from == event.data["obliged_from"] == first


def test_a_change_that_leaves_out_the_first_year_keeps_it() -> None:
    given = an_agency(obliged_from=2026)

    renamed = agency.revise(given, AgencyTerms.model_validate({"name": "Dinkes", "kind": "dinas"}), CURATOR, JULY)
    every = agency.revise(
        given, AgencyTerms.model_validate({"name": "Dinkes", "kind": "dinas", "obliged_from": None}), CURATOR, JULY
    )

    assert renamed is not None
    assert every is not None
    assert (renamed[0].obliged_from, every[0].obliged_from) == (2026, None)


def test_a_retirement_names_the_successor_and_can_be_undone() -> None:
    change = agency.retire(an_agency(), Retirement(retired_on=date(2027, 1, 1), successor="a2"), CURATOR, JULY)
    assert change is not None
    retired, event = change
    assert event.data["successor"] == "a2"
    corrected = agency.retire(retired, Retirement(retired_on=date(2027, 2, 1)), CURATOR, JULY)
    assert corrected is not None
    assert corrected[0].successor == "a2"

    undone = agency.reinstate(corrected[0], CURATOR, JULY)

    assert undone is not None
    assert undone[1].type == "agency.registered"
    assert (undone[1].data["retired"], undone[1].data["retired_on"], undone[1].data["successor"]) == (False, None, None)


def test_an_agency_that_is_not_retired_cannot_be_reinstated() -> None:
    with pytest.raises(Conflict):
        agency.reinstate(an_agency(), CURATOR, JULY)


def test_the_event_of_a_retirement_has_its_day() -> None:
    change = agency.retire(an_agency(), Retirement(retired_on=date(2027, 1, 1)), CURATOR, JULY)

    assert change is not None
    retired, event = change
    assert event.type == "agency.retired"
    assert (event.data["retired"], event.data["retired_on"]) == (True, "2027-01-01")
    assert not retired.is_retired(date(2026, 12, 31))
    assert retired.is_retired(date(2027, 1, 1))


def test_a_day_of_retirement_can_be_corrected_and_an_equal_one_owes_nothing() -> None:
    retired = an_agency(retired_on=date(2027, 1, 1))

    corrected = agency.retire(retired, Retirement(retired_on=date(2026, 7, 1)), CURATOR, JULY)

    assert corrected is not None
    assert corrected[1].data["retired_on"] == "2026-07-01"
    assert agency.retire(corrected[0], Retirement(retired_on=date(2026, 7, 1)), CURATOR, JULY) is None


def test_renaming_a_retired_agency_keeps_it_retired() -> None:
    retired = an_agency(retired_on=date(2027, 1, 1))

    change = agency.revise(retired, AgencyTerms.model_validate({"name": "Dinkes", "kind": "dinas"}), CURATOR, JULY)

    assert change is not None
    assert (change[1].type, change[1].data["name"]) == ("agency.retired", "Dinkes")


def test_unchanged_terms_owe_nothing() -> None:
    terms = AgencyTerms.model_validate({"name": "Dinas Kesehatan", "kind": "dinas"})
    assert agency.revise(an_agency(), terms, CURATOR, JULY) is None
