"""All sheets by key, in the order in which an office brings them in: agencies before what names them."""

from __future__ import annotations

from shared.tables.sheet import Sheet
from shared.tables.sheets.agencies import AGENCIES
from shared.tables.sheets.commitments import COMMITMENTS
from shared.tables.sheets.contacts import CONTACTS
from shared.tables.sheets.innovations import INNOVATIONS

__all__ = ["AGENCIES", "COMMITMENTS", "CONTACTS", "INNOVATIONS", "SHEETS"]

SHEETS: dict[str, Sheet] = {each.key: each for each in (AGENCIES, INNOVATIONS, COMMITMENTS, CONTACTS)}
