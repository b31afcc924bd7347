"""Contacts: the personal data, kept, corrected and erased by the curator (UU 27/2022)."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.notifications.api.parameters import (
    COMMAND,
    After,
    AgencyAsked,
    Limit,
    PersonInPath,
    RegionAsked,
    region_for,
)
from services.notifications.contacts import contact as contacts
from services.notifications.contacts.fields import Email, Mobile
from services.notifications.contacts.importing import Importing
from services.notifications.kinds import CONTACT
from services.notifications.views import ContactAnswer, Contacts, ImportAnswer
from shared.auth.policy import Principal, Role, allow
from shared.contracts.fields import Id, Name, RegionCode
from shared.faults import Conflict, Flaw, Invalid, KeyReused, NotFound
from shared.ports.store import Decision, Document, State, Store
from shared.web.paging import paged
from shared.web.preconditions import IdempotencyKey, IfMatch, etag, fingerprint, idempotent_id

Curator = Annotated[Principal, allow(Role.CURATOR)]
_EXAMPLE: dict[str, Any] = {
    "contact": {
        "summary": "Somebody who can be told",
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
    """A person at one or more agencies of a region. Without an e-mail address nobody can be told yet."""

    model_config = ConfigDict(extra="forbid")

    region: RegionCode
    agencies: list[Id] = Field(min_length=1, max_length=200)
    name: Name
    email: Email | None = None
    phone: Mobile | None = None

    def described(self, body: str) -> State:
        """As a contact's state."""
        return contacts.described(**self.model_dump(), body=body)


class ContactsRoutes:
    """Answers for `/contacts`. A change rings `bell`: somebody may have become reachable."""

    def __init__(self, store: Store, importing: Importing, due: asyncio.Event) -> None:
        self._store = store
        self._importing = importing
        self._due = due

    def routes(self) -> APIRouter:
        """Its routes."""
        router = APIRouter(prefix="/contacts", tags=["contacts"])
        router.add_api_route("", self.list_contacts, methods=["GET"], response_model=Contacts)
        router.add_api_route(
            "", self.create_contact, methods=["POST"], status_code=201, response_model=ContactAnswer,
            dependencies=[COMMAND],
        )  # fmt: skip
        router.add_api_route(
            "/import", self.import_contacts, methods=["POST"], status_code=201, response_model=ImportAnswer,
            dependencies=[COMMAND], openapi_extra=_TABLE,
        )  # fmt: skip
        router.add_api_route("/{person}", self.read_contact, methods=["GET"], response_model=ContactAnswer)
        router.add_api_route(
            "/{person}", self.correct_contact, methods=["PUT"], response_model=ContactAnswer, dependencies=[COMMAND]
        )
        router.add_api_route(
            "/{person}", self.erase_contact, methods=["DELETE"], status_code=204, dependencies=[COMMAND]
        )
        return router

    async def list_contacts(
        self,
        *,
        who: Curator,
        request: Request,
        response: Response,
        region: RegionAsked = None,
        agency: AgencyAsked = None,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """Contacts of the region, masked. Those of one agency: a page may hold fewer than `limit`."""
        where = {"region": region_for(who, region), "erased": 0}
        page = await self._store.find(CONTACT.name, where, limit=limit, after=after)
        while (
            agency is not None and page.after and not any(agency in each.state["agencies"] for each in page.documents)
        ):
            page = await self._store.find(CONTACT.name, where, limit=limit, after=page.after)
        items = [
            ContactAnswer.masked(each) for each in page.documents if agency is None or agency in each.state["agencies"]
        ]
        return paged(request, response, items, page.after)

    async def create_contact(
        self,
        *,
        who: Curator,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        body: Annotated[ContactBody, Body(openapi_examples=_EXAMPLE)],
    ) -> ContactAnswer:
        """Keep a contact."""
        who.require_region(body.region)
        id, asked = idempotent_id(who, key), fingerprint(body)
        document = await self._store.get(CONTACT.name, id)
        if document is None:
            await self._require_unused(body, id)
            state = body.described(asked)
            document = await self._store.change(CONTACT.name, id, lambda now: None if now else (state, None))
            self._due.set()
        if document.state["erased"]:
            raise Conflict("Kontak dengan kunci ini sudah dihapus; gunakan kunci baru.")
        if document.state["created_by_body"] != asked:
            raise KeyReused("Kunci ini sudah dipakai untuk isian lain.")
        response.headers["Location"] = f"{request.scope.get('root_path', '')}/contacts/{id}"
        return _answer(response, document)

    async def import_contacts(
        self,
        *,
        who: Curator,
        request: Request,
        key: IdempotencyKey,
        region: Annotated[RegionCode, Query(description="Whose contacts these are.", examples=["61.12"])],
    ) -> ImportAnswer:
        """Keep many contacts at once: a CSV table with the columns `nama`, `email`, `telepon`, `perangkat_daerah` (id
        or exact name; several parted by `|`). All lines are checked first; one fault, and nothing is kept."""
        who.require_region(region)
        document = await self._importing.take(who.id, key, region, await request.body())
        self._due.set()
        return ImportAnswer.model_validate({**document.state, "id": document.id}, extra="ignore")

    async def read_contact(self, *, who: Curator, response: Response, person: PersonInPath) -> ContactAnswer:
        """A contact, in full."""
        return _answer(response, await self._own(who, person))

    async def correct_contact(
        self,
        *,
        who: Curator,
        response: Response,
        person: PersonInPath,
        expected: IfMatch,
        body: Annotated[ContactBody, Body(openapi_examples=_EXAMPLE)],
    ) -> ContactAnswer:
        """Correct a contact. A new address is unflagged. The region cannot be changed."""
        known = await self._own(who, person)
        if body.region != known.state["region"]:
            raise Invalid([Flaw("region", "immutable", "daerah kontak tidak dapat diubah")])
        await self._require_unused(body, person)
        change = body.described("")

        def decide(state: State | None) -> Decision:
            if state is None or state["erased"]:
                return None
            after = contacts.corrected(state, change)
            return (after, None) if after != state else None

        document = await self._store.change(CONTACT.name, person, decide, expected=expected)
        self._due.set()
        return _answer(response, document)

    async def erase_contact(self, *, who: Curator, person: PersonInPath, expected: IfMatch) -> Response:
        """Erase a person's data. What was sent stays in the ledger, under the opaque id."""
        await self._own(who, person)
        await self._store.change(
            CONTACT.name, person, lambda state: (contacts.erased(state), None) if state else None, expected=expected
        )
        return Response(status_code=204)

    async def _own(self, who: Principal, person: str) -> Document:
        document = await self._store.get(CONTACT.name, person)
        if document is None or document.state["erased"]:
            raise NotFound("Kontak ini tidak ada.")
        who.require_region(document.state["region"])
        return document

    async def _require_unused(self, body: ContactBody, person: str) -> None:
        """One person for one address, or the same mail would come twice."""
        if body.email is None:
            return
        where = {"region": body.region, "email": body.email}
        page = await self._store.find(CONTACT.name, where, limit=2)
        if any(each.id != person for each in page.documents):
            raise Conflict("Alamat surel ini sudah dipakai kontak lain di daerah ini.")


def _answer(response: Response, document: Document) -> ContactAnswer:
    etag(response, document.sequence)
    return ContactAnswer.of(document)
