"""The evidence of one row, shown beside the form: its letters, links and files, and the pre-check of a file."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.curator.work.asking import Asking
from services.portal.curator.work.desk import Desk
from services.portal.curator.work.files import shown_file
from services.portal.curator.work.owner_answers.hints import FilePrecheck
from services.portal.curator.work.verification.submission import load
from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.owners.reading import read
from services.portal.pages.security import NONCE_KEY
from shared.auth.policy import Role
from shared.faults import NotFound
from shared.web.routes import Routes, get

FRAMED = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
"""The policy of a page that another page of ours shows in a frame."""


class EvidencePages(Routes):
    """`/kurator/inovasi/{id}/bukti`."""

    prefix = "/kurator/inovasi/{id}/bukti"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def nothing_chosen(self, request: Request, id: str) -> Response:  # noqa: ARG002 - the path's
        """Before a row is chosen."""
        return await self._desk.pages(request, "curator/work/verification/choose.html", headers=_framed(request))

    @get("/{row}", Role.CURATOR)
    async def evidence(self, request: Request, id: str, row: str) -> Response:
        """A row's evidence."""
        here = await self._desk.here(request)
        asking = Asking(self._desk.owners, here.session)
        catalogue = here.view.catalogue if here.view else None
        found = await load(asking, id, region=here.region, catalogue=catalogue, with_alike=False)
        shown = next((each for each in found.rows if each.row == row and each.evidence is not None), None)
        if shown is None:
            raise NotFound
        return await self._desk.pages(
            request,
            "curator/work/verification/evidence.html",
            headers=_framed(request),
            row=shown,
            base=f"/kurator/inovasi/{id}/bukti/{row}",
            redacted=found.it.redacted,
            zone=here.zone,
        )

    @get("/{row}/berkas/{digest}", Role.CURATOR)
    async def file(self, request: Request, id: str, row: str, digest: str) -> Response:
        """A file, streamed through from the registry."""
        here = await self._desk.here(request)
        registry = self._desk.owners.registry(here.session)
        return await shown_file(registry, f"/innovations/{id}/evidence/{row}/files/{digest}")

    @get("/{row}/berkas/{digest}/periksa", Role.CURATOR)
    async def precheck(self, request: Request, id: str, row: str, digest: str) -> Response:
        """What the text of a PDF says of the letter that the agency has declared."""
        here = await self._desk.here(request)
        registry = self._desk.owners.registry(here.session)
        path = f"/innovations/{id}/evidence/{row}/files/{digest}/precheck"
        try:
            found = (await read(registry, path, FilePrecheck)).it
        except (OwnerAway, OwnerProblem):
            found = None
        return await self._desk.pages(
            request, "curator/work/verification/precheck.html", headers=_framed(request), found=found
        )


def _framed(request: Request) -> dict[str, str]:
    return {"Content-Security-Policy": FRAMED.format(nonce=request.scope[NONCE_KEY])}
