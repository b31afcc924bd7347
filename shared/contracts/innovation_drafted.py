"""`innovation.drafted`: a draft exists; id, agency and year, nothing more."""

from __future__ import annotations

from shared.contracts.contract import Contract, Payload
from shared.contracts.innovation_state import Assignment
from shared.contracts.words import InnovationStatus


class InnovationDrafted(Payload):
    """A draft counts nowhere; whoever helps agencies may see that they have begun."""

    id: str
    region: str
    agency: str
    year: int
    assignments: tuple[Assignment, ...]
    status: InnovationStatus = InnovationStatus.DRAFT


INNOVATION_DRAFTED = Contract(
    type="innovation.drafted",
    subject="innovation",
    source="registry",
    payload=InnovationDrafted,
    means="A draft exists: its id, agency and year, nothing more.",
)
