"""`/gaya`: every part of the pages in every state, for people who build pages and for tests; in no installation.

/gaya           the parts
/gaya/formulir  a form that is sent, refused or accepted
/gaya/menunggu  a fact that comes after the second question
/gaya/unggah    a form with a file
/gaya/contoh.csv a file
"""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

from starlette.requests import Request
from starlette.responses import Response

from services.portal.pages.flash import redirect
from services.portal.pages.forms import FILE_FORM, Errors, Form, form_of
from services.portal.pages.language import _
from services.portal.pages.render import Pages
from services.portal.pages.upload import FileForm
from shared.auth.policy import Role
from shared.web.download import file_headers
from shared.web.routes import Routes, get, post

_BAD = 422
_ASKED = 2
_FRESH = SimpleNamespace(building=False, as_of=datetime(2026, 12, 3, 7, 5, tzinfo=UTC))
_BUILDING = SimpleNamespace(building=True, as_of=None)


class StyleGuidePages(Routes):
    """The style guide."""

    prefix = "/gaya"

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    @get("", Role.PUBLIC)
    async def parts(self, request: Request) -> Response:
        """Every part."""
        return await self._pages(request, "pages/style_guide.html", fresh=_FRESH, building=_BUILDING)

    @get("/formulir", Role.PUBLIC)
    async def form(self, request: Request) -> Response:
        """The form."""
        return await self._form(request, Form(()), Errors())

    @post("/formulir", Role.PUBLIC)
    async def send(self, request: Request) -> Response:
        """Refused without a name."""
        form, errors = form_of(request), Errors()
        errors.require(form, "name")
        if errors:
            return await self._form(request, form, errors, _BAD)
        return redirect("/gaya/formulir?sent=yes", _("Tersimpan."))

    @get("/menunggu", Role.PUBLIC)
    async def wait(self, request: Request, turn: int = 0) -> Response:
        """A part that comes by itself."""
        return await self._pages(request, "pages/style_guide_waiting.html", turn=turn, known=turn >= _ASKED)

    @get("/unggah", Role.PUBLIC)
    async def upload_form(self, request: Request) -> Response:
        """A form with a file."""
        return await self._pages(request, "pages/style_guide_upload.html", errors=Errors())

    @post("/unggah", Role.PUBLIC, **FILE_FORM)
    async def upload(self, request: Request) -> Response:
        """Counts its bytes."""
        file, errors = await FileForm.read(request), Errors()
        if not file.name:
            errors["file"] = _("Pilih berkas.")
            return await self._pages(request, "pages/style_guide_upload.html", _BAD, errors=errors)
        size = sum([len(chunk) async for chunk in file.chunks()])
        return redirect("/gaya/unggah", f"{file.name}: {size}")

    @get("/contoh.csv", Role.PUBLIC)
    async def file(self) -> Response:
        """A table for a spreadsheet."""
        return Response("a,b\r\n", media_type="text/csv", headers=file_headers("contoh.csv"))

    async def _form(self, request: Request, form: Form, errors: Errors, status: int = 200) -> Response:
        sent = request.query_params.get("sent") == "yes"
        return await self._pages(request, "pages/style_guide_form.html", status, form=form, errors=errors, sent=sent)
