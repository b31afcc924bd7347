from __future__ import annotations

import random
from datetime import UTC, datetime

from services.scoring.scorecard.document import InnovationVersion, RegionUsed, scorecard_in
from services.scoring.scorecard.explain import FROM_TABLE
from services.scoring.views.scorecards import ScorecardAnswer, scorecard_answer
from shared.contracts.vocabulary import InnovationStatus, Nature, Stage
from tests.support.scoring_examples import catalogue, entry, innovation
from tests.unit.scoring.plain_scoring import plainly_scored

AGAIN = datetime(2026, 8, 3, tzinfo=UTC)
USED = RegionUsed(sequence=7, catalogue="2026.1")
STATUSES = (InnovationStatus.SUBMITTED, InnovationStatus.VERIFIED, InnovationStatus.RETURNED)


def test_an_answer_without_validation_is_one_that_validation_would_give() -> None:
    draw = random.Random(10)
    for _ in range(60):
        rows = draw.sample(sorted(catalogue().by_number), draw.randrange(20))
        evidence = [
            entry(
                row,
                level=draw.choice([None, 1, 2, 3]),
                proofs=draw.randrange(3),
                verified_level=draw.choice([None, 0, 2]),
            )
            for row in rows
        ]
        said = innovation(
            evidence=evidence, status=draw.choice(STATUSES), nature=draw.choice([*Nature]), stage=draw.choice([*Stage])
        )
        document = scorecard_in(plainly_scored(InnovationVersion(said, 9), USED, catalogue())[0])
        assert document is not None
        for catalogues in ({"2026.1": catalogue()}, {}):
            answer = scorecard_answer(document, catalogues)
            validated = ScorecardAnswer.model_validate(answer.model_dump(), strict=False)

            assert answer == validated
            assert answer.model_dump_json() == validated.model_dump_json()
            assert len(answer.rows) == 20


def test_a_card_says_that_its_levels_came_from_a_table_until_the_innovation_is_submitted_again() -> None:
    hints = []
    for changed in ({}, {"imported": True}, {"imported": True, "submitted_at": AGAIN}):
        said = innovation(evidence=[entry("16", level=2, proofs=1)]).model_copy(update=changed)
        document = scorecard_in(plainly_scored(InnovationVersion(said, 9), USED, catalogue())[0])
        assert document is not None
        hints.append(FROM_TABLE in scorecard_answer(document, {}).hints)

    assert hints == [False, True, False]
