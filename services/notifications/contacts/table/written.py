"""Contacts as rows of the table that imports read. Personal data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from services.notifications.contacts.contact import Contact
from shared.contracts.agency import AgencyRegistered
from shared.contracts.names import folded
from shared.storage.repository import Versioned
from shared.tables.writing import Row

_SEPARATORS = ";|\n"


def written_names(agencies: Iterable[AgencyRegistered]) -> dict[str, str]:
    """Id → what a table writes for an agency: its name, if an import finds this one by it, else its id."""
    known = [each for each in agencies if not each.retired]
    count = Counter(folded(each.name) for each in known)
    return {
        each.id: each.name
        for each in known
        if count[folded(each.name)] == 1 and not any(sign in each.name for sign in _SEPARATORS)
    }


def contact_row(found: Versioned[Contact], names: Mapping[str, str]) -> Row:
    """A contact. names: id → what is written for an agency; one without is written by its id."""
    contact = found.value
    return {
        "name": contact.name,
        "agencies": tuple(names.get(each, each) for each in contact.agencies) or None,
        "role": contact.role.value,
        "email": contact.email or None,
        "phone": contact.phone or None,
        "landline": contact.landline or None,
        "preferred": contact.preferred.value,
        "valid_from": contact.valid_from,
        "valid_to": contact.valid_to,
        "consent_whatsapp": f"ya ({contact.consent_whatsapp})" if contact.consent_whatsapp else None,
        "id": found.id,
    }
