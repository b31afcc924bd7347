"""The pages of the groups: for the innovation's agency, and for its region's curator."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from services.portal.answered.continuation import Continuation
from services.portal.choice.choice import AgencyChoice
from services.portal.choice.chooser import AgencyChooser
from services.portal.continuation import lines, words
from services.portal.continuation.group import Body, Group, Row
from services.portal.continuation.groups import GROUPS, can_change
from services.portal.continuation.saving import Refused, save
from services.portal.owners.client import Owners
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, Form, form_of
from services.portal.pages.language import _
from services.portal.pages.prints import print_of
from services.portal.pages.render import Pages
from services.portal.pages.session import signed_in
from shared.auth.policy import Role
from shared.faults import NotFound
from shared.web.routes import Routes, get, post

_INVALID = 422


@dataclass(frozen=True)
class Place:
    """Where a page is. home: of the groups' pages; back: the page of the continuation; ideas: public ideas."""

    home: str
    back: str
    ideas: str


@dataclass(frozen=True)
class Shown:
    """What a page shows besides what is stored. added: the number of the line that was just added."""

    group: Group
    place: Place
    form: Form
    opened: str
    errors: Errors = field(default_factory=Errors)
    refused: Refused | None = None
    added: int | None = None


class GroupPages(Routes):
    """One form for each group; both roles have the same rights."""

    def __init__(self, pages: Pages, owners: Owners, agencies: AgencyChooser) -> None:
        self._pages = pages
        self._owners = owners
        self._agencies = agencies

    @get("/opd/inovasi/{id}/kelanjutan/{group}", Role.AGENCY)
    async def read_as_agency(self, request: Request, id: str, group: str) -> Response:
        """The form with what is stored."""
        return await self._read(request, id, group, _of_agency(id))

    @post("/opd/inovasi/{id}/kelanjutan/{group}", Role.AGENCY)
    async def save_as_agency(self, request: Request, id: str, group: str) -> Response:
        """Store it, or add or remove a line."""
        return await self._save(request, id, group, _of_agency(id))

    @get("/kurator/inovasi/{id}/kelanjutan/{group}", Role.CURATOR)
    async def read_as_curator(self, request: Request, id: str, group: str) -> Response:
        """The form with what is stored."""
        return await self._read(request, id, group, _of_curator(id))

    @post("/kurator/inovasi/{id}/kelanjutan/{group}", Role.CURATOR)
    async def save_as_curator(self, request: Request, id: str, group: str) -> Response:
        """Store it, or add or remove a line."""
        return await self._save(request, id, group, _of_curator(id))

    async def _read(self, request: Request, id: str, slug: str, place: Place) -> Response:
        group, known = _group(slug), await self._known(request, id)
        if not can_change(known):
            return _unchangeable(place)
        stored = group.stored(known)
        form = Form(group.typed(stored).items())
        if group.list_of is not None and not lines.sent(form, group.list_of):
            form = lines.lengthened(form, group.list_of)
        return await self._page(request, known, Shown(group, place, form, print_of(stored)))

    async def _save(self, request: Request, id: str, slug: str, place: Place) -> Response:
        group, known = _group(slug), await self._known(request, id)
        if not can_change(known):
            return _unchangeable(place)
        sent, errors = form_of(request), Errors()
        opened = sent.text("asal")
        if group.list_of is not None and lines.is_edited(sent):
            form, added = lines.edited(sent, group.list_of)
            return await self._page(request, known, Shown(group, place, form, opened, added=added))
        form = lines.compact(sent, group.list_of) if group.list_of else sent
        if group.names_agency is not None and group.names_agency(form):
            agency = await self._agency(known, form)
            agency.check(errors)
            form = Form([*form.values().items(), ("opd", agency.id)])
        body = group.read(form, errors, known)
        if errors:
            return await self._page(request, known, Shown(group, place, form, opened, errors), _INVALID)
        registry = self._owners.registry(signed_in(request))
        refused = await save(registry, known, group, body, opened)
        if refused is None:
            return redirect(place.back, _(group.said))
        if refused.stored is not None:
            opened = print_of(refused.stored)
        shown = Shown(group, place, form, opened, refused.errors, refused)
        return await self._page(request, known, shown, refused.status)

    async def _known(self, request: Request, id: str) -> Continuation:
        """Raises NotFound, also for another region's; OwnerProblem, OwnerAway."""
        session = signed_in(request)
        answer = await self._owners.registry(session).get(f"/innovations/{id}/continuation")
        known = Continuation.model_validate(answer.body)
        if known.region != session.region:
            raise NotFound
        return known

    async def _agency(self, known: Continuation, form: Form) -> AgencyChoice:
        """The agency that fosters what comes from the community, by default the innovation's own."""
        stored = known.origin.fostering_agency if known.origin else None
        now = stored or known.agency
        return await self._agencies.of(known.region, form, now=now, also={now, known.agency})

    async def _fostering(self, stored: Body) -> list[Row]:
        id = stored.get("fostering_agency", "")
        names = await self._agencies.names([id]) if id else {}
        return [{"key": _("Perangkat daerah pembina"), "value": name} for name in names.values()]

    async def _page(self, request: Request, known: Continuation, shown: Shown, status: int = 200) -> Response:
        session = signed_in(request)
        innovation = await self._owners.registry(session).get(f"/innovations/{known.id}")
        group, listed = shown.group, shown.group.list_of
        stored = shown.refused.stored if shown.refused else None
        return await self._pages(
            request,
            "continuation/group.html",
            status,
            group=group,
            name=innovation.body["profile"].get("name") or _("Rancangan tanpa nama"),
            place=shown.place,
            form=shown.form.values(),
            lines=lines.sent(shown.form, listed) if listed else [],
            added=shown.added,
            opened=shown.opened,
            errors=shown.errors,
            stored=None if stored is None else [*group.shown(stored), *await self._fostering(stored)],
            agency=await self._agency(known, shown.form) if group.names_agency else None,
            origin=known.origin,
            words=words,
            focus={"data-focus": "", "autofocus": ""},
        )


def _of_agency(id: str) -> Place:
    return Place(f"/opd/inovasi/{id}/kelanjutan", f"/opd/inovasi/{id}/tindak-lanjut", "/opd/gagasan")


def _of_curator(id: str) -> Place:
    return Place(f"/kurator/inovasi/{id}/kelanjutan", f"/kurator/inovasi/{id}/tahapan", "/kurator/kantor/ide")


def _unchangeable(place: Place) -> Response:
    return redirect(place.back, _("Inovasi yang sudah ditarik tidak dapat diubah lagi."), "info")


def _group(slug: str) -> Group:
    """Raises NotFound."""
    if slug not in GROUPS:
        raise NotFound
    return GROUPS[slug]
