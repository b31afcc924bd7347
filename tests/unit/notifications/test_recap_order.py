"""The order of the recap's lines."""

from __future__ import annotations

from services.notifications.recap.facts import DutyFacts
from services.notifications.recap.recap import RecapLine, RecapOrder, ordered
from shared.contracts.vocabulary import AgencyKind


def line(name: str) -> RecapLine:
    duty = DutyFacts.model_construct(status=None, on_time=None, days_late=None, verified=None, claimed=None)
    return RecapLine.model_construct(agency=name, agency_name=name, kind=AgencyKind.SEKOLAH, duty=duty)


def test_numbers_in_names_are_in_the_order_of_numbers() -> None:
    names = ["SD Negeri 2", "SD Negeri 10", "sd negeri 11 Kubu", "SD Negeri Satu", "SMP Negeri 1"]

    for order in RecapOrder:
        found = ordered([line(name) for name in reversed(names)], order)
        assert [each.agency_name for each in found] == names
