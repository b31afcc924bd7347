"""That the contacts of a retired agency are to be handed over to its successor, as a document. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from services.notifications.contacts.contact import Contact
from services.notifications.state import DocumentState, replaced
from shared.contracts.agency import AgencyRegistered


class HandOver(StrEnum):
    """WAITING: for the day, or for the successor; DONE: once for this successor, and never again; NOT: nothing is to be
    handed over (any more)."""

    WAITING = "waiting"
    DONE = "done"
    NOT = "not"


class ContactSuccession(DocumentState):
    """Of one agency. sequence: of the agency's event (stored as `heard`); retired_on: the first local day on which it
    no longer exists; successor: the agency's id, empty without one."""

    region: str
    agency: str
    heard: int
    status: HandOver
    successor: str = ""
    retired_on: date | None = None


def heard(before: ContactSuccession | None, agency: AgencyRegistered, sequence: int) -> ContactSuccession | None:
    """What follows from the newest that is known of an agency; None when nothing changes."""
    if before is not None and before.heard >= sequence:
        return None
    going = agency.retired and agency.retired_on is not None and agency.successor is not None
    if before is None and not going:
        return None
    successor = agency.successor or "" if going else ""
    again = before is not None and before.status is HandOver.DONE and before.successor == successor
    waiting = HandOver.DONE if again else HandOver.WAITING
    return ContactSuccession(
        region=agency.region,
        agency=agency.id,
        heard=sequence,
        status=waiting if going else HandOver.NOT,
        successor=successor,
        retired_on=agency.retired_on if going else None,
    )


def done(before: ContactSuccession, sequence: int) -> ContactSuccession | None:
    """After all contacts were handed over; None when something else was heard meanwhile."""
    if before.heard != sequence or before.status is not HandOver.WAITING:
        return None
    return replaced(before, status=HandOver.DONE)


def handed_over(contact: Contact | None, agency: str, successor: str) -> Contact | None:
    """The agency's contact, which is the successor's too now; None when nothing changes. The agency stays named: people
    may still have to be told of a duty of a year before its end."""
    if contact is None or contact.erased or agency not in contact.agencies or successor in contact.agencies:
        return None
    return replaced(contact, agencies=tuple(sorted({*contact.agencies, successor})))
