"""TODO"""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict

from services.notifications.obligations.obligation import Stands
from shared.ports.store import Document, State


class Owing(BaseModel):
    """An obligation as the sweep sees it."""

    model_config = ConfigDict(frozen=True)

    agency: str
    year: int
    stands: Stands
    deadline: date
    deadline_revision: int


def owing_of(row: State) -> Owing:
    """An obligation's slim projection as the sweep sees it."""
    return Owing(
        agency=row["agency"],
        year=row["year"],
        stands=Stands(row["stands"]),
        deadline=date.fromisoformat(row["deadline"]),
        deadline_revision=row["public.deadline_revision"],
    )


def owing_in(document: Document | None) -> Owing | None:
    """An obligation's document likewise; None while facts are missing."""
    if document is None or document.state["public"] is None:
        return None
    public = document.state["public"]
    return owing_of({**document.state, "public.deadline_revision": public["deadline_revision"]})
