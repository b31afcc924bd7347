"""`agency.registered` and `agency.retired`: an agency of a region, without contacts."""

from __future__ import annotations

from datetime import date

from shared.contracts.contract import Contract, Payload
from shared.contracts.vocabulary import AgencyKind


class AgencyRegistered(Payload):
    """An agency, new or changed. id: opaque; obliged_from: the first year for which it can be obliged (None: any year);
    retired_on: the first local day on which it no longer exists; successor: the id of the agency that continues its
    work; parent: the id of the agency that it is part of (a puskesmas of its dinas, a bagian of the secretariat)."""

    id: str
    region: str
    name: str
    kind: AgencyKind
    retired: bool = False
    retired_on: date | None = None
    obliged_from: int | None = None
    successor: str | None = None
    parent: str | None = None


AGENCY_REGISTERED = Contract(
    type="agency.registered",
    subject="agency",
    source="registry",
    payload=AgencyRegistered,
    means="An agency of a region, new or changed; without contacts.",
)


class AgencyRetired(AgencyRegistered):
    """The agency's last public state: `retired` is true and `retired_on` is the day."""


AGENCY_RETIRED = Contract(
    type="agency.retired",
    subject="agency",
    source="registry",
    payload=AgencyRetired,
    means="An agency was closed; it owes nothing for a year whose deadline is on the day of its retirement or later.",
)
