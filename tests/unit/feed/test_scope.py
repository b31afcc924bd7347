"""Which part of the feed a caller may read: its token's, narrowed by the request, never widened."""

from __future__ import annotations

import pytest

from services.feed.api.scope import READERS, selection_of
from services.feed.latest.page import Selection
from shared.auth.policy import Principal, Role
from shared.contracts.event_types import OPEN_SUBJECTS
from shared.faults import Forbidden, Invalid

BOTH = frozenset({"innovation", "obligation"})
EVERYWHERE = Principal("dasbor", Role.SUBSCRIBER, subjects=BOTH)
REGION = Principal("dasbor", Role.SUBSCRIBER, "61.12", subjects=BOTH)
PROVINCE = Principal("dasbor", Role.SUBSCRIBER, subjects=BOTH, province="61")
GOVERNMENT = Principal("dasbor", Role.SUBSCRIBER, "61", subjects=BOTH)
CURATOR = Principal("c", Role.CURATOR, "61.12")
EXECUTIVE = Principal("e", Role.EXECUTIVE, "61.12")
OPERATOR = Principal("o", Role.OPERATOR)


@pytest.mark.parametrize(
    ("who", "whole"),
    [
        (EVERYWHERE, Selection(BOTH, None, None)),
        (REGION, Selection(BOTH, "61.12", None)),
        (PROVINCE, Selection(BOTH, None, "61")),
        (GOVERNMENT, Selection(BOTH, "61", None)),
        (CURATOR, Selection(None, "61.12", None)),
        (EXECUTIVE, Selection(None, "61.12", None)),
        (OPERATOR, Selection(None, None, None)),
    ],
)
def test_a_request_without_parameters_is_for_all_that_the_caller_may_read(who: Principal, whole: Selection) -> None:
    assert selection_of(who, None, None) == whole


@pytest.mark.parametrize(
    ("who", "subjects", "region", "part"),
    [
        (EVERYWHERE, "innovation", None, Selection(frozenset({"innovation"}), None, None)),
        (EVERYWHERE, "obligation, innovation", "64.71", Selection(BOTH, "64.71", None)),
        (REGION, "innovation", "61.12", Selection(frozenset({"innovation"}), "61.12", None)),
        (PROVINCE, None, "61.71", Selection(BOTH, "61.71", None)),
        (PROVINCE, None, "61", Selection(BOTH, "61", None)),
        (CURATOR, "region", None, Selection(frozenset({"region"}), "61.12", None)),
        (OPERATOR, None, "61", Selection(None, "61", None)),
    ],
)
def test_a_request_narrows(who: Principal, subjects: str | None, region: str | None, part: Selection) -> None:
    assert selection_of(who, subjects, region) == part


@pytest.mark.parametrize(
    ("who", "subjects", "region"),
    [
        (EVERYWHERE, "innovation,region", None),
        (REGION, None, "61.71"),
        (REGION, None, "61"),
        (PROVINCE, None, "62.01"),
        (PROVINCE, None, "62"),
        (GOVERNMENT, None, "61.12"),
        (CURATOR, None, "61.71"),
        (EXECUTIVE, None, "61"),
        (Principal("c", Role.CURATOR), None, None),
    ],
)
def test_a_request_beyond_the_token_is_refused(who: Principal, subjects: str | None, region: str | None) -> None:
    with pytest.raises(Forbidden):
        selection_of(who, subjects, region)


@pytest.mark.parametrize("subjects", ["", ",", "innovation,", "message", "Innovation", "innovation\0", "innovation.*"])
@pytest.mark.parametrize("who", [EVERYWHERE, CURATOR, OPERATOR], ids=lambda who: who.role.value)
def test_a_kind_of_subject_that_does_not_exist_is_named(who: Principal, subjects: str) -> None:
    with pytest.raises(Invalid) as caught:
        selection_of(who, subjects, None)

    assert {(flaw.field, flaw.code) for flaw in caught.value.flaws} == {("subjects", "unknown")}
    assert all(each in caught.value.flaws[0].message for each in OPEN_SUBJECTS)


def test_neither_the_public_nor_an_agency_reads_the_feed() -> None:
    assert set(Role) - set(READERS) == {Role.PUBLIC, Role.AGENCY}
