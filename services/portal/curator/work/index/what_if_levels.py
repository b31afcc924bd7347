"""What-if by one innovation: other levels for its rows, and what they do to its maturity and to the region's index.
`/kurator/indeks/andai/inovasi`. Asked by GET: nothing is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from services.portal.curator.work.asking import Asking
from services.portal.curator.work.desk import Desk, Here
from services.portal.curator.work.index.levels_form import LevelsForm, found_by
from services.portal.curator.work.owner_answers.index import WhatIf
from services.portal.model.views.innovation import InnovationView
from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.owners.reading import unless_away
from services.portal.pages.forms import Errors
from services.portal.pages.language import _
from shared.auth.policy import Role
from shared.faults import NotFound
from shared.web.routes import Routes, get

HOME = "/kurator/indeks/andai/inovasi"
SHOWN = 25
"""Innovations that a search shows."""


class WhatIfLevelPages(Routes):
    """Questions to scoring about one innovation."""

    prefix = HOME

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def search(self, request: Request) -> Response:
        """Find the innovation to ask about, by words of its name (`?cari=`) and year."""
        here = await self._desk.here(request)
        year, words = here.year(request), request.query_params.get("cari", "").strip()[:200]
        found, more = await found_by(self._desk.model, here.region, words, SHOWN)
        return await self._desk.pages(
            request,
            "curator/work/index/what_if_search.html",
            year=year,
            asked=words,
            found=[(each, f"{HOME}/{each.id}?{urlencode({'tahun': year})}") for each in found],
            more=more,
            fresh=self._desk.model.freshness(),
            zone=here.zone,
        )

    @get("/{id}", Role.CURATOR)
    async def ask(self, request: Request, id: str) -> Response:
        """The rows with their levels, and with other levels the answer above them."""
        here = await self._desk.here(request)
        innovation = await self._desk.model.innovation(id)
        if innovation is None or innovation.region != here.region:
            raise NotFound
        asking = Asking(self._desk.owners, here.session)
        card = await unless_away(asking.scorecard(id))
        form = LevelsForm.sent(dict(request.query_params), here.year(request), card.rows if card else ())
        errors = Errors({f"level-{row}": _("Pilih level 0, 1, 2 atau 3.") for row in form.wrong})
        answer, away = None, False
        if card is not None and form.levels and not errors:
            answer, away = await self._answer(asking, here, form, innovation, errors)
        return await self._desk.pages(
            request,
            "curator/work/index/what_if_levels.html",
            422 if errors else 200,
            it=innovation,
            card=card,
            form=form,
            errors=errors,
            away=away,
            answer=answer,
            years=[(each, each) for each in sorted({*here.years, form.year}, reverse=True)],
            rows=form.rows(card.rows) if card else [],
        )

    @staticmethod
    async def _answer(
        asking: Asking, here: Here, form: LevelsForm, innovation: InnovationView, errors: Errors
    ) -> tuple[WhatIf | None, bool]:
        """The answer, and whether scoring is away. What it refuses is added to errors, at the row's field."""
        try:
            found = await asking.scoring.post("/what-if", form.question(here.region, innovation.id))
        except OwnerProblem as problem:
            errors.add_flaws(problem.flaws, flaw_fields(problem.flaws, innovation.id))
            if not errors:
                errors[""] = problem.detail
            return None, False
        except OwnerAway:
            return None, True
        return WhatIf.model_validate(found.body), False


def flaw_fields(flaws: Iterable[Mapping[str, str]], id: str) -> dict[str, str]:
    """Path of a flaw (`levels.<id>.16`) → field of the form; what is about the whole innovation has none."""
    found = {"year": "tahun", f"levels.{id}": ""}
    for path in (each["field"] for each in flaws):
        row = path.removeprefix(f"levels.{id}.")
        if row != path:
            found[path] = f"level-{row.partition('.')[0]}"
    return found
