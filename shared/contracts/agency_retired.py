"""`agency.retired`: an agency that is no more."""

from __future__ import annotations

from shared.contracts.agency_registered import AgencyRegistered
from shared.contracts.contract import Contract


class AgencyRetired(AgencyRegistered):
    """The agency's last public state: `retired` is true and `retired_on` says when."""


AGENCY_RETIRED = Contract(
    type="agency.retired",
    subject="agency",
    source="registry",
    payload=AgencyRetired,
    means="An agency that is no more; it owes nothing from the year of its retirement on.",
)
