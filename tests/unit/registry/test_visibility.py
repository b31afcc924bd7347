from __future__ import annotations

from typing import Any

import pytest

from services.registry.innovation.visibility import Filters, listable, sees, sees_content, sees_inside
from shared.auth.policy import PUBLIC, Principal, Role
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import OneOf
from tests.support.registry_states import submitted, verified

OWN = Principal("p", Role.AGENCY, "61.12", frozenset({"a1", "a3"}))
OTHER = Principal("p", Role.AGENCY, "61.12", frozenset({"a2"}))
STRANGER = Principal("p", Role.AGENCY, "61.71", frozenset({"a1"}))
CURATOR = Principal("p", Role.CURATOR, "61.12")
FAR_CURATOR = Principal("p", Role.CURATOR, "61.71")
EXECUTIVE = Principal("p", Role.EXECUTIVE, "61.12")
OPERATOR = Principal("p", Role.OPERATOR)
VERIFIED = {"status": "verified"}


@pytest.mark.parametrize("who", [OWN, CURATOR, EXECUTIVE])
def test_the_agency_and_its_region_see_everything(who: Principal) -> None:
    assert sees_inside(who, submitted())
    assert sees(who, submitted())


def test_the_operator_knows_that_an_innovation_exists_and_sees_it_once_it_is_verified() -> None:
    assert sees(OPERATOR, submitted())
    assert not sees_content(OPERATOR, submitted())
    assert sees_content(OPERATOR, verified())
    assert not sees_inside(OPERATOR, verified())


@pytest.mark.parametrize("who", [OTHER, STRANGER, FAR_CURATOR, PUBLIC])
def test_others_see_only_verified_innovations(who: Principal) -> None:
    assert not sees(who, submitted())
    assert sees(who, verified())
    assert not sees_inside(who, verified())


@pytest.mark.parametrize(
    ("who", "filters", "expected"),
    [
        (PUBLIC, Filters(), VERIFIED),
        (PUBLIC, Filters(region="61.12", year=2026), {"region": "61.12", "year": 2026, **VERIFIED}),
        (PUBLIC, Filters(status=InnovationStatus.SUBMITTED), None),
        (OWN, Filters(), {"region": "61.12", "agency": OneOf(["a1", "a3"])}),
        (OWN, Filters(agency="a1"), {"region": "61.12", "agency": "a1"}),
        (OWN, Filters(agency="a2"), {"agency": "a2", **VERIFIED}),
        (OWN, Filters(agency="a2", status=InnovationStatus.DRAFT), None),
        (OWN, Filters(region="61.71"), {"region": "61.71", **VERIFIED}),
        (Principal("p", Role.AGENCY, "61.12"), Filters(), None),
        (CURATOR, Filters(), {"region": "61.12"}),
        (CURATOR, Filters(region="61.71"), {"region": "61.71", **VERIFIED}),
        (EXECUTIVE, Filters(status=InnovationStatus.DRAFT), {"region": "61.12", "status": "draft"}),
        (OPERATOR, Filters(), {}),
        (OPERATOR, Filters(region="61.71"), {"region": "61.71"}),
    ],
)
def test_a_list_is_limited_to_the_account_s_scope(
    who: Principal, filters: Filters, expected: dict[str, Any] | None
) -> None:
    assert listable(who, filters) == expected
