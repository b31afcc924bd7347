from __future__ import annotations

from datetime import date

from services.registry import agency
from services.registry.agency import AgencyTerms, NewAgency, Retirement
from tests.support.registry_states import CURATOR, JULY, an_agency

PUBLIC = {"id", "region", "name", "kind", "retired", "retired_on", "obliged_from", "successor"}


def test_a_new_agency_owes_an_event_with_its_public_state() -> None:
    new = NewAgency.model_validate({"region": "61.12", "name": "Dinas Sosial", "kind": "dinas", "obliged_from": 2026})

    made, event = agency.register("a7", new, "fingerprint", CURATOR, JULY)

    assert event.type == "agency.registered"
    assert set(event.data) == PUBLIC
    assert (event.data["id"], event.data["obliged_from"], event.data["retired"]) == (made.id, 2026, False)


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
