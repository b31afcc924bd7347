"""`/opd/inovasi/{id}/bukti/{row}`: the claim for one indicator, saved while typing, with its files beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.portal.agency.desk import Desk
from services.portal.agency.editing.prints import prints_of
from services.portal.agency.editing.saving import Fields, Saved, save, seen
from services.portal.agency.evidence.catalogue import Catalogue, Indicator
from services.portal.agency.evidence.claim import FIELDS, claim_of, form_of, is_empty, read_claim
from services.portal.agency.evidence.shown import bands_of, claim_in_words, kinds_in_words, levels_of
from services.portal.agency.innovation.detail import Innovation
from services.portal.agency.profile.pages import OPENED
from services.portal.agency.score.asking import score_of
from services.portal.answered.evidence import Evidence
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, Form
from services.portal.pages.forms import form_of as sent_form
from services.portal.pages.language import _
from services.portal.pages.session import SignedIn, signed_in
from shared.auth.policy import Role
from shared.faults import Flaw
from shared.web.routes import Routes, get, post

_INVALID, _CONFLICT = 422, 409
_NOTHING = Evidence()


@dataclass(frozen=True)
class Shown:
    """What a row's page shows besides what is stored."""

    form: Mapping[str, list[str]]
    opened: str
    errors: Errors
    conflicting: Sequence[str] = ()


class RowPages(Routes):
    """The pages of indicators."""

    prefix = "/opd/inovasi/{id}/bukti"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("/{row}", Role.AGENCY)
    async def row(self, request: Request, id: str, row: str) -> Response:
        """The indicator with what is asked, what is claimed, its files, and the points."""
        session = signed_in(request)
        innovation = await self._desk.innovation(session, id).read()
        return await self.page(request, innovation, row)

    @post("/{row}", Role.AGENCY)
    async def save(self, request: Request, id: str, row: str) -> Response:
        """Store the claim, and go on."""
        session, form = signed_in(request), sent_form(request)
        catalogue, indicator = await self._indicator(session, row)
        saved, flaws = await self._save(session, id, indicator, form)
        errors = _errors([*flaws, *saved.flaws])
        entered = {name: [form.text(name)] for name in FIELDS if form.has(name)}
        if saved.conflicting:
            return await self.page(
                request,
                saved.innovation,
                row,
                Shown(entered, _opened(saved.innovation, row, session.account), errors, saved.conflicting),
                _CONFLICT,
            )
        if errors:
            return await self.page(request, saved.innovation, row, Shown(entered, saved.opened, errors), _INVALID)
        following = catalogue.after(row) if form.text("lalu") == "lanjut" else None
        to = f"/opd/inovasi/{id}/bukti/{following.number}" if following else f"/opd/inovasi/{id}"
        return redirect(f"{to}?dari={row}")

    @post("/{row}/simpan", Role.AGENCY)
    async def autosave(self, request: Request, id: str, row: str) -> Response:
        """Store what can be stored while the person goes on."""
        desk, session, form = self._desk, signed_in(request), sent_form(request)
        _catalogue, indicator = await self._indicator(session, row)
        saved, flaws = await self._save(session, id, indicator, form)
        return await desk.pages(
            request,
            "agency/parts/row_saved.html",
            action=f"/opd/inovasi/{id}/bukti/{row}",
            draft=f"{id}/{row}",
            opened=saved.opened,
            at=desk.clock.now(),
            zone=await desk.zone(session),
            conflict=bool(saved.conflicting),
            words=(),
            unsaved=len(_errors([*flaws, *saved.flaws])),
            score=await score_of(desk, session, saved.innovation),
            indicator=indicator,
        )

    @post("/{row}/kosongkan", Role.AGENCY)
    async def drop(self, request: Request, id: str, row: str) -> Response:
        """Remove the claim and all files of the row."""
        client = self._desk.innovation(signed_in(request), id)
        innovation = await client.read()
        if row in innovation.evidence:
            await client.drop(innovation, row)
        return redirect(f"/opd/inovasi/{id}/bukti/{row}?dari={row}", _("Isian dan berkas indikator ini sudah dihapus."))

    async def page(
        self, request: Request, innovation: Innovation, row: str, shown: Shown | None = None, status: int = 200
    ) -> Response:
        """The page of a row. shown: what was entered, by default what is stored."""
        desk, session = self._desk, signed_in(request)
        catalogue, indicator = await self._indicator(session, row)
        stored = innovation.evidence.get(row, _NOTHING)
        if shown is None:
            shown = Shown(form_of(claim_of(stored)), _opened(innovation, row, session.account), Errors())
        if not innovation.is_open:
            return redirect(f"/opd/inovasi/{innovation.id}", _("Inovasi ini tidak dapat disunting sekarang."), "info")
        return await desk.pages(
            request,
            "agency/row.html",
            status,
            innovation=innovation,
            indicator=indicator,
            place=[each.number for each in catalogue.indicators].index(row) + 1,
            of=len(catalogue.indicators),
            following=catalogue.after(row),
            levels=levels_of(indicator, innovation.profile.get("nature")),
            bands=bands_of(indicator.scale) if indicator.scale else "",
            kinds=kinds_in_words(indicator),
            row=stored,
            form=shown.form,
            errors=shown.errors,
            stored=claim_in_words(stored, shown.conflicting),
            comment=innovation.comments.get(row, ""),
            opened=shown.opened,
            action=f"/opd/inovasi/{innovation.id}/bukti/{row}",
            draft=f"{innovation.id}/{row}",
            sent=sent_row(request, innovation.id),
            score=await score_of(desk, session, innovation),
            zone=await desk.zone(session),
            at=None,
            conflict=False,
            unsaved=0,
            words=(),
        )

    async def _save(self, session: SignedIn, id: str, indicator: Indicator, form: Form) -> tuple[Saved, list[Flaw]]:
        client, row = self._desk.innovation(session, id), indicator.number
        before = (await client.read()).evidence.get(row, _NOTHING)
        claim, flaws = read_claim(indicator, form, before)

        async def store(read: Innovation, fields: Mapping[str, Any]) -> Innovation:
            had = read.evidence.get(row)
            whole = {**claim_of(had or _NOTHING), **fields}
            if is_empty(whole) and not (had and had.files):
                return await client.drop(read, row) if had else read
            return await client.claim(read, row, whole)

        kept = Fields(lambda it: _claim(it, row), store)
        saved = await save(client, session.account, claim, form.text(OPENED), kept)
        return saved, flaws

    async def _indicator(self, session: SignedIn, row: str) -> tuple[Catalogue, Indicator]:
        catalogue = await self._desk.catalogue(session)
        indicator = catalogue.indicator(row)
        if indicator is None:
            raise HTTPException(404)
        return catalogue, indicator


def sent_row(request: Request, id: str) -> str:
    """The key of the draft that was stored just now, of the row or of a file's letter, which the browser need not keep
    any more."""
    sent = request.query_params.get("dari", "")
    return f"{id}/{sent}" if sent.replace("/", "").isalnum() else ""


def _claim(innovation: Innovation, row: str) -> Mapping[str, Any]:
    return claim_of(innovation.evidence.get(row, _NOTHING))


def _opened(innovation: Innovation, row: str, account: str) -> str:
    return prints_of(_claim(innovation, row), FIELDS, seen(innovation, account))


def _errors(flaws: Sequence[Flaw | Mapping[str, str]]) -> Errors:
    errors = Errors()
    for each in flaws:
        path = each.field if isinstance(each, Flaw) else each["field"]
        errors.add_flaws([each], {path: path.split(".")[0]})
    return errors
