"""An innovation as the registry answers it to its agency. Unknown fields are ignored."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from services.portal.answered.answered import Answered
from services.portal.answered.evidence import File
from services.portal.answered.innovation import HistoryEntry, InnovationBase
from shared.contracts.continuation import ContinuationState
from shared.contracts.vocabulary import InnovationStatus


class Innovation(InnovationBase):
    """The whole of it. profile: by field, as JSON."""

    profile: dict[str, Any] = Field(default_factory=dict)
    documents: dict[str, File] = Field(default_factory=dict)
    continuation: ContinuationState | None = None

    @property
    def name(self) -> str:
        """Its name; empty while it has none."""
        return self.profile.get("name") or ""

    def edited_by_others(self, account: str) -> HistoryEntry | None:
        """The last thing that another account did; None: nothing."""
        return next((each for each in reversed(self.history) if each.by != account), None)

    @property
    def is_open(self) -> bool:
        """Whether profile and evidence can be edited."""
        return self.status in {InnovationStatus.DRAFT, InnovationStatus.RETURNED}


class Flawed(Answered):
    """One thing that blocks the submission. field: `profile.design`, `evidence.33.level`, `year`."""

    field: str
    code: str
    message: str


class SubmissionCheck(Answered):
    """Everything that blocks a submission of this version."""

    sequence: int
    flaws: tuple[Flawed, ...] = ()
    missing_mandatory: dict[str, str] = Field(default_factory=dict)
