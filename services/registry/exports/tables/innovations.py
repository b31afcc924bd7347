"""The rows of the sheet `innovations`: the present content, with the decisions on it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from services.registry.evidence.evidence import ROWS
from services.registry.exports.tables.agencies import named
from services.registry.imports.agency_names import KnownAgencies
from services.registry.imports.innovation_origin import origin_columns
from services.registry.innovation.history import Action, HistoryEntry
from services.registry.innovation.innovation import Innovation
from services.registry.innovation.profile import Profile
from services.registry.regions.region import Region
from shared.contracts.vocabulary import InnovationStatus
from shared.tables.values import Read
from shared.tables.writing import Row

_DECISIONS = {
    InnovationStatus.RETURNED: Action.RETURNED,
    InnovationStatus.VERIFIED: Action.VERIFIED,
    InnovationStatus.WITHDRAWN: Action.WITHDRAWN,
}
_AS_THEY_ARE = (
    *("name", "stage", "initiator", "initiator_name", "classification", "nature", "form", "cluster", "programme"),
    *("main_affair", "trial_on", "applied_on", "developed", "developed_on"),
    *("design", "purpose", "benefit", "outcome"),
)
_DEGREE_PLACES = 9  # a tenth of a millimetre: as many as a table is read with
_BASIS_ROW = "33"


def innovation_row(innovation: Innovation, region: Region, known: KnownAgencies) -> Row:
    """An innovation. Letters, links and files are no columns: they are in the ready package."""
    decision = _decision(innovation)
    return {
        "agency": named(innovation.agency, known),
        "year": innovation.year,
        "status": innovation.status.value,
        "first_submitted_on": _local(innovation.first_submitted_at, region),
        "decided_on": _local(decision.at, region) if decision else None,
        "reason": decision.reason if decision else None,
        **_profile(innovation.profile),
        **origin_columns(innovation.continuation.origin),
        **_levels(innovation),
        "id": innovation.id,
    }


def _profile(profile: Profile) -> dict[str, Read | None]:
    values: dict[str, Read | None] = {key: getattr(profile, key) for key in _AS_THEY_ARE}
    values["asta_cita"] = tuple(map(str, profile.asta_cita)) or None
    values["related_affairs"] = profile.related_affairs or None
    if profile.coordinates is not None:
        values["latitude"] = _degrees(profile.coordinates.latitude)
        values["longitude"] = _degrees(profile.coordinates.longitude)
    for name, reference in (("property", profile.intellectual_property), ("award", profile.award)):
        if reference is not None:
            values |= {f"{name}_number": reference.number, f"{name}_dated": reference.dated}
    return values


def _levels(innovation: Innovation) -> dict[str, Read | None]:
    values: dict[str, Read | None] = {}
    for row in ROWS:
        values[f"verified.{row}"] = innovation.verified_levels.get(row)
        claim = innovation.evidence.get(row)
        if claim is not None:
            values |= {f"level.{row}": claim.level, f"value.{row}": claim.value, f"unit.{row}": claim.unit}
            if row == _BASIS_ROW:
                values[f"basis.{row}"] = claim.basis
    return values


def _decision(innovation: Innovation) -> HistoryEntry | None:
    """The last entry of the decision that its status is of."""
    action = _DECISIONS.get(innovation.status)
    return next((each for each in reversed(innovation.history) if each.action is action), None)


def _local(moment: datetime | None, region: Region) -> date | None:
    return None if moment is None else region.today(moment)


def _degrees(value: float) -> Decimal:
    return round(Decimal(repr(value)), _DEGREE_PLACES).normalize()
