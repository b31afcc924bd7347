"""Innovations that need somebody: `/kurator/kantor/perhatian`. The registry finds them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.curator.work.desk import Desk
from services.portal.owners.reading import unless_away
from services.portal.pages.forms import chosen
from services.portal.pages.language import N_, _
from shared.auth.policy import Role
from shared.web.routes import Routes, get

CONCERN = {
    "stuck": N_("Macet di satu tahap"),
    "unanswered": N_("Pertanyaan tidak dijawab"),
    "dormant": N_("Tidur"),
    "stopped": N_("Berhenti"),
    "right-ends": N_("Pelindungan segera berakhir"),
    "weak": N_("Keberlanjutan lemah"),
    "undecided": N_("Belum diputuskan lanjut atau tidak"),
}
_PAGE = 100


class AttentionPages(Routes):
    """The list."""

    prefix = "/kurator/kantor/perhatian"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def all(self, request: Request) -> Response:
        """By concern, or all."""
        here = await self._desk.here(request)
        concern = chosen(request.query_params.get("perihal", ""), list(CONCERN))
        owner, after = self._desk.owners.registry(here.session), request.query_params.get("after")
        path = f"/regions/{here.region}/attention"
        found = await unless_away(owner.get(path, concern=concern, limit=_PAGE, after=after))
        items = found.body["items"] if found else []
        agencies = await self._desk.model.agencies_by_id({each["agency"] for each in items})
        return await self._desk.pages(
            request,
            "curator/office/attention.html",
            away=found is None,
            items=items,
            more=found.body["next"] if found else None,
            query={"perihal": concern} if concern else {},
            names={id: each.name for id, each in agencies.items()},
            concern=concern or "",
            concerns=[(each, _(word)) for each, word in CONCERN.items()],
            zone=here.zone,
        )
