"""Reads regions and agencies; one that was decoded lately is not decoded again."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

from services.portal.model.kinds import KNOWN_AGENCY
from services.portal.model.states.agency import agency_of
from services.portal.model.states.region import region_of
from services.portal.model.views.region import AgencyView, RegionView
from shared.ports.store import ID, Document, Documents, OneOf, State
from shared.storage.decoded import DECODED

V = TypeVar("V")


async def agencies_by_id(store: Documents, ids: Collection[str]) -> dict[str, AgencyView]:
    """Id → agency, of those that are known. Raises StoreAway."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    page = await store.find(KNOWN_AGENCY.name, {ID: OneOf(wanted)}, limit=len(wanted))
    return {each.id: agency_in(each) for each in page.documents}


def agency_in(document: Document) -> AgencyView:
    """The agency in its document."""
    return _decoded(document, agency_of)


def region_in(document: Document) -> RegionView:
    """The region in its document."""
    return _decoded(document, region_of)


def _decoded(document: Document, decode: Callable[[State], V]) -> V:
    text = document.text
    if text is None:
        return decode(document.state)
    found: V | None = DECODED.get(decode, text)
    if found is None:
        found = decode(document.state)
        DECODED.keep(decode, text, found)
    return found
