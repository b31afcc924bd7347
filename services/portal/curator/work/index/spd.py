"""SPD, the regional government's own rows: a list with points, and a page for each. `/kurator/indeks/spd/{year}`."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.curator.work.asking import Asking
from services.portal.curator.work.desk import Desk, Here
from services.portal.curator.work.index.spd_form import SpdForm, Wrong, with_row
from services.portal.curator.work.owner_answers.catalogue import Indicator
from services.portal.curator.work.owner_answers.spd import Spd, SpdRow
from services.portal.owners.answers import OwnerProblem
from services.portal.owners.reading import Asked, read, unless_away, version
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, form_of
from services.portal.pages.language import N_, _
from shared.auth.policy import Role
from shared.faults import NotFound
from shared.web.routes import Routes, get, post

REFUSED = 422
SENTENCES = {
    Wrong.NUMBER: N_("Tulis angka, misalnya 5,23 atau 1.234,5."),
    Wrong.DAY: N_("Tanggal ini tidak dapat dibaca."),
    Wrong.PROOF: N_("Sebutkan tautan, atau nomor dan tanggal dokumen."),
    Wrong.LINK: N_("Tulis alamat web lengkap, misalnya https://bps.go.id/."),
    Wrong.NOTHING: N_("Pilih level, atau isi nilainya."),
}
_PARTS = {"number": "nomor", "dated": "tanggal", "subject": "tentang", "link": "tautan"}


class SpdPages(Routes):
    """The entry of SPD."""

    prefix = "/kurator/indeks/spd/{year}"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def rows(self, request: Request, year: int) -> Response:
        """All rows with their points and what is missing."""
        here = await self._desk.here(request)
        asking = Asking(self._desk.owners, here.session)
        try:
            found, unknown = await unless_away(_spd(asking, here, year)), False
        except NotFound:  # no catalogue of that year has these rows
            found, unknown = None, True
        return await self._desk.pages(
            request,
            "curator/work/index/spd.html",
            year=year,
            years=[(each, each) for each in sorted({*here.years, year}, reverse=True)],
            spd=found.it if found else None,
            away=found is None and not unknown,
            sent=request.query_params.get("terkirim", ""),
        )

    @get("/{row}", Role.CURATOR)
    async def row(self, request: Request, year: int, row: str) -> Response:
        """One row's form."""
        here = await self._desk.here(request)
        asking = Asking(self._desk.owners, here.session)
        found = await _spd(asking, here, year)
        shown, indicator = _shown(found.it, row), await _indicator(asking, found.it, row)
        form = SpdForm.stored(shown, _unit(indicator))
        return await self._page(request, found, shown, indicator, form)

    @post("/{row}", Role.CURATOR)
    async def enter(self, request: Request, year: int, row: str) -> Response:
        """Replace the row."""
        here = await self._desk.here(request)
        asking, sent = Asking(self._desk.owners, here.session), form_of(request)
        found = await _spd(asking, here, year)
        shown, indicator = _shown(found.it, row), await _indicator(asking, found.it, row)
        form = SpdForm.sent(sent.values(), _unit(indicator))
        errors = Errors({field: _(SENTENCES[wrong]) for field, wrong in form.wrong.items()})
        if errors:
            return await self._page(request, found, shown, indicator, form, errors, REFUSED)
        if sent.text("versi") != str(found.sequence) and not sent.has("tetap"):
            errors[""] = _("SPD diubah orang lain sementara Anda mengisi. Periksa isian Anda, lalu simpan sekali lagi.")
            return await self._page(request, found, shown, indicator, form, errors, 412)
        body = with_row(found.it, row, form.entry())
        try:
            await asking.scoring.put(f"/spd/{here.region}/{year}", body, version=version(found.sequence))
        except OwnerProblem as problem:
            errors.add_flaws(problem.flaws, _names(row, form))
            if not errors:
                errors[""] = problem.detail
            return await self._page(request, found, shown, indicator, form, errors, problem.status)
        said = _("Baris %(row)s disimpan. Indeks menyusul dalam beberapa detik.") % {"row": row}
        return redirect(f"/kurator/indeks/spd/{year}?terkirim=spd-{year}-{row}-{found.sequence}", said)

    async def _page(  # noqa: PLR0917 - what a form needs to be shown again
        self,
        request: Request,
        found: Asked[Spd],
        row: SpdRow,
        indicator: Indicator | None,
        form: SpdForm,
        errors: Errors | None = None,
        status: int = 200,
    ) -> Response:
        return await self._desk.pages(
            request,
            "curator/work/index/spd_row.html",
            status,
            spd=found.it,
            version=found.sequence,
            row=row,
            takes_value=indicator is not None and indicator.scale is not None,
            note=indicator.note if indicator else None,
            form=form,
            faults=[each.message for each in found.it.faults if each.row == row.row],
            errors=errors or Errors(),
        )


async def _spd(asking: Asking, here: Here, year: int) -> Asked[Spd]:
    return await read(asking.scoring, f"/spd/{here.region}/{year}", Spd)


def _shown(spd: Spd, number: str) -> SpdRow:
    row = spd.row(number)
    if row is None:
        raise NotFound
    return row


async def _indicator(asking: Asking, spd: Spd, number: str) -> Indicator | None:
    try:
        return (await asking.catalogue(spd.catalogue.name)).region_row(number)
    except NotFound:
        return None


def _unit(indicator: Indicator | None) -> str | None:
    return indicator.scale.unit if indicator and indicator.scale else None


def _names(row: str, form: SpdForm) -> dict[str, str]:
    """Path of a flaw → field of the form."""
    names = {f"rows.{row}.level": "level", f"rows.{row}.value": "nilai", f"rows.{row}": "level"}
    sent = [at for at, proof in enumerate(form.proofs) if any(proof.values())]
    for place, at in enumerate(sent):
        names[f"rows.{row}.evidence.{place}"] = f"nomor-{at}"
        names |= {f"rows.{row}.evidence.{place}.{part}": f"{field}-{at}" for part, field in _PARTS.items()}
    return names
