"""What-if: how the next predicate is reached with the fewest steps. `/kurator/indeks/andai`.

Asked by GET: nothing is stored.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.curator.work.asking import Asking
from services.portal.curator.work.desk import Desk
from services.portal.curator.work.index.overview import index_of
from services.portal.curator.work.index.what_if_form import WhatIfForm
from services.portal.curator.work.owner_answers.index import Figure, Index, WhatIf
from services.portal.curator.work.owner_answers.spd import Spd
from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.owners.reading import Asked, read, unless_away
from services.portal.pages.forms import Errors
from services.portal.pages.language import N_, _
from shared.auth.policy import Role
from shared.contracts.affairs import AFFAIR_NAMES
from shared.faults import NotFound
from shared.web.routes import Routes, get

SENTENCES = {
    "tambah": N_("Tulis berapa inovasi baru, dari 0 sampai 50."),
    "kematangan": N_("Tulis poin kematangan tiap inovasi baru, misalnya 80."),
    "urusan": N_("Pilih urusan inovasi baru."),
}


class WhatIfPages(Routes):
    """Questions to scoring."""

    prefix = "/kurator/indeks/andai"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def ask(self, request: Request) -> Response:
        """The form, and with `?hitung=` the answer beside it."""
        here = await self._desk.here(request)
        year = here.year(request)
        asking = Asking(self._desk.owners, here.session)
        form = WhatIfForm.sent(dict(request.query_params))
        errors = Errors({field: _(SENTENCES[field]) for field in form.wrong})
        now = await unless_away(index_of(asking, here.region, year))
        figure = _figure(now.it, form.figure) if now and now.it else None
        target = form.target or (figure.next_predicate if figure else None)
        answer = None
        if now and now.it and not errors and (form.imagines or target):
            try:
                question = form.question(here.region, year, target)
                answer = WhatIf.model_validate((await asking.scoring.post("/what-if", question)).body)
            except OwnerProblem as problem:
                errors.add_flaws(problem.flaws, {"spd": "", "added": "tambah", "target.predicate": "tujuan"})
                if not errors:
                    errors[""] = problem.detail
            except OwnerAway:
                now = None
        spd = await unless_away(_spd(asking, here.region, year)) if now else None
        return await self._desk.pages(
            request,
            "curator/work/index/what_if.html",
            422 if errors else 200,
            year=year,
            years=[(each, each) for each in sorted({*here.years, year}, reverse=True)],
            form=form,
            errors=errors,
            away=now is None,
            why=now.why if now else "",
            known=bool(now and now.it),
            answer=answer,
            target=target or "",
            affairs=list(AFFAIR_NAMES.items()),
            spd=spd.it.rows if spd else (),
        )


async def _spd(asking: Asking, region: str, year: int) -> Asked[Spd] | None:
    try:
        return await read(asking.scoring, f"/spd/{region}/{year}", Spd)
    except NotFound:
        return None


def _figure(index: Index, name: str) -> Figure | None:
    return index.verified if name == "verified" else index.claimed
