"""`/opd/inovasi/{id}/profil/{step}`: one group of questions to a page, saved while typing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.portal.agency.desk import Desk
from services.portal.agency.editing.prints import prints_of
from services.portal.agency.editing.saving import Fields, Saved, save, seen
from services.portal.agency.innovation.detail import Innovation
from services.portal.agency.innovation.registry import InnovationClient
from services.portal.agency.profile.reading import form_of, read_step, words_in
from services.portal.agency.profile.shown import shown
from services.portal.agency.profile.steps import BY_SLUG, STEPS, Step, after, before, input_of
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, Form
from services.portal.pages.forms import form_of as sent_form
from services.portal.pages.language import _
from services.portal.pages.session import SignedIn, signed_in
from shared.auth.policy import Role
from shared.faults import Flaw
from shared.web.routes import Routes, get, post

OPENED = "asal"
"""The hidden field with the prints of the form."""

_INVALID, _CONFLICT = 422, 409


class ProfilePages(Routes):
    """The steps of the profile."""

    prefix = "/opd/inovasi/{id}/profil"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("/{slug}", Role.AGENCY)
    async def step(self, request: Request, id: str, slug: str) -> Response:
        """The questions of a step, with what is stored."""
        step, session = _step(slug), signed_in(request)
        innovation = await self._desk.innovation(session, id).read()
        if not innovation.is_open:
            return redirect(f"/opd/inovasi/{id}", _("Inovasi ini tidak dapat disunting sekarang."), "info")
        opened = prints_of(innovation.profile, step.names, seen(innovation, session.account))
        return await self._page(request, step, innovation, form_of(step, innovation.profile), Errors(), opened=opened)

    @post("/{slug}", Role.AGENCY)
    async def save(self, request: Request, id: str, slug: str) -> Response:
        """Store the step, and go on to the next one or back to the tasks."""
        step, session, form = _step(slug), signed_in(request), sent_form(request)
        saved, flaws = await self._save(session, id, step, form)
        errors = _errors([*flaws, *saved.flaws])
        if saved.conflicting:
            # from now on what is stored is known to the person: the next save may replace it
            opened = prints_of(saved.innovation.profile, step.names, seen(saved.innovation, session.account))
            return await self._page(
                request,
                step,
                saved.innovation,
                _entered(step, form),
                errors,
                opened=opened,
                conflicting=saved.conflicting,
                status=_CONFLICT,
            )
        if errors:
            return await self._page(
                request, step, saved.innovation, _entered(step, form), errors, opened=saved.opened, status=_INVALID
            )
        following = after(step) if form.text("lalu") == "lanjut" else None
        return redirect(
            f"/opd/inovasi/{id}/profil/{following.slug}?dari={slug}" if following else f"/opd/inovasi/{id}?dari={slug}"
        )

    @post("/{slug}/simpan", Role.AGENCY)
    async def autosave(self, request: Request, id: str, slug: str) -> Response:
        """Store what can be stored while the person goes on typing."""
        step, session, form = _step(slug), signed_in(request), sent_form(request)
        saved, flaws = await self._save(session, id, step, form)
        return await self._desk.pages(
            request,
            "agency/parts/autosave.html",
            action=f"/opd/inovasi/{id}/profil/{slug}",
            draft=f"{id}/{slug}",
            opened=saved.opened,
            at=self._desk.clock.now(),
            zone=await self._desk.zone(session),
            conflict=bool(saved.conflicting),
            words=_words(step, saved.innovation),
            unsaved=len(_errors([*flaws, *saved.flaws])),
        )

    async def _save(self, session: SignedIn, id: str, step: Step, form: Form) -> tuple[Saved, list[Flaw]]:
        client: InnovationClient = self._desk.innovation(session, id)
        values, flaws = read_step(step, form)

        async def store(read: Innovation, fields: Mapping[str, Any]) -> Innovation:
            return await client.rewrite(read, {**read.profile, **fields})

        fields = Fields(lambda it: it.profile, store)
        saved = await save(client, session.account, values, form.text(OPENED), fields)
        return saved, flaws

    async def _page(
        self,
        request: Request,
        step: Step,
        innovation: Innovation,
        form: Mapping[str, list[str]],
        errors: Errors,
        *,
        opened: str,
        conflicting: Sequence[str] = (),
        status: int = 200,
    ) -> Response:
        session = signed_in(request)
        stored = {
            each.name: shown(each, innovation.profile.get(each.name), _) or _("(kosong)")
            for each in step.questions
            if each.name in conflicting
        }
        return await self._desk.pages(
            request,
            "agency/step.html",
            status,
            innovation=innovation,
            step=step,
            questions=[(each.spoken(_), each.choices(_)) for each in step.questions],
            words=_words(step, innovation),
            number=STEPS.index(step) + 1,
            of=len(STEPS),
            previous=before(step),
            following=after(step),
            form=form,
            errors=errors,
            stored=stored,
            comment=innovation.comments.get("profile", ""),
            opened=opened,
            action=f"/opd/inovasi/{innovation.id}/profil/{step.slug}",
            draft=f"{innovation.id}/{step.slug}",
            sent=sent_draft(request, innovation.id),
            at=None,
            zone=await self._desk.zone(session),
            conflict=False,
            unsaved=0,
        )


def _words(step: Step, innovation: Innovation) -> list[tuple[str, int, int]]:
    """Label, number of words stored, least number, of the questions that ask for some."""
    return [
        (_(each.label), words_in(innovation.profile.get(each.name) or ""), each.words)
        for each in step.questions
        if each.words
    ]


def _step(slug: str) -> Step:
    if slug not in BY_SLUG:
        raise HTTPException(404)
    return BY_SLUG[slug]


def sent_draft(request: Request, id: str) -> str:
    """The key of the draft of the step that was stored just now, which the browser need not keep any more."""
    slug = request.query_params.get("dari", "")
    return f"{id}/{slug}" if slug in BY_SLUG else ""


def _entered(step: Step, form: Form) -> dict[str, list[str]]:
    """What was entered, to be shown again as it was."""
    inputs = {each.input for each in step.questions}
    return {name: form.texts(name) for name in form.values() if name.partition(".")[0] in inputs and form.text(name)}


def _errors(flaws: Sequence[Flaw | Mapping[str, str]]) -> Errors:
    """By question: a flaw's field is `profile.<question>…`."""
    errors = Errors()
    for each in flaws:
        path = each.field if isinstance(each, Flaw) else each["field"]
        parts = path.split(".")
        name = parts[1] if len(parts) > 1 and parts[0] == "profile" else path
        errors.add_flaws([each], {path: input_of(name)})
    return errors
