"""A public idea as the registry answers it to its region and to the agency that fosters it."""

from __future__ import annotations

from datetime import datetime

from services.portal.answered.answered import Answered
from shared.contracts.idea import IdeaStatus


class Idea(Answered):
    """agency: that fosters it, empty: none yet; reason: of the closing; innovation: the draft that came of it."""

    id: str
    region: str
    status: IdeaStatus
    received_at: datetime
    agency: str = ""
    reason: str | None = None
    title: str
    text: str
    innovation: str | None = None
    decided_at: datetime | None = None
