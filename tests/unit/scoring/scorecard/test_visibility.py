from __future__ import annotations

import pytest

from services.scoring.scorecard.document import InnovationVersion, RegionUsed, ScorecardDocument, with_innovation
from services.scoring.scorecard.scored_rows import row_caches
from services.scoring.scorecard.visibility import may_see, visible
from shared.auth.policy import PUBLIC, Principal, Role
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import OneOf
from tests.support.scoring_examples import KUBU_RAYA, ORIGIN, catalogue, innovation

AGENCY = Principal("dinas", Role.AGENCY, KUBU_RAYA, frozenset({"dinkes", "dinsos"}))
CURATOR = Principal("kurator", Role.CURATOR, KUBU_RAYA)
EXECUTIVE = Principal("sekda", Role.EXECUTIVE, KUBU_RAYA)
ELSEWHERE = Principal("dinas", Role.AGENCY, "64.71", frozenset({"dinkes"}))
OPERATOR = Principal("operator", Role.OPERATOR)
HERE = {"region": KUBU_RAYA}
CACHES = row_caches({"2026.1": catalogue()})


def document(status: InnovationStatus, agency: str = "dinkes", region: str = KUBU_RAYA) -> ScorecardDocument:
    said = innovation(status=status, agency=agency, region=region)
    decision = with_innovation(
        None,
        InnovationVersion(said, 1),
        RegionUsed(sequence=1, catalogue="2026.1"),
        row_caches({"2026.1": catalogue()}),
        ORIGIN,
    )
    assert decision is not None
    return ScorecardDocument.model_validate(decision[0])


@pytest.mark.parametrize("who", [PUBLIC, AGENCY, CURATOR, EXECUTIVE, OPERATOR])
def test_everybody_sees_what_is_verified(who: Principal) -> None:
    assert may_see(who, document(InnovationStatus.VERIFIED, "lain", "64.09"))


@pytest.mark.parametrize(
    ("who", "own_agency", "same_region", "elsewhere"),
    [
        (PUBLIC, False, False, False),
        (AGENCY, True, False, False),
        (CURATOR, True, True, False),
        (EXECUTIVE, True, True, False),
        (ELSEWHERE, False, False, False),
        (OPERATOR, False, False, False),
    ],
)
@pytest.mark.parametrize("status", [each for each in InnovationStatus if each.value not in {"verified", "draft"}])
def test_what_is_not_verified_is_seen_by_its_own(
    who: Principal, status: InnovationStatus, *, own_agency: bool, same_region: bool, elsewhere: bool
) -> None:
    assert may_see(who, document(status)) is own_agency
    assert may_see(who, document(status, "lain")) is same_region
    assert may_see(who, document(status, "lain", "64.09")) is elsewhere


@pytest.mark.parametrize(
    ("who", "asked", "where"),
    [
        (PUBLIC, {}, {"status": "verified"}),
        (PUBLIC, {"region": KUBU_RAYA, "year": 2025}, {"region": KUBU_RAYA, "year": 2025, "status": "verified"}),
        (AGENCY, {}, {"region": KUBU_RAYA, "agency": OneOf(["dinkes", "dinsos"])}),
        (ELSEWHERE, {"region": KUBU_RAYA, "agency": "dinkes"}, {**HERE, "agency": "dinkes", "status": "verified"}),
        (AGENCY, {"region": KUBU_RAYA}, {"region": KUBU_RAYA, "agency": OneOf(["dinkes", "dinsos"])}),
        (AGENCY, {"region": "64.09"}, {"region": "64.09", "status": "verified"}),
        (AGENCY, {"agency": "dinkes"}, {"region": KUBU_RAYA, "agency": "dinkes"}),
        (AGENCY, {"agency": "lain"}, {"agency": "lain", "status": "verified"}),
        (CURATOR, {}, {"region": KUBU_RAYA}),
        (CURATOR, {"agency": "lain"}, {"region": KUBU_RAYA, "agency": "lain"}),
        (CURATOR, {"region": "64.09"}, {"region": "64.09", "status": "verified"}),
        (EXECUTIVE, {"year": 2025}, {"region": KUBU_RAYA, "year": 2025}),
        (OPERATOR, {}, {"status": "verified"}),
        (OPERATOR, {"region": "64.09"}, {"region": "64.09", "status": "verified"}),
    ],
)
def test_a_list_shows_ones_own_or_what_is_verified(
    who: Principal, asked: dict[str, object], where: dict[str, object]
) -> None:
    said = {"region": None, "agency": None, "year": None, **asked}

    assert visible(who, **said) == where  # type: ignore[arg-type]
