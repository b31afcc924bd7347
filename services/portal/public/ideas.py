"""The form for an idea of the public, and how far an idea is. The registry keeps both, and limits how many it takes."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Path, Request, Response

from services.portal.model.model import Model
from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.owners.client import Owners
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, Form, form_of
from services.portal.pages.language import _
from services.portal.pages.render import Pages
from services.portal.public.idea_receipt import IdeaReceipt
from services.portal.public.regions import Regions, known_regions
from shared.auth.policy import Role
from shared.faults import NotFound
from shared.web.routes import Routes, get, post

_NAMES = {"title": "judul", "text": "gagasan"}


class IdeaPages(Routes):
    """The path `/ide`."""

    prefix = "/ide"

    def __init__(self, pages: Pages, model: Model, owners: Owners) -> None:
        self._pages = pages
        self._model = model
        self._owners = owners

    @get("", Role.PUBLIC)
    async def form(self, request: Request) -> Response:
        """The empty form. Its key makes a form that is sent twice one idea."""
        regions = await known_regions(self._model)
        return await self._form(request, regions, {"kunci": str(uuid4())}, Errors())

    @post("", Role.PUBLIC)
    async def hand_in(self, request: Request) -> Response:
        """Hand it in at the registry."""
        form = form_of(request)
        regions = await known_regions(self._model)
        region = regions.find(form.text("daerah")) or regions.only
        errors = Errors()
        errors.require(form, "judul", sentence=_("Tulis judul gagasan Anda."))
        errors.require(form, "gagasan", sentence=_("Tulis gagasan Anda."))
        if region is None:
            errors["daerah"] = _("Pilih daerah yang dituju.")
        if errors or region is None:
            return await self._form(request, regions, form.values(), errors, HTTPStatus.UNPROCESSABLE_ENTITY.value)
        try:
            answer = await self._owners.registry(None).post(
                f"/regions/{region.code}/ideas",
                {"title": form.text("judul"), "text": form.text("gagasan")},
                key=_key(form),
                visitor=request.client.host if request.client else "",
            )
        except OwnerProblem as problem:
            if problem.flaws:
                errors.add_flaws(problem.flaws, _NAMES)
            else:
                errors[""] = str(problem)
            return await self._form(request, regions, form.values(), errors, problem.status)
        except OwnerAway:
            errors[""] = _(
                "Gagasan Anda belum terkirim: sistem sedang tidak menjawab. Tulisannya masih ada; coba lagi."
            )
            return await self._form(request, regions, form.values(), errors, HTTPStatus.SERVICE_UNAVAILABLE.value)
        return redirect(f"/ide/{answer.body['id']}", _("Terima kasih. Gagasan Anda sudah diterima."))

    @get("/{id}", Role.PUBLIC)
    async def progress(self, request: Request, id: Annotated[str, Path(max_length=100)]) -> Response:
        """How far an idea is, for whoever has its number."""
        try:
            answer = await self._owners.registry(None).get(f"/ideas/{id}")
        except OwnerProblem as problem:
            if problem.status == HTTPStatus.NOT_FOUND:
                raise NotFound(_("Gagasan dengan nomor ini tidak ada.")) from problem
            raise
        receipt = IdeaReceipt.model_validate(answer.body)
        regions = await known_regions(self._model)
        return await self._pages(request, "public/idea.html", receipt=receipt, area=regions.find(receipt.region))

    async def _form(
        self,
        request: Request,
        regions: Regions,
        values: dict[str, str],
        errors: Errors,
        status: int = HTTPStatus.OK.value,
    ) -> Response:
        return await self._pages(
            request, "public/idea_form.html", status=status, regions=regions, values=values, errors=errors
        )


def _key(form: Form) -> str:
    """The form's own key; a new one if it was removed or changed."""
    try:
        return str(UUID(form.text("kunci")))
    except ValueError:
        return str(uuid4())
