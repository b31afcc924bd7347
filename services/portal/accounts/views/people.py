"""The pages `/pengguna`: the accounts of others. A curator sees those of the own region, an operator all."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from http import HTTPStatus

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.portal.accounts import scope
from services.portal.accounts.account import Account
from services.portal.accounts.address import masked
from services.portal.accounts.api.accounts import AccountBody
from services.portal.accounts.managing import AccountFilter, Managing
from services.portal.accounts.refusals import AddressTaken
from services.portal.accounts.resetting import Resetting
from services.portal.accounts.sessions import Sessions
from services.portal.choice.choice import AgencyChoice
from services.portal.choice.chooser import AgencyChooser
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, Form, form_of
from services.portal.pages.language import _
from services.portal.pages.render import Pages
from services.portal.pages.session import signed_in
from shared.auth.policy import Role
from shared.faults import Invalid
from shared.storage.repository import Versioned
from shared.web.routes import Routes, get, post
from shared.web.validation import invalid_of

MANAGERS = (Role.CURATOR, Role.OPERATOR)
ADDED = "tambah"
_PAGE = 50


@dataclass(frozen=True)
class _Given:
    """What the form shows."""

    name: str
    email: str
    agencies: tuple[str, ...]


class PeoplePages(Routes):
    """agencies: chooses one of a region."""

    prefix = "/pengguna"

    def __init__(
        self, pages: Pages, managing: Managing, resetting: Resetting, sessions: Sessions, agencies: AgencyChooser
    ) -> None:
        self._pages = pages
        self._managing = managing
        self._resetting = resetting
        self._sessions = sessions
        self._agencies = agencies

    @get("", *MANAGERS)
    async def accounts(self, request: Request, daerah: str = "", after: str = "") -> Response:
        """A list of accounts. daerah: of this region, for an operator."""
        me = signed_in(request)
        region = me.region if me.role is Role.CURATOR else daerah or None
        page = await self._managing.page(AccountFilter(region), limit=_PAGE, after=after or None)
        rows = [(each, masked(each.value.email), scope.manages(me, each.value)) for each in page.items]
        return await self._pages(
            request, "accounts/people.html", rows=rows, wanted=daerah, after=page.after, first=bool(after)
        )

    @get("/{id}", *MANAGERS)
    async def account(self, request: Request, id: str) -> Response:
        """One account, and what can be done with it."""
        found = await self._managed(request, id)
        me = signed_in(request)
        return await self._pages(
            request,
            "accounts/person.html",
            id=id,
            account=found.value,
            version=found.sequence,
            agencies=await self._names(found.value),
            sessions=await self._sessions.of_account(found),
            by_mail=self._resetting.sends_mail,
            link=await self._resetting.told(id, me.account),
            own=id == me.account,
        )

    @get("/{id}/ubah", *MANAGERS)
    async def form(self, request: Request, id: str) -> Response:
        """Another name, address or agencies."""
        found = await self._managed(request, id)
        return await self._form(request, found, _Given(found.value.name, found.value.email, found.value.agencies))

    @post("/{id}/ubah", *MANAGERS)
    async def change(self, request: Request, id: str) -> Response:
        """Store them."""
        form = form_of(request)
        found = await self._managed(request, id)
        adding, errors = await self._adding(found, form), Errors()
        agencies = dict.fromkeys(form.texts("perangkat"))
        if adding is not None:
            adding.check(errors, required=False)
            if adding.id:
                agencies[adding.id] = None
        given = _Given(form.text("nama"), form.text("surel"), tuple(agencies))
        try:
            body = AccountBody.model_validate(asdict(given))
            if not errors:
                await self._managing.describe(id, body.name, body.email, tuple(body.agencies))
        except ValidationError as error:
            errors.add_flaws(invalid_of(error.errors()).flaws, _FIELDS)
        except Invalid as fault:
            errors.add_flaws(fault.flaws, _FIELDS)
        except AddressTaken as fault:
            errors["surel"] = fault.detail
        if errors:
            return await self._form(request, found, given, errors, adding)
        return redirect(f"/pengguna/{id}", _("Akun sudah diubah."))

    @post("/{id}/tutup", *MANAGERS)
    async def close(self, request: Request, id: str) -> Response:
        """Let nobody sign in with it."""
        await self._managed(request, id)
        if id == signed_in(request).account:
            return redirect(f"/pengguna/{id}", _("Akun Anda sendiri tidak dapat Anda tutup."), "warning")
        await self._managing.close(id)
        return redirect(f"/pengguna/{id}", _("Akun sudah ditutup dan semua sesinya diakhiri."))

    @post("/{id}/buka", *MANAGERS)
    async def open(self, request: Request, id: str) -> Response:
        """Let its person sign in again."""
        await self._managed(request, id)
        await self._managing.open(id)
        return redirect(f"/pengguna/{id}", _("Akun sudah dibuka kembali."))

    @post("/{id}/keluarkan", *MANAGERS)
    async def sign_out(self, request: Request, id: str) -> Response:
        """End all of its sessions."""
        await self._managed(request, id)
        await self._managing.sign_out(id)
        return redirect(f"/pengguna/{id}", _("Semua sesi akun ini sudah diakhiri."))

    @post("/{id}/hapus-dua-langkah", *MANAGERS)
    async def remove_second_factor(self, request: Request, id: str) -> Response:
        """For a lost telephone."""
        await self._managed(request, id)
        await self._managing.remove_second_factor(id)
        return redirect(f"/pengguna/{id}", _("Verifikasi dua langkah akun ini sudah dimatikan."))

    @post("/{id}/atur-ulang", *MANAGERS)
    async def reset(self, request: Request, id: str) -> Response:
        """Send a link to choose another password; without a server for mails, show it to an operator."""
        await self._managed(request, id)
        me = signed_in(request)
        if self._resetting.sends_mail:
            if await self._resetting.send(id):
                return redirect(f"/pengguna/{id}", _("Tautan atur ulang kata sandi sudah dikirim ke alamat surelnya."))
            return redirect(f"/pengguna/{id}", _("Sudah terlalu banyak surel dikirim; coba lagi nanti."), "warning")
        if me.role is not Role.OPERATOR:
            return redirect(f"/pengguna/{id}", _("Tanpa server surel, hanya operator yang dapat melakukannya."), "info")
        await self._resetting.link(id, me.account)
        return redirect(f"/pengguna/{id}#tautan")

    async def _managed(self, request: Request, id: str) -> Versioned[Account]:
        found = await self._managing.get(id)
        scope.require_manages(signed_in(request), found.value.role, found.value.region)
        return found

    async def _names(self, account: Account) -> list[str]:
        known = await self._agencies.names(account.agencies)
        return [known.get(each, each) for each in account.agencies]

    async def _adding(self, found: Versioned[Account], form: Form) -> AgencyChoice | None:
        """The choice of a further agency; None for who has none."""
        region = found.value.region
        if not region or found.value.role is not Role.AGENCY:
            return None
        return await self._agencies.of(region, form, ADDED)

    async def _form(
        self,
        request: Request,
        found: Versioned[Account],
        given: _Given,
        errors: Errors | None = None,
        adding: AgencyChoice | None = None,
    ) -> Response:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        own = found.value.agencies
        present = list(zip(own, await self._names(found.value), strict=True))
        adding = adding or await self._adding(found, Form(()))
        if adding is not None and adding.options is not None:
            adding = replace(adding, options=[each for each in adding.options if each.id not in own])
        return await self._pages(
            request,
            "accounts/person_form.html",
            status,
            errors=errors or {},
            id=found.id,
            account=found.value,
            given=given,
            present=present,
            adding=adding,
        )


_FIELDS = {"name": "nama", "email": "surel", "agencies": "perangkat"}
