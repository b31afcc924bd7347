"""The jury's marks: a table of the innovations that take part, a column for each criterion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.portal.answered.competition import Competition
from services.portal.answered.ranking import Standings
from services.portal.curator.work.asking import Asking
from services.portal.curator.work.desk import Desk
from services.portal.curator.work.entered import decimal_of
from services.portal.curator.work.ranking.competitions import own
from services.portal.owners.answers import OwnerProblem
from services.portal.owners.reading import Asked, read, version
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, form_of
from services.portal.pages.language import _
from shared.auth.policy import Role
from shared.faults import NotFound
from shared.web.routes import Routes, get, post

REFUSED, STALE = 422, 412


class MarkPages(Routes):
    """Marks from 0 to 100."""

    prefix = "/kurator/peringkat/lomba/{id}/nilai"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def marks(self, request: Request, id: str) -> Response:
        """The table as it is."""
        here = await self._desk.here(request)
        asking = Asking(self._desk.owners, here.session)
        found = await own(asking, here, id)
        return await self._page(request, asking, found, typed_of(found.it))

    @post("", Role.CURATOR)
    async def mark(self, request: Request, id: str) -> Response:
        """Replace the whole table."""
        here = await self._desk.here(request)
        asking, form = Asking(self._desk.owners, here.session), form_of(request)
        found = await own(asking, here, id)
        typed, errors = form.under("nilai"), Errors()
        for field, text in typed.items():
            value = decimal_of(text)
            if text and (value is None or not 0 <= value <= 100):  # noqa: PLR2004 - as the jury marks
                errors[f"nilai.{field}"] = _("Nilai dari 0 sampai 100.")
        if not errors and form.text("versi") != str(found.sequence):
            errors[""] = _("Nilai diubah orang lain sementara Anda mengisi. Periksa lagi, lalu simpan.")
            return await self._page(request, asking, found, typed, errors, STALE)
        if errors:
            return await self._page(request, asking, found, typed, errors, REFUSED)
        try:
            await asking.scoring.put(
                f"/competitions/{id}/marks", {"marks": table_of(typed)}, version=version(found.sequence)
            )
        except OwnerProblem as problem:
            return await self._page(request, asking, found, typed, Errors({"": problem.detail}), problem.status)
        return redirect(
            f"/kurator/peringkat/lomba/{id}?terkirim=nilai-{id}-{found.sequence}", _("Nilai juri disimpan.")
        )

    async def _page(  # noqa: PLR0917 - what a form needs to be shown again
        self,
        request: Request,
        asking: Asking,
        found: Asked[Competition],
        typed: Mapping[str, str],
        errors: Errors | None = None,
        status: int = 200,
    ) -> Response:
        if found.it.terms.jury is None:
            raise NotFound
        standings = (await read(asking.scoring, f"/competitions/{found.it.id}/standings", Standings)).it
        return await self._desk.pages(
            request,
            "curator/work/ranking/marks.html",
            status,
            it=found.it,
            version=found.sequence,
            jury=found.it.terms.jury,
            cells=standings.cells,
            typed=typed,
            errors=errors or Errors(),
        )


def typed_of(it: Competition) -> dict[str, str]:
    """`innovation.criterion` → mark, as the form shows it."""
    return {
        f"{each.innovation}.{slug}": f"{mark.normalize():f}".replace(".", ",")
        for each in it.marks or ()
        for slug, mark in each.marks.items()
    }


def table_of(typed: Mapping[str, str]) -> list[dict[str, Any]]:
    """The table as scoring takes it; an innovation without any mark is not in it."""
    table: dict[str, dict[str, float]] = {}
    for field, text in typed.items():
        innovation, _dot, slug = field.partition(".")
        value = decimal_of(text)
        if value is not None:
            table.setdefault(innovation, {})[slug] = float(value)
    return [{"innovation": innovation, "marks": marks} for innovation, marks in table.items()]
