"""Reminders by hand, `/kurator/kepatuhan/pengingat`: choose agencies that owe, read who would be told what, send, and
see what became of it. Choosing and reading are asked by GET: nothing is stored before the button is pressed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from services.portal.curator.office.reason_words import CHANNEL, DEFERRED
from services.portal.curator.work.board.cell import CellState, cell_of
from services.portal.curator.work.board.reminding.answers import ReminderRequest, Reminders
from services.portal.curator.work.board.reminding.words import OUTCOME, SILENCE
from services.portal.curator.work.desk import Desk, Here
from services.portal.curator.work.entered import year_of
from services.portal.model.views.duty import BoardOrder, BoardRow
from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.owners.client import OwnerClient
from services.portal.owners.reading import read, unless_away
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, Form, form_of
from services.portal.pages.language import _
from shared.auth.policy import Role
from shared.contracts.message import ON_REQUEST
from shared.web.routes import Routes, get, post

HOME = "/kurator/kepatuhan/pengingat"
ON_A_PAGE = 100
"""Agencies that one page offers, and one request names: an address with their ids stays short."""

_OWING = (CellState.OVERDUE, CellState.OPEN)
REFUSED, AWAY = 422, 503


class ReminderPages(Routes):
    """Asks notifications in the curator's name."""

    prefix = HOME

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def choose(self, request: Request) -> Response:
        """The agencies that still owe their innovation of a year (`?tahun=`), the late ones first."""
        return await self._choose(request, await self._desk.here(request), Errors())

    @get("/periksa", Role.CURATOR)
    async def check(self, request: Request) -> Response:
        """Who of the chosen agencies (`?opd=`, several times) would be told what, and who not and why."""
        here = await self._desk.here(request)
        asked = request.query_params.getlist("opd")
        form = Form([("tahun", request.query_params.get("tahun", "")), *(("opd", each) for each in asked)])
        if not form.texts("opd"):
            errors = Errors({"opd": _("Pilih paling sedikit satu perangkat daerah.")})
            return await self._choose(request, here, errors, REFUSED)
        return await self._check(request, here, form, Errors())

    @post("", Role.CURATOR)
    async def send(self, request: Request) -> Response:
        """Ask for it. Sent twice, the form is one request."""
        here, form, errors = await self._desk.here(request), form_of(request), Errors()
        try:
            answer = await self._owner(here).post("/reminders", _body(here, form), key=form.text("key"))
        except OwnerProblem as problem:
            errors[""] = next((each["message"] for each in problem.flaws), problem.detail)
            return await self._check(request, here, form, errors, problem.status)
        except OwnerAway:
            errors[""] = _(
                "Bagian sistem yang mengirim pesan sedang tidak menjawab. Coba lagi; tidak akan terkirim dua kali."
            )
            return await self._check(request, here, form, errors, AWAY)
        made = ReminderRequest.model_validate(answer.body)
        return redirect(f"{HOME}/{made.id}", _("Permintaan dicatat."))

    @get("/{id}", Role.CURATOR)
    async def sent(self, request: Request, id: str) -> Response:
        """What became of a request, with the way to the messages and their proof."""
        here = await self._desk.here(request)
        found = await unless_away(read(self._owner(here), f"/reminders/{id}", ReminderRequest))
        return await self._desk.pages(
            request,
            "curator/work/board/reminding/sent.html",
            it=found.it if found else None,
            what=ON_REQUEST,
            **_words(),
            zone=here.zone,
        )

    async def _choose(self, request: Request, here: Here, errors: Errors, status: int = 200) -> Response:
        query = request.query_params
        year = year_of(query.get("tahun"), here.duty_year)
        page = await self._desk.model.board(here.region, (year,), query.get("sesudah"), ON_A_PAGE, BoardOrder.LATE)
        owing = [(each, cell_of(year, each.duty, here.today)) for each in page.items]
        owing = [(row, cell) for row, cell in owing if cell.state in _OWING and not row.retired]
        late = [row.agency for row, cell in owing if cell.state is CellState.OVERDUE]
        kept = {"tahun": year}
        return await self._desk.pages(
            request,
            "curator/work/board/reminding/choose.html",
            status,
            year=year,
            years=[(each, each) for each in sorted({*here.years, year}, reverse=True)],
            owing=owing,
            chosen=set(late) if query.get("pilih") == "terlambat" else set(query.getlist("opd")),
            late=len(late),
            names=await self._names([row for row, _ in owing]),
            errors=errors,
            all_late=f"?{urlencode({**kept, 'pilih': 'terlambat', **_place(query.get('sesudah'))})}",
            next_page=f"?{urlencode({**kept, 'sesudah': page.after})}" if page.after else None,
            first_page=f"?{urlencode(kept)}" if query.get("sesudah") else None,
            fresh=self._desk.model.freshness(),
            zone=here.zone,
        )

    async def _check(self, request: Request, here: Here, form: Form, errors: Errors, status: int = 200) -> Response:
        body, owner = _body(here, form), self._owner(here)
        found: Reminders | None = None
        try:
            found = Reminders.model_validate((await owner.post("/reminders/preview", body)).body)
        except OwnerProblem as problem:
            errors.setdefault("", next((each["message"] for each in problem.flaws), problem.detail))
            status = problem.status if status < REFUSED - 1 else status
        except OwnerAway:
            found = None
        text = await self._text(here, found) if found and found.told else None
        return await self._desk.pages(
            request,
            "curator/work/board/reminding/check.html",
            status,
            it=found,
            text=text,
            agencies=body["agencies"],
            year=body["year"],
            key=form.text("key"),
            errors=errors,
            back=f"{HOME}?{urlencode([('tahun', body['year']), *(('opd', each) for each in body['agencies'])])}",
            **_words(),
            zone=here.zone,
        )

    async def _text(self, here: Here, found: Reminders) -> dict[str, Any] | None:
        """What the message to the first of the agencies says."""
        first = found.told[0]
        try:
            answer = await self._owner(here).get(
                "/preview",
                region=here.region,
                agency=first.agency,
                year=found.year,
                what=ON_REQUEST,
                channel=first.recipients[0].channel,
            )
        except (OwnerProblem, OwnerAway):
            return None
        return {**answer.body, "agency_name": first.agency_name}

    async def _names(self, rows: Sequence[BoardRow]) -> dict[str, str]:
        """Agency's id → name; a row that was not counted yet has none of its own."""
        nameless = [each.agency for each in rows if not each.agency_name]
        known = await self._desk.model.agencies_by_id(nameless) if nameless else {}
        own = {each.agency: each.agency_name for each in rows}
        return own | {id: each.name for id, each in known.items()}

    def _owner(self, here: Here) -> OwnerClient:
        return self._desk.owners.notifications(here.session)


def _body(here: Here, form: Form) -> dict[str, Any]:
    year = year_of(form.text("tahun"), here.duty_year)
    return {"region": here.region, "year": year, "agencies": list(dict.fromkeys(form.texts("opd")))}


def _place(after: str | None) -> dict[str, str]:
    return {"sesudah": after} if after else {}


def _words() -> dict[str, Any]:
    return {
        "outcomes": {key: _(text) for key, text in OUTCOME.items()},
        "silence": {key: _(text) for key, text in SILENCE.items()},
        "words": {key: _(text) for key, text in (DEFERRED | CHANNEL).items()},
    }
