"""An obligation that is not fulfilled, as reminders read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

from services.notifications.obligations.obligation import Stands


class Owing(BaseModel):
    """An obligation as the sweep sees it."""

    model_config = ConfigDict(frozen=True)

    agency: str
    year: int
    stands: Stands
    deadline: date
    deadline_revision: int


def owing_of(row: Mapping[str, Any]) -> Owing:
    """From a scanned row of `obligation` documents."""
    return Owing(
        agency=row["agency"],
        year=row["year"],
        stands=Stands(row["stands"]),
        deadline=date.fromisoformat(row["deadline"]),
        deadline_revision=row["public.deadline_revision"],
    )


def owing_in(state: Mapping[str, Any] | None) -> Owing | None:
    """From the state of an `obligation` document; None while facts are missing."""
    if state is None or state["public"] is None:
        return None
    public = state["public"]
    return owing_of({**state, "public.deadline_revision": public["deadline_revision"]})
