"""Innovations of an agency in a list: from the read model, with the names of drafts, which only the registry has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from services.portal.agency import lists
from services.portal.agency.desk import Desk
from services.portal.model.views.innovation import InnovationView
from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.pages.language import _
from services.portal.pages.session import SignedIn
from shared.contracts.vocabulary import InnovationStatus

TAG_KINDS = {
    InnovationStatus.DRAFT: "warning",
    InnovationStatus.SUBMITTED: "info",
    InnovationStatus.RETURNED: "error",
    InnovationStatus.VERIFIED: "success",
    InnovationStatus.WITHDRAWN: "neutral",
}
_MOST_DRAFTS = 100


@dataclass(frozen=True)
class Line:
    """One innovation. name: a word in its place for a draft without one; points: claimed, None until it is scored."""

    id: str
    name: str
    year: int
    status: str
    state: str
    kind: str
    since: datetime | None
    points: Decimal | None
    verified: Decimal | None
    most: Decimal | None


def line_of(view: InnovationView, names: Mapping[str, str]) -> Line:
    """An innovation in a list. names: id → name, of drafts."""
    return Line(
        id=view.id,
        name=view.name or names.get(view.id) or _("Rancangan tanpa nama"),
        year=view.year,
        status=view.status.value,
        state=_(lists.STATUSES[view.status]),
        kind=TAG_KINDS[view.status],
        since=view.status_since,
        points=view.claimed,
        verified=view.verified if view.status is InnovationStatus.VERIFIED else None,
        most=view.most,
    )


async def draft_names(
    desk: Desk, session: SignedIn, agency: str, views: Sequence[InnovationView]
) -> tuple[dict[str, str], bool]:
    """Id → name of the agency's drafts, and whether the registry did not answer."""
    if not any(each.status is InnovationStatus.DRAFT for each in views):
        return {}, False
    try:
        answer = await desk.owners.registry(session).get(
            "/innovations", agency=agency, status=InnovationStatus.DRAFT.value, limit=_MOST_DRAFTS
        )
    except OwnerAway:
        return {}, True
    except OwnerProblem:
        return {}, False
    return {each["id"]: each["profile"]["name"] or "" for each in answer.body.get("items", ())}, False
