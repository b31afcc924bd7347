"""The part of an obligation that reminders need."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from pydantic import BaseModel, ConfigDict

from services.notifications.obligations.document import ObligationDocument
from services.notifications.obligations.obligation import ObligationPhase, Progress
from shared.contracts.vocabulary import AgencyKind

_PATHS = {
    "region": "region",
    "agency": "agency",
    "year": "year",
    "phase": "stands",
    "deadline": "deadline",
    "hour": "public.hour",
    "deadline_revision": "public.deadline_revision",
    "ground": "public.ground",
    "minimum": "public.minimum",
    "waiting": "public.waiting",
    "waiting_since": "waiting_since",
    "late": "late",
    "progress": "progress",
    "progress_since": "progress_since",
    "spell": "spell",
    "spell_since": "spell_since",
    "agency_kind": "facts.agency.kind",
    "previous": "facts.region.previous",
    "previous_hour": "facts.region.previous_hour",
}
_COUNTED = "public.counted"
_DEADLINE = "facts.region.deadline"

SUMMARY_FIELDS = (*_PATHS.values(), _COUNTED, _DEADLINE)

_SET_AT, _CANCELLED = f"{_DEADLINE}.set_at", f"{_DEADLINE}.cancelled"
_DECIDING = ("phase", "deadline", "deadline_revision", "ground", "spell", "spell_since", "previous")

DUE_FIELDS = ("agency", "region", "year", "look", *(_PATHS[name] for name in _DECIDING), _SET_AT, _CANCELLED)
"""What decides which reasons are due, and when the next can be."""


class ObligationSummary(BaseModel):
    """An obligation whose facts are known.

    deadline: the local day, hour: None: the whole day; previous, previous_hour: those of the revision before, None:
    there was none; moved_at: when this revision was set, None: it is the first; basis: the number of the circular or
    decree that set it; cancelled: this revision cancelled the deadline, at cancelled_at; ground: why the agency owes
    nothing; counted: how many of the innovations needed count; waiting: `verification` or `registry`; spell: what
    opened the duty again.
    """

    model_config = ConfigDict(frozen=True)

    region: str
    agency: str
    year: int
    phase: ObligationPhase
    deadline: date
    deadline_revision: int
    hour: time | None = None
    previous: date | None = None
    previous_hour: time | None = None
    moved_at: datetime | None = None
    basis: str = ""
    cancelled: bool = False
    cancelled_at: datetime | None = None
    spell: str = ""
    spell_since: datetime | None = None
    ground: str | None = None
    counted: int = 0
    minimum: int = 1
    waiting: str | None = None
    waiting_since: datetime | None = None
    late: bool = False
    agency_kind: AgencyKind = AgencyKind.DINAS
    progress: Progress = Progress.NONE
    progress_since: datetime | None = None


def summary_of_row(row: Mapping[str, Any]) -> ObligationSummary:
    """From a scanned row of `obligation` documents with SUMMARY_FIELDS, of an obligation whose facts are known."""
    values = {name: row[path] for name, path in _PATHS.items() if row[path] is not None}
    in_force = row[_DEADLINE] or {}
    return ObligationSummary(
        **values,
        **_of_deadline(
            set_at=in_force.get("set_at"),
            basis=in_force.get("basis", ""),
            cancelled=in_force.get("cancelled", False),
            moved=row[_PATHS["previous"]] is not None,
        ),
        counted=len(row[_COUNTED] or ()),
    )


def summary_of_due_row(row: Mapping[str, Any]) -> ObligationSummary | None:
    """From a scanned row with DUE_FIELDS: nothing else of it counts. None while a fact is missing."""
    if not row[_PATHS["deadline"]]:
        return None
    in_force = {"set_at": row[_SET_AT], "cancelled": bool(row[_CANCELLED])}
    return summary_of_row({**dict.fromkeys(SUMMARY_FIELDS), **row, _DEADLINE: in_force})


def summary_of(obligation: ObligationDocument) -> ObligationSummary | None:
    """From a loaded obligation; None while a fact is missing."""
    public, region, agency = obligation.public, obligation.facts.region, obligation.facts.agency
    if public is None or region is None or agency is None or region.deadline is None:
        return None
    return ObligationSummary(
        region=public.region,
        agency=public.agency,
        year=public.year,
        phase=obligation.phase,
        deadline=public.deadline,
        deadline_revision=public.deadline_revision,
        hour=public.hour,
        previous=region.previous,
        previous_hour=region.previous_hour,
        **_of_deadline(
            set_at=region.deadline.set_at,
            basis=region.deadline.basis,
            cancelled=region.deadline.cancelled,
            moved=region.previous is not None,
        ),
        spell=obligation.spell,
        spell_since=obligation.spell_since,
        ground=public.ground,
        counted=len(public.counted),
        minimum=public.minimum,
        waiting=public.waiting,
        waiting_since=obligation.waiting_since,
        late=obligation.late,
        agency_kind=agency.kind,
        progress=obligation.progress,
        progress_since=obligation.progress_since,
    )


def _of_deadline(*, set_at: datetime | str | None, basis: str, cancelled: bool, moved: bool) -> dict[str, Any]:
    return {
        "basis": basis,
        "cancelled": cancelled,
        "cancelled_at": set_at if cancelled else None,
        "moved_at": set_at if moved and not cancelled else None,
    }
