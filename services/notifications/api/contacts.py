"""The `/contacts` routes: curators and agencies create, import, correct and erase personal data (UU 27/2022)."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import Body, Query, Request, Response

from services.notifications.api.parameters import AgencyFilter, PersonInPath, RegionFilter
from services.notifications.contacts import notices
from services.notifications.contacts.access import ContactAccess
from services.notifications.contacts.bodies import EXAMPLE, ContactBody, ContactCorrection
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.correction import corrected
from services.notifications.contacts.importing import ContactImporter
from services.notifications.contacts.lists import ContactLists
from services.notifications.contacts.repositories import contact_repository
from services.notifications.contacts.role import ContactRole
from services.notifications.contacts.views import ContactAnswer, Contacts, ImportAnswer, NoticeAnswer
from services.notifications.contacts.waking import Waker
from services.notifications.contacts.writer import ContactWriter
from services.notifications.known import KnownFacts
from services.notifications.privacy.erasing import ContactErasure
from shared.auth.policy import EVERYBODY, Role
from shared.contracts.fields import RegionCode
from shared.faults import Conflict
from shared.ports.store import Store
from shared.storage.repository import Versioned
from shared.web.paging import paged
from shared.web.preconditions import IdempotencyKey, IfMatch, etag, fingerprint, idempotent_id
from shared.web.routes import After, Limit, Routes, Who, created, delete, get, post, put

_KEEPERS = (Role.AGENCY, Role.CURATOR)

_TABLE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {
                "schema": {"type": "string"},
                "example": (
                    "nama,peran,email,telepon,perangkat_daerah\n"
                    "Pengelola inovasi,petugas,inovasi@dinas.example,0812-3456-7890,Dinas Kesehatan\n"
                ),
            }
        },
    }
}


class ContactRoutes(Routes):
    """waker: told whose contacts have changed."""

    prefix = "/contacts"
    tag = "contacts"

    def __init__(
        self,
        store: Store,
        known_facts: KnownFacts,
        importer: ContactImporter,
        waker: Waker,
        erasing: ContactErasure,
    ) -> None:
        self._contacts = contact_repository(store)
        self._lists = ContactLists(store)
        self._access = ContactAccess(store, known_facts)
        self._writer = ContactWriter(store, waker)
        self._importer = importer
        self._erasing = erasing

    @get("", *_KEEPERS, response_model=Contacts)
    async def list_contacts(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        region: RegionFilter = None,
        agency: AgencyFilter = None,
        role: Annotated[ContactRole | None, Query(description="Only those with this role.")] = None,
        closed: Annotated[
            bool | None, Query(description="Only those with (`true`) or without a closed address.")
        ] = None,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """List contacts: of the curator's region, masked; for an agency its own, in full. A list by agency may have
        pages with fewer items than `limit`."""
        self._access.require_list(who, region, agency)
        if who.role is Role.AGENCY or agency is not None:
            agencies = who.agencies if agency is None else frozenset({agency})
            page = await self._lists.of_agencies(
                agencies, who.region, role=role, closed=closed, limit=limit, after=after
            )
        else:
            page = await self._lists.of_region(who.region or "", role=role, closed=closed, limit=limit, after=after)
        show = ContactAnswer.of if who.role is Role.AGENCY else ContactAnswer.masked
        return paged(request, response, [show(each) for each in page.items], page.after)

    @post("", *_KEEPERS, status_code=201)
    async def create_contact(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        body: Annotated[ContactBody, Body(openapi_examples=EXAMPLE)],
    ) -> ContactAnswer:
        """Create a contact. An agency's account creates officers and heads of its own agencies."""
        self._access.require_body(who, body)
        id = idempotent_id(who, key)
        found = await self._contacts.find(id)
        if found is not None and found.value.erased:
            raise Conflict("Kontak dengan kunci ini sudah dihapus; gunakan kunci baru.")
        if found is None:
            await self._access.require_valid(body, id)
        sent = fingerprint(body)
        new = body.contact(by=who.id, own=who.role is Role.AGENCY, body=sent.sent)
        contact = await self._writer.create(id, new, sent)
        created(request, response, f"contacts/{id}", contact.sequence)
        return ContactAnswer.of(contact, body)

    @post("/import", Role.CURATOR, status_code=201, openapi_extra=_TABLE)
    async def import_contacts(
        self,
        *,
        who: Who,
        request: Request,
        key: IdempotencyKey,
        region: Annotated[
            RegionCode, Query(description="The region of all contacts in the table.", examples=["61.12"])
        ],
    ) -> ImportAnswer:
        """Create or update many contacts at once: a CSV table with the columns `nama` and `perangkat_daerah` (id or
        exact name; several separated by `|`), and any of `email`, `telepon`, `telepon_kantor`, `peran` (`petugas`,
        `kepala`, `kurator`, `pimpinan`), `saluran` (`surel`, `whatsapp`), `berlaku_dari`, `berlaku_sampai`,
        `setuju_whatsapp` (`ya`, `tidak`). An empty cell leaves what is stored. All lines are checked first; with one
        flaw, nothing is imported."""
        who.require_region(region)
        done = await self._importer.run(who.id, key, region, await request.body())
        return ImportAnswer.model_validate({**done.value.model_dump(), "id": done.id}, extra="ignore")

    @get("/notice", *EVERYBODY)
    async def read_notice(self) -> NoticeAnswer:
        """Read the notice that a person whose data is entered is given, and the text of the consent to WhatsApp."""
        return NoticeAnswer(
            version=(version := notices.current(notices.NOTICE)),
            text=notices.texts(notices.NOTICE)[version],
            whatsapp_version=(whatsapp := notices.current(notices.WHATSAPP)),
            whatsapp_text=notices.texts(notices.WHATSAPP)[whatsapp],
        )

    @get("/{person}", *_KEEPERS)
    async def read_contact(self, *, who: Who, response: Response, person: PersonInPath) -> ContactAnswer:
        """Read a contact, in full. An agency reads those of its own agencies."""
        return _answer(response, await self._access.readable(who, person))

    @put("/{person}", *_KEEPERS)
    async def correct_contact(
        self,
        *,
        who: Who,
        response: Response,
        person: PersonInPath,
        expected: IfMatch,
        body: Annotated[ContactCorrection, Body(openapi_examples=EXAMPLE)],
    ) -> ContactAnswer:
        """Correct a contact. A replaced address, or another person (`another_person`), is told what still holds; a
        closed address is used again with `reopen`. The region cannot be changed. An agency corrects those that belong
        to its own agencies only."""
        found = await self._access.changeable(who, person, body)
        self._access.require_body(who, body)
        await self._access.require_valid(body, person, found.value)
        change = body.contact(by=who.id, own=who.role is Role.AGENCY)
        correct = partial(_corrected, change=change, another_person=body.another_person, reopen=body.reopen)
        after = await self._writer.change(person, correct, expected)
        if after.value.erased:
            raise self._contacts.missing()
        return _answer(response, after, body)

    @delete("/{person}", *_KEEPERS, status_code=204)
    async def erase_contact(self, *, who: Who, person: PersonInPath, expected: IfMatch) -> Response:
        """Erase a person's data. The messages that were sent stay on record, under the opaque id, and no restore brings
        the data back. An agency erases those that belong to its own agencies only."""
        await self._access.changeable(who, person)
        await self._erasing.erase(person, who.id, expected)
        return Response(status_code=204)


def _corrected(before: Contact | None, change: Contact, *, another_person: bool, reopen: bool) -> Contact | None:
    if before is None or before.erased:
        return None
    return corrected(before, change, another_person=another_person, reopen=reopen)


def _answer(response: Response, contact: Versioned[Contact], body: ContactBody | None = None) -> ContactAnswer:
    etag(response, contact.sequence)
    return ContactAnswer.of(contact, body)
