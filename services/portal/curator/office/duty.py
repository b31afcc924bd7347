"""Who owes an innovation, how many, and by when: `/kurator/kantor/kewajiban`. Each change is a revision of its own."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.curator.office.duty_form import DeadlineForm, PolicyForm, Wrong
from services.portal.curator.office.sending import REFUSED, sent
from services.portal.curator.work.desk import Desk, Here
from services.portal.curator.work.words import KIND, choices
from services.portal.model.views.region import RegionView
from services.portal.owners.answers import Answer
from services.portal.owners.caught_up import done
from services.portal.owners.reading import version
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, Form, form_of
from services.portal.pages.language import N_, _
from shared.auth.policy import Role
from shared.contracts.vocabulary import CountsWhen
from shared.faults import NotFound
from shared.web.routes import Routes, get, post

HOME = "/kurator/kantor/kewajiban"
SENTENCES = {
    Wrong.EMPTY: N_("Wajib diisi."),
    Wrong.YEAR: N_("Tulis tahun dengan empat angka."),
    Wrong.HOUR: N_("Tulis jam seperti 16.00."),
    Wrong.COUNT: N_("Tulis angka dari 1 sampai 100."),
}
COUNTS_WHEN = {
    CountsWhen.SUBMITTED: N_("begitu diajukan"),
    CountsWhen.VERIFIED: N_("setelah diverifikasi kurator"),
}


class DutyPages(Routes):
    """The region's deadlines and policies."""

    prefix = HOME

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def show(self, request: Request) -> Response:
        """What is in force, with the history."""
        here = await self._desk.here(request)
        view = _known(here)
        deadlines = [(year, view.deadline(year)) for year in view.years]
        return await self._desk.pages(
            request,
            "curator/office/duty.html",
            deadlines=[(year, each) for year, each in deadlines if each],
            history=sorted(view.deadlines, key=lambda each: (-each.year, -each.revision)),
            policies=sorted(view.policies, key=lambda each: (-each.from_year, -each.revision)),
            in_force=view.policy(here.today.year),
            kinds=dict(choices(KIND)),
            counts_when={each.value: _(text) for each, text in COUNTS_WHEN.items()},
            zone=here.zone,
        )

    @get("/tenggat", Role.CURATOR)
    async def ask_deadline(self, request: Request) -> Response:
        """The form of a year's deadline."""
        here = await self._desk.here(request)
        view, year = _known(here), here.year(request)
        deadline = view.deadline(year)
        form = DeadlineForm.stored(deadline) if deadline else DeadlineForm(str(year), f"{year}-12-31")
        return await self._deadline_page(request, here, form, Errors())

    @post("/tenggat", Role.CURATOR)
    async def set_deadline(self, request: Request) -> Response:
        """Set or move it; many at once becoming overdue must be confirmed."""
        here = await self._desk.here(request)
        fields, view = form_of(request), _known(here)
        form = DeadlineForm.of(fields.values())
        if form.wrong:
            return await self._deadline_page(request, here, form, _errors(form.wrong), REFUSED)
        registry = self._desk.owners.registry(here.session)
        path = f"/regions/{view.code}/deadlines"
        outcome = await sent(registry.post(path, form.body(), version=fields.text("versi")), DeadlineForm.names)
        if outcome.answer is None:
            overdue = outcome.confirm.get("confirm_overdue")
            return await self._deadline_page(request, here, form, outcome.errors, outcome.status, overdue=overdue)
        said = _("Tenggat %(year)s disimpan dan berlaku sekarang.") % {"year": form.year}
        return await self._back(view, outcome.answer, said)

    @post("/tenggat/{year}/batalkan", Role.CURATOR)
    async def cancel_deadline(self, request: Request, year: int) -> Response:
        """The year has no duty until another deadline is set."""
        here = await self._desk.here(request)
        fields, view = form_of(request), _known(here)
        deadline = view.deadline(year)
        if deadline is None:
            raise NotFound
        form, errors = DeadlineForm.stored(deadline), Errors()
        errors.require(fields, "dasar-batal")
        if errors:
            return await self._deadline_page(request, here, form, errors, REFUSED, cancelling=fields)
        registry = self._desk.owners.registry(here.session)
        path, body = f"/regions/{view.code}/deadlines/{year}/cancel", {"basis": fields.text("dasar-batal")}
        outcome = await sent(registry.post(path, body, version=fields.text("versi")), {"basis": "dasar-batal"})
        if outcome.answer is None:
            return await self._deadline_page(request, here, form, outcome.errors, outcome.status, cancelling=fields)
        said = _("Tenggat %(year)s dibatalkan; tahun itu tanpa kewajiban.") % {"year": year}
        return await self._back(view, outcome.answer, said)

    @get("/kebijakan", Role.CURATOR)
    async def ask_policy(self, request: Request) -> Response:
        """The form of a further revision, as the policy is now."""
        here = await self._desk.here(request)
        policy = _known(here).policy(here.today.year)
        if policy is None:
            raise NotFound
        return await self._policy_page(request, here, PolicyForm.stored(policy, here.today.year), Errors())

    @post("/kebijakan", Role.CURATOR)
    async def set_policy(self, request: Request) -> Response:
        """Add the revision."""
        here = await self._desk.here(request)
        fields, view = form_of(request), _known(here)
        form = PolicyForm.of(fields.values(), fields.texts("jenis"), fields.under("paling-sedikit"))
        if form.wrong:
            return await self._policy_page(request, here, form, _errors(form.wrong), REFUSED)
        registry = self._desk.owners.registry(here.session)
        command = registry.post(f"/regions/{view.code}/policies", form.body(), version=fields.text("versi"))
        outcome = await sent(command, PolicyForm.names)
        if outcome.answer is None:
            return await self._policy_page(request, here, form, outcome.errors, outcome.status)
        said = _("Kebijakan sejak %(year)s disimpan.") % {"year": form.from_year}
        return await self._back(view, outcome.answer, said)

    async def _back(self, view: RegionView, answer: Answer, said: str) -> Response:
        return redirect(HOME, await done(self._desk.model, f"region/{view.code}", answer, said))

    async def _deadline_page(  # noqa: PLR0917 - what a form needs to be shown again
        self,
        request: Request,
        here: Here,
        form: DeadlineForm,
        errors: Errors,
        status: int = 200,
        overdue: int | None = None,
        *,
        cancelling: Form | None = None,
    ) -> Response:
        view = _known(here)
        year = int(form.year) if form.year.isdecimal() else here.today.year
        present = view.deadline(year)
        return await self._desk.pages(
            request,
            "curator/office/deadline.html",
            status,
            form=form,
            errors=errors,
            overdue=overdue,
            cancelling=cancelling,
            year=year,
            present=present if present and not present.cancelled else None,
            version=version(view.sequence),
            zone=here.zone,
        )

    async def _policy_page(
        self, request: Request, here: Here, form: PolicyForm, errors: Errors, status: int = 200
    ) -> Response:
        return await self._desk.pages(
            request,
            "curator/office/policy.html",
            status,
            form=form,
            errors=errors,
            kinds=choices(KIND),
            counts_when=[(each.value, _(text)) for each, text in COUNTS_WHEN.items()],
            version=version(_known(here).sequence),
        )


def _known(here: Here) -> RegionView:
    """Raises NotFound while the read model does not know the region."""
    if here.view is None:
        raise NotFound
    return here.view


def _errors(wrong: dict[str, Wrong]) -> Errors:
    return Errors({field: _(SENTENCES[each]) for field, each in wrong.items()})
