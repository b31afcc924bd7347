"""All sheets by key, in the order in which an office brings them in: agencies before what names them."""

from __future__ import annotations

from shared.tables.sheet import Sheet
from shared.tables.sheets.agencies import AGENCIES
from shared.tables.sheets.awards import AWARDS
from shared.tables.sheets.commitments import COMMITMENTS
from shared.tables.sheets.contacts import CONTACTS
from shared.tables.sheets.innovations import INNOVATIONS
from shared.tables.sheets.official import OFFICIAL

__all__ = ["AGENCIES", "AWARDS", "COMMITMENTS", "CONTACTS", "INNOVATIONS", "NAMING", "OFFICIAL", "SHEETS"]

SHEETS: dict[str, Sheet] = {each.key: each for each in (AGENCIES, INNOVATIONS, COMMITMENTS, CONTACTS, OFFICIAL, AWARDS)}

NAMING = (
    *("agencies.parent", "agencies.successor", "innovations.agency", "commitments.agency", "contacts.agencies"),
    *("official.agency", "awards.agency_name"),
)
"""The columns that name agencies, as `<sheet>.<column>`."""
