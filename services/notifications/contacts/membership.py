"""The index of contacts by agency and region: one small document for each pair, written before the contact and never
removed. It says where to look, not what is true: whoever reads it reads the contact as well."""

from __future__ import annotations

from services.notifications.contacts.contact import Contact
from services.notifications.state import DocumentState


class Membership(DocumentState):
    """agency: empty for a person of the region, not of an agency; person: the contact's opaque id."""

    agency: str
    person: str
    region: str


def memberships_of(person: str, contact: Contact) -> dict[str, Membership]:
    """By id, all that the contact needs."""
    if not contact.role.of_agencies:
        return {f"{contact.region}/{person}": Membership(agency="", person=person, region=contact.region)}
    return {
        f"{agency}/{person}": Membership(agency=agency, person=person, region=contact.region)
        for agency in contact.agencies
    }


def is_member(contact: Contact, agency: str) -> bool:
    """Whether the contact still is one of the agency's, or for an empty agency one of its region's."""
    return agency in contact.agencies if agency else not contact.role.of_agencies
