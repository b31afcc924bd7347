"""`/kurator/tahapan/aturan`: the region's rules of continuation, one form for each part of them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.answered.rules import Pipeline, Rules
from services.portal.continuation import lines
from services.portal.continuation.group import Body
from services.portal.curator.work.asking import Asking
from services.portal.curator.work.continuation.rules import shown, terms
from services.portal.curator.work.continuation.rules.filled import Filled, Part
from services.portal.curator.work.continuation.rules.terms import MOST_PIPELINES, RANGES, STAGES
from services.portal.curator.work.desk import Desk, Here
from services.portal.owners.answers import OwnerProblem
from services.portal.owners.reading import Asked, read, version
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Form, form_of
from services.portal.pages.language import _
from services.portal.pages.prints import print_of
from shared.auth.policy import Role
from shared.faults import NotFound
from shared.web.routes import Routes, get, post

HOME = "/kurator/tahapan/aturan"
_REFUSED, _STALE = 422, 412


class RulesPages(Routes):
    """Read and change them."""

    prefix = HOME

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def read(self, request: Request) -> Response:
        """Everything but the stages, and the pipelines to choose from."""
        found = await self._rules(await self._desk.here(request))
        stored = terms.general(found.it)
        return await self._general(request, found, Filled(Form(terms.general_typed(stored).items()), print_of(stored)))

    @post("", Role.CURATOR)
    async def change(self, request: Request) -> Response:
        """Change everything but the pipelines."""
        here, form = await self._desk.here(request), form_of(request)
        found = await self._rules(here)
        filled = Filled(form, form.text("asal"))
        body = terms.read_general(form, filled.errors)
        part = Part(terms.general(found.it), lambda it: {**terms.terms_of(found.it), **it}, shown.general_shown)
        if await self._saved(here, found, part, body, filled):
            return redirect("/kurator/tahapan", _("Aturan kelanjutan disimpan."))
        return await self._general(request, found, filled)

    @get("/jalur-baru", Role.CURATOR)
    async def new(self, request: Request) -> Response:
        """The form of a new pipeline."""
        found = await self._rules(await self._desk.here(request))
        return await self._pipeline(request, found, None, Filled(lines.lengthened(Form(()), STAGES), ""))

    @post("/jalur-baru", Role.CURATOR)
    async def add(self, request: Request) -> Response:
        """Add it, or change the lines of its form."""
        here = await self._desk.here(request)
        return await self._save_pipeline(request, here, await self._rules(here), None)

    @get("/jalur/{line}", Role.CURATOR)
    async def read_pipeline(self, request: Request, line: str) -> Response:
        """A pipeline with its stages."""
        found = await self._rules(await self._desk.here(request))
        known = _known(found.it, line)
        stored = terms.pipeline_of(known)
        filled = Filled(Form(terms.pipeline_typed(stored).items()), print_of(stored))
        return await self._pipeline(request, found, known, filled)

    @post("/jalur/{line}", Role.CURATOR)
    async def change_pipeline(self, request: Request, line: str) -> Response:
        """Change it, or the lines of its form."""
        here = await self._desk.here(request)
        found = await self._rules(here)
        return await self._save_pipeline(request, here, found, _known(found.it, line))

    @post("/jalur/{line}/hapus", Role.CURATOR)
    async def remove_pipeline(self, request: Request, line: str) -> Response:
        """Remove it. The registry refuses that while innovations are at one of its stages."""
        here, opened = await self._desk.here(request), form_of(request).text("asal")
        found = await self._rules(here)
        known = _known(found.it, line)
        stored = terms.pipeline_of(known)
        filled = Filled(Form(terms.pipeline_typed(stored).items()), print_of(stored))
        if filled.opened != opened:
            filled.errors[""] = _("Jalur ini baru saja diubah. Periksa lagi, lalu hapus bila memang perlu.")
            filled.status = _STALE
        elif await self._put(here, found, terms.without_pipeline(found.it, line), filled):
            return redirect(HOME, _("Jalur dihapus."))
        return await self._pipeline(request, found, known, filled)

    async def _save_pipeline(
        self, request: Request, here: Here, found: Asked[Rules], known: Pipeline | None
    ) -> Response:
        sent = form_of(request)
        opened = sent.text("asal")
        if lines.is_edited(sent):
            form, added = lines.edited(sent, STAGES)
            return await self._pipeline(request, found, known, Filled(form, opened, added=added))
        filled = Filled(lines.compact(sent, STAGES), opened)
        taken = [each.slug for each in found.it.pipelines]
        body = terms.read_pipeline(filled.form, filled.errors, known, taken)
        stored = terms.pipeline_of(known) if known else None
        part = Part(stored, lambda it: terms.with_pipeline(found.it, it), shown.pipeline_shown)
        if await self._saved(here, found, part, body, filled):
            return redirect(HOME, _("Jalur “%(name)s” disimpan.") % {"name": body["name"]})
        return await self._pipeline(request, found, known, filled)

    async def _saved(self, here: Here, found: Asked[Rules], part: Part, body: Body, filled: Filled) -> bool:
        """Whether a part is stored; else `filled` says why."""
        if filled.errors:
            filled.status = _REFUSED
            return False
        if part.stored is not None and part.stored != body and print_of(part.stored) != filled.opened:
            filled.opened, filled.theirs, filled.status = print_of(part.stored), part.shown(part.stored), _STALE
            return False
        return await self._put(here, found, part.whole(body), filled)

    async def _put(self, here: Here, found: Asked[Rules], whole: Body, filled: Filled) -> bool:
        registry = self._desk.owners.registry(here.session)
        try:
            await registry.put(f"/regions/{here.region}/continuation-rules", whole, version=version(found.sequence))
        except OwnerProblem as problem:
            filled.status = problem.status
            filled.errors.add_flaws(problem.flaws, {each["field"]: _field(each["field"]) for each in problem.flaws})
            if problem.is_stale:
                filled.errors[""] = _("Aturan ini baru saja berubah. Periksa lagi, lalu kirim.")
            elif not filled.errors:
                filled.errors[""] = problem.detail
            return False
        return True

    async def _rules(self, here: Here) -> Asked[Rules]:
        registry = Asking(self._desk.owners, here.session).registry
        return await read(registry, f"/regions/{here.region}/continuation-rules", Rules)

    async def _general(self, request: Request, found: Asked[Rules], filled: Filled) -> Response:
        return await self._desk.pages(
            request,
            "curator/work/continuation/rules.html",
            filled.status,
            it=found.it,
            built_in=not found.sequence,
            filled=filled,
            form=filled.form.values(),
            ranges=RANGES,
            can_add=len(found.it.pipelines) < MOST_PIPELINES,
        )

    async def _pipeline(
        self, request: Request, found: Asked[Rules], known: Pipeline | None, filled: Filled
    ) -> Response:
        return await self._desk.pages(
            request,
            "curator/work/continuation/pipeline.html",
            filled.status,
            it=known,
            filled=filled,
            form=filled.form.values(),
            lines=lines.sent(filled.form, STAGES),
            most=STAGES.most,
            can_remove=known is not None and len(found.it.pipelines) > 1,
            focus={"data-focus": "", "autofocus": ""},
        )


def _known(rules: Rules, slug: str) -> Pipeline:
    """Raises NotFound."""
    known = next((each for each in rules.pipelines if each.slug == slug), None)
    if known is None:
        raise NotFound
    return known


def _field(path: str) -> str:
    """The field of a form that a flaw of the registry is about: `pipelines.1.stages.0.name` → `stages.0.name`."""
    parts = path.split(".")
    return ".".join(parts[2:]) if parts[0] == "pipelines" else parts[-1]
