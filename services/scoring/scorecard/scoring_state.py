"""Whether a scorecard is scored. Queries name it, too, so it stands apart from the document."""

from __future__ import annotations

from enum import StrEnum


class ScoringState(StrEnum):
    """Whether a scorecard is scored, or which input it waits for. Stored in the field `stand`."""

    SCORED = "scored"
    WAITING_REGION = "waiting: region"
    WAITING_CATALOGUE = "waiting: catalogue"


WAITING = (ScoringState.WAITING_REGION, ScoringState.WAITING_CATALOGUE)
