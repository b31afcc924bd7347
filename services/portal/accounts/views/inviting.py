"""The pages `/pengguna/undangan`: people are invited, and open invitations renewed or revoked."""

from __future__ import annotations

from http import HTTPStatus
from uuid import uuid4

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.portal.accounts import scope
from services.portal.accounts.address import masked
from services.portal.accounts.api.invitations import InvitationBody
from services.portal.accounts.invitation import Invitation
from services.portal.accounts.inviting import Inviting, NewInvitation
from services.portal.accounts.refusals import AddressTaken
from services.portal.accounts.views.people import MANAGERS
from services.portal.choice.choice import AgencyChoice
from services.portal.choice.chooser import AgencyChooser
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, Form, form_of
from services.portal.pages.language import _
from services.portal.pages.render import Pages
from services.portal.pages.session import SignedIn, signed_in
from shared.auth.policy import Role
from shared.clock import machine_ms
from shared.faults import Forbidden, Invalid, KeyReused
from shared.storage.repository import Versioned
from shared.web.preconditions import fingerprint, idempotent_id
from shared.web.routes import Routes, get, post
from shared.web.validation import invalid_of

_HERE = "/pengguna/undangan"
_PAGE = 50
_EMPTY = dict.fromkeys(("nama", "surel", "peran", "daerah", "perangkat", "kunci"), "")
_FIELDS = {"name": "nama", "email": "surel", "role": "peran", "region": "daerah", "agencies": "perangkat"}


class InvitingPages(Routes):
    """agencies: chooses one of a region."""

    prefix = _HERE

    def __init__(self, pages: Pages, inviting: Inviting, agencies: AgencyChooser) -> None:
        self._pages = pages
        self._inviting = inviting
        self._agencies = agencies

    @get("", *MANAGERS)
    async def invitations(self, request: Request, after: str = "") -> Response:
        """A list of those that were not accepted."""
        me = signed_in(request)
        region = me.region if me.role is Role.CURATOR else None
        page = await self._inviting.page(region, limit=_PAGE, after=after or None)
        now = machine_ms()
        rows = [(each, masked(each.value.email), each.value.is_open(now)) for each in page.items]
        return await self._pages(request, "accounts/invitations.html", rows=rows, after=page.after, first=bool(after))

    @get("/baru", *MANAGERS)
    async def form(self, request: Request, peran: str = "", daerah: str = "") -> Response:
        """Ask whom to invite. peran, daerah: chosen already."""
        given = {"peran": peran, "daerah": daerah, "kunci": str(uuid4())}
        agency = await self._choice(signed_in(request), Form(given.items()))
        return await self._form(request, given, agency)

    @post("/baru", *MANAGERS)
    async def invite(self, request: Request) -> Response:
        """Invite. A form that is sent twice invites once."""
        form, me = form_of(request), signed_in(request)
        given, errors, made = form.values(), Errors(), None
        agency = await self._choice(me, form)
        if agency is not None and form.text("peran") == Role.AGENCY:
            agency.check(errors, required=False)
        try:
            body = InvitationBody.model_validate(_fields(form, me, agency))
            scope.require_may_invite(me, body.role, body.region)
            new = NewInvitation(body.name, body.email, body.role, body.region, tuple(body.agencies), by=me.account)
            key = form.text("kunci")[:100] or str(uuid4())
            if not errors:
                made = await self._inviting.create(idempotent_id(me.principal, key), new, fingerprint(body))
        except ValidationError as error:
            errors.add_flaws(invalid_of(error.errors()).flaws, _FIELDS)
        except Invalid as fault:
            errors.add_flaws(fault.flaws, _FIELDS)
        except AddressTaken as fault:
            errors["surel"] = fault.detail
        except Forbidden as fault:
            errors["peran"] = fault.detail
        except KeyReused:
            given["kunci"] = str(uuid4())
            errors[""] = _("Formulir ini sudah dikirim dengan isian lain. Periksa isiannya, lalu kirim sekali lagi.")
        if made is not None:
            return redirect(f"{_HERE}/{made.invitation.id}", _("Undangan sudah dibuat."))
        return await self._form(request, given, agency, errors)

    @get("/{id}", *MANAGERS)
    async def invitation(self, request: Request, id: str) -> Response:
        """One invitation; its link, for whoever has just made it and no mail carries it."""
        found = await self._managed(request, id)
        invitation = found.value
        known = await self._agencies.names(invitation.agencies)
        return await self._pages(
            request,
            "accounts/invitation.html",
            id=id,
            invitation=invitation,
            agencies=[known.get(each, each) for each in invitation.agencies],
            is_open=invitation.is_open(machine_ms()),
            link=self._inviting.told(found, signed_in(request).account),
        )

    @post("/{id}/ulang", *MANAGERS)
    async def renew(self, request: Request, id: str) -> Response:
        """Another link."""
        await self._managed(request, id)
        await self._inviting.renew(id, signed_in(request).account)
        return redirect(f"{_HERE}/{id}", _("Tautan baru sudah dibuat; tautan yang lama tidak berlaku lagi."))

    @post("/{id}/batal", *MANAGERS)
    async def revoke(self, request: Request, id: str) -> Response:
        """End its link."""
        await self._managed(request, id)
        await self._inviting.revoke(id)
        return redirect(_HERE, _("Undangan sudah dibatalkan."))

    async def _managed(self, request: Request, id: str) -> Versioned[Invitation]:
        found = await self._inviting.get(id)
        scope.require_manages(signed_in(request), found.value.role, found.value.region)
        return found

    async def _choice(self, me: SignedIn, form: Form) -> AgencyChoice | None:
        """The choice of an agency; None while none is known from which to choose, and its id is typed."""
        region = me.region or form.text("daerah")
        choice = await self._agencies.of(region, form, "perangkat") if region else None
        return None if choice is None or choice.is_empty else choice

    async def _form(
        self, request: Request, given: dict[str, str], agency: AgencyChoice | None, errors: Errors | None = None
    ) -> Response:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        return await self._pages(
            request,
            "accounts/invite.html",
            status,
            errors=errors or {},
            given={**_EMPTY, **given},
            roles=scope.roles_of(signed_in(request)),
            agency=agency,
            by_mail=self._inviting.sends_mail,
        )


def _fields(form: Form, me: SignedIn, agency: AgencyChoice | None) -> dict[str, object]:
    """The request as the API takes it. Only what fits the role is taken: the form shows all fields."""
    role = form.text("peran")
    region = me.region if me.role is not Role.OPERATOR else form.text("daerah") or None
    agencies = form.texts("perangkat") if agency is None else [agency.id] if agency.id else []
    return {
        "name": form.text("nama"),
        "email": form.text("surel"),
        "role": role,
        "region": None if role == Role.OPERATOR else region,
        "agencies": agencies if role == Role.AGENCY else [],
    }
