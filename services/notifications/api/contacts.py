"""The `/contacts` routes: the curator creates, imports, corrects and erases personal data (UU 27/2022)."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import Body, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.notifications.api.parameters import AgencyFilter, PersonInPath, RegionFilter, region_for
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.correction import corrected
from services.notifications.contacts.directory import ContactDirectory
from services.notifications.contacts.fields import Email, Mobile
from services.notifications.contacts.importing import ContactImporter
from services.notifications.contacts.repositories import contact_repository
from services.notifications.contacts.views import ContactAnswer, Contacts, ImportAnswer
from services.notifications.known import KnownFacts
from shared.auth.policy import Principal, Role
from shared.contracts.fields import Id, Name, RegionCode
from shared.faults import Conflict, Flaw, Invalid
from shared.ports.store import Store
from shared.storage.repository import Versioned
from shared.storage.steps import without_event
from shared.web.paging import paged
from shared.web.preconditions import IdempotencyKey, IfMatch, etag, fingerprint, idempotent_id
from shared.web.routes import After, Limit, Routes, Who, created, delete, get, post, put

_EXAMPLE: dict[str, Any] = {
    "contact": {
        "summary": "A person who can be notified",
        "value": {
            "region": "61.12",
            "agencies": ["0b8f3f0e-6f0c-5b1e-9b1c-2f8d7c1a4e55"],
            "name": "Pengelola inovasi",
            "email": "inovasi@dinas.example",
            "phone": "0812-3456-7890",
        },
    }
}
_TABLE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {
                "schema": {"type": "string"},
                "example": (
                    "nama,email,telepon,perangkat_daerah\n"
                    "Pengelola inovasi,inovasi@dinas.example,0812-3456-7890,Dinas Kesehatan\n"
                ),
            }
        },
    }
}


class ContactBody(BaseModel):
    """A person at one or more agencies of a region. Without an e-mail address the person cannot be notified."""

    model_config = ConfigDict(extra="forbid")

    region: RegionCode
    agencies: list[Id] = Field(min_length=1, max_length=200)
    name: Name
    email: Email | None = None
    phone: Mobile | None = None

    def contact(self, by: str, body: str = "") -> Contact:
        """As a new contact. by: the account's id; body: the request's fingerprint."""
        return Contact.of(**self.model_dump(), by=by, body=body)


class ContactRoutes(Routes):
    """due: set after a change, since a person may have become reachable."""

    prefix = "/contacts"
    tag = "contacts"

    def __init__(self, store: Store, known_facts: KnownFacts, importer: ContactImporter, due: asyncio.Event) -> None:
        self._contacts = contact_repository(store)
        self._directory = ContactDirectory(store)
        self._known_facts = known_facts
        self._importer = importer
        self._due = due

    @get("", Role.CURATOR, response_model=Contacts)
    async def list_contacts(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        region: RegionFilter = None,
        agency: AgencyFilter = None,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """List the contacts of the region, masked. With `agency`, a page may have fewer items than `limit`."""
        where = {"region": region_for(who, region), "erased": 0}
        page = await self._contacts.list(where, limit=limit, after=after)
        while agency is not None and page.after and not any(agency in each.value.agencies for each in page.items):
            page = await self._contacts.list(where, limit=limit, after=page.after)
        items = [ContactAnswer.masked(each) for each in page.items if agency is None or agency in each.value.agencies]
        return paged(request, response, items, page.after)

    @post("", Role.CURATOR, status_code=201)
    async def create_contact(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        body: Annotated[ContactBody, Body(openapi_examples=_EXAMPLE)],
    ) -> ContactAnswer:
        """Create a contact."""
        who.require_region(body.region)
        id = idempotent_id(who, key)
        found = await self._contacts.find(id)
        if found is not None and found.value.erased:
            raise Conflict("Kontak dengan kunci ini sudah dihapus; gunakan kunci baru.")
        if found is None:
            await self._require_own_agencies(body)
            await self._require_unused(body, id)
        body_print = fingerprint(body)
        new = body.contact(who.id, body_print.sent)
        await self._directory.register(id, new)
        contact = await self._contacts.create(id, new, fingerprint=body_print)
        if contact.changed:
            self._due.set()
        created(request, response, f"contacts/{id}", contact.sequence)
        return ContactAnswer.of(contact)

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
        """Create or update many contacts at once: a CSV table with the columns `nama`, `email`, `telepon`,
        `perangkat_daerah` (id or exact name; several separated by `|`). All lines are checked first; with one flaw,
        nothing is imported."""
        who.require_region(region)
        done = await self._importer.run(who.id, key, region, await request.body())
        self._due.set()
        return ImportAnswer.model_validate({**done.value.model_dump(), "id": done.id}, extra="ignore")

    @get("/{person}", Role.CURATOR)
    async def read_contact(self, *, who: Who, response: Response, person: PersonInPath) -> ContactAnswer:
        """Read a contact, unmasked."""
        return _answer(response, await self._require_own(who, person))

    @put("/{person}", Role.CURATOR)
    async def correct_contact(
        self,
        *,
        who: Who,
        response: Response,
        person: PersonInPath,
        expected: IfMatch,
        body: Annotated[ContactBody, Body(openapi_examples=_EXAMPLE)],
    ) -> ContactAnswer:
        """Correct a contact. A new address is unflagged. The region cannot be changed."""
        known = await self._require_own(who, person)
        if body.region != known.value.region:
            raise Invalid([Flaw("region", "immutable", "daerah kontak tidak dapat diubah")])
        await self._require_own_agencies(body)
        await self._require_unused(body, person)
        change = body.contact(who.id)
        await self._directory.register(person, change)

        def correct(contact: Contact) -> Contact | None:
            return None if contact.erased else corrected(contact, change)

        after = await self._contacts.amend(person, expected, without_event(correct))
        self._due.set()
        return _answer(response, after)

    @delete("/{person}", Role.CURATOR, status_code=204)
    async def erase_contact(self, *, who: Who, person: PersonInPath, expected: IfMatch) -> Response:
        """Erase a person's data. The messages that were sent stay on record, under the opaque id."""
        await self._require_own(who, person)
        await self._contacts.amend(person, expected, without_event(lambda it: it.without_personal_data(who.id)))
        return Response(status_code=204)

    async def _require_own(self, who: Principal, person: str) -> Versioned[Contact]:
        found = await self._contacts.get(person)
        if found.value.erased:
            raise self._contacts.missing()
        who.require_region(found.value.region)
        return found

    async def _require_own_agencies(self, body: ContactBody) -> None:
        """A contact is told of agencies of its own region only. One that is not known here yet is accepted."""
        foreign = await self._known_facts.foreign(body.region, body.agencies)
        why = "perangkat daerah ini bukan bagian dari daerah kontak"
        flaws = [
            Flaw(f"agencies.{number}", "other-region", why) for number, id in enumerate(body.agencies) if id in foreign
        ]
        if flaws:
            raise Invalid(flaws)

    async def _require_unused(self, body: ContactBody, person: str) -> None:
        """An address belongs to one contact of a region, or the same mail would be sent twice."""
        if body.email is None:
            return
        page = await self._contacts.list({"region": body.region, "email": body.email}, limit=2, after=None)
        if any(each.id != person for each in page.items):
            raise Conflict("Alamat surel ini sudah dipakai kontak lain di daerah ini.")


def _answer(response: Response, contact: Versioned[Contact]) -> ContactAnswer:
    etag(response, contact.sequence)
    return ContactAnswer.of(contact)
