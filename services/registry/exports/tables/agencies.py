"""The rows of the sheet `agencies`."""

from __future__ import annotations

from services.registry.agencies.agency import Agency
from services.registry.imports.agency_names import KnownAgencies
from shared.tables.sheets.agencies import EVERY_YEAR
from shared.tables.writing import Row


def agency_row(agency: Agency, known: KnownAgencies) -> Row:
    """An agency. known: all of its region."""
    return {
        "name": agency.name,
        "kind": agency.kind.value,
        "parent": named(agency.parent, known),
        "obliged_from": EVERY_YEAR if agency.obliged_from is None else agency.obliged_from,
        "retired_on": agency.retired_on,
        "successor": named(agency.successor, known),
        "id": agency.id,
    }


def named(id: str | None, known: KnownAgencies) -> str | None:
    """What a table writes for an agency: its name, if an import finds this one by it, else its id."""
    agency = known.by_id.get(id or "")
    if agency is None:
        return id
    found = known.find(agency.name)
    return agency.name if found is not None and found.id == id else id
