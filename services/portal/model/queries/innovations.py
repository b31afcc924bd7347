"""Reads innovations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.portal.model.kinds import INNOVATION
from services.portal.model.names import agencies_by_id
from services.portal.model.states.innovation import innovation_of
from services.portal.model.views.innovation import InnovationOrder, InnovationQuery, InnovationView
from services.portal.model.views.listed import Listed
from shared.ports.store import ID, Document, Documents, OneOf

_MOST = 200  # ids of one query
_SORTS = {
    InnovationOrder.NEWEST: ("since", -1),
    InnovationOrder.OLDEST: ("since", 1),
    InnovationOrder.STAGE: ("stage_since", 1),
}


class Innovations:
    """All methods raise StoreAway."""

    def __init__(self, store: Documents) -> None:
        self._store = store

    async def get(self, id: str) -> InnovationView | None:
        """One; None while it is not known."""
        document = await self._store.get(INNOVATION.name, id)
        views = await views_of(self._store, [document] if document else [], rows=True)
        return views[0] if views else None

    async def some(self, ids: Sequence[str]) -> dict[str, InnovationView]:
        """Id → innovation, of those that are known; at most 200 ids."""
        wanted = list(dict.fromkeys(ids))[:_MOST]
        if not wanted:
            return {}
        page = await self._store.find(INNOVATION.name, {ID: OneOf(wanted)}, limit=len(wanted))
        return {each.id: each for each in await views_of(self._store, page.documents)}

    async def listed(self, query: InnovationQuery, after: str | None, limit: int) -> Listed[InnovationView]:
        """A page. Raises Invalid for an unknown cursor."""
        where: dict[str, Any] = {}
        for name in ("region", "agency", "year", "pipeline", "pipeline_stage"):
            if (wanted := getattr(query, name)) is not None:
                where[name] = wanted
        if query.withdrawal_asked:
            where["asks_withdrawal"] = where.pop("region", None)
        if query.statuses:
            values = [each.value for each in query.statuses]
            where["status"] = values[0] if len(values) == 1 else OneOf(values)
        if query.use is not None:
            where["use"] = query.use.value
        sort = [_SORTS[query.order]]
        if query.agency is not None:  # it is of one region, whose index would lead through all of its innovations
            where.pop("region", None)
        page = await self._store.find(INNOVATION.name, where, sort=sort, limit=limit, after=after)
        views = await views_of(self._store, page.documents)
        return Listed([each for each in views if query.region in {None, each.region}], page.after)


async def views_of(store: Documents, documents: Sequence[Document], *, rows: bool = False) -> list[InnovationView]:
    """The innovations in these documents, with the names of their agencies. rows: with those of their scorecards.
    Raises StoreAway."""
    agencies = await agencies_by_id(store, [each.state["innovation"]["agency"] for each in documents if _has(each)])
    views = []
    for each in documents:
        if not _has(each):
            continue
        agency = agencies.get(each.state["innovation"]["agency"])
        view = innovation_of(each.id, each.state, agency.name if agency else "", rows=rows)
        if view is not None:
            views.append(view)
    return views


def _has(document: Document) -> bool:
    return document.state["innovation"] is not None
