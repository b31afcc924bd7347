"""What the documents of notifications name of the registry's: the agencies and innovations of obligations, the copies,
and the agencies of contacts and exemptions."""

from __future__ import annotations

from collections.abc import Iterable

from services.notifications.kinds import CONTACT, EXEMPTION, KNOWN_AGENCY, KNOWN_REGION, KNOWN_SCORE, OBLIGATION
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import ScanRow
from shared.runtime.service import Reference

_INNOVATIONS = "facts.innovations"


def _submitted(row: ScanRow) -> Iterable[str]:
    return [each["id"] for each in row[_INNOVATIONS] or () if each["status"] != InnovationStatus.DRAFT]


REFERENCES = (
    Reference(KNOWN_REGION.name, "region", lambda row: [row.id]),
    Reference(KNOWN_AGENCY.name, "agency", lambda row: [row.id]),
    Reference(KNOWN_SCORE.name, "innovation", lambda row: [row.id]),
    Reference(OBLIGATION.name, "agency", lambda row: [row["agency"]], ("agency",)),
    Reference(OBLIGATION.name, "innovation", _submitted, (_INNOVATIONS,)),
    Reference(CONTACT.name, "agency", lambda row: row["agencies"] or (), ("agencies",)),
    Reference(EXEMPTION.name, "agency", lambda row: [row["agency"]], ("agency",)),
)
