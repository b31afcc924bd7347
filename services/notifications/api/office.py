"""The `/office` route: how messages name the curator's office of a region."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, Path, Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from services.notifications.api.parameters import IfMatchIfInForce, expected_version
from services.notifications.contacts.fields import Email
from services.notifications.known import KnownFacts
from services.notifications.messages.office import OfficeDocument, office_repository
from shared.auth.policy import Role
from shared.contracts.fields import LINE, RegionCode
from shared.faults import NotFound, Stale
from shared.ports.store import Store
from shared.storage.repository import Versioned
from shared.storage.steps import without_event
from shared.web.preconditions import etag
from shared.web.problems import MEDIA_TYPE
from shared.web.routes import Routes, Who, get, put

RegionInPath = Annotated[RegionCode, Path(description="The region's code.", examples=["61.12"])]
Telephone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=r"^[0-9+() .,/-]*$")]
OfficeName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=120, pattern=LINE)]
_PROBLEM: dict[str, Any] = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
_CONFLICTS: dict[int | str, dict[str, Any]] = {
    412: {"description": "Sudah diubah pihak lain", **_PROBLEM},
    428: {"description": "If-Match wajib ada", **_PROBLEM},
}
_EXAMPLE = {
    "office": {
        "summary": "The planning agency",
        "value": {
            "name": "Bappedalitbang Kabupaten Kubu Raya",
            "telephone": "(0561) 000000",
            "reply_to": "kurator@kuburaya.example",
        },
    }
}


class OfficeBody(BaseModel):
    """name, telephone: as they are to be read; reply_to: an office's address, not a person's."""

    model_config = ConfigDict(extra="forbid")

    name: OfficeName
    telephone: Telephone = ""
    reply_to: Email | None = None


class OfficeAnswer(BaseModel):
    """The office of a region."""

    region: str
    name: str
    telephone: str
    reply_to: str | None

    @classmethod
    def of(cls, office: OfficeDocument) -> OfficeAnswer:
        """From the stored office."""
        return cls(region=office.region, name=office.name, telephone=office.telephone, reply_to=office.reply_to or None)


class OfficeRoutes(Routes):
    """Read and changed by the curator of the region."""

    prefix = "/office/{region}"
    tag = "messages"

    def __init__(self, store: Store, known_facts: KnownFacts) -> None:
        self._offices = office_repository(store)
        self._known_facts = known_facts

    @get("", Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR)
    async def read_office(self, *, who: Who, response: Response, region: RegionInPath) -> OfficeAnswer:
        """Read how messages name the curator's office."""
        who.require_region(region)
        return _answer(response, await self._offices.get(region))

    @put("", Role.CURATOR, Role.OPERATOR, responses=_CONFLICTS)
    async def set_office(
        self,
        *,
        who: Who,
        response: Response,
        region: RegionInPath,
        body: Annotated[OfficeBody, Body(openapi_examples=_EXAMPLE)],
        if_match: IfMatchIfInForce = None,
    ) -> OfficeAnswer:
        """Set how messages name the curator's office. A repeat changes nothing; replacing another one needs its ETag in
        `If-Match`. Messages follow within ten seconds."""
        who.require_region(region)
        if await self._known_facts.region(region) is None:
            raise NotFound("Daerah ini tidak dikenal.")
        office = OfficeDocument(region=region, by=who.id, **body.model_dump(exclude_none=True))
        before = await self._offices.find(region)
        expected = None
        if before is not None and not _same(before.value, office):
            expected = expected_version(if_match, before)

        def replace(before: OfficeDocument | None) -> OfficeDocument | None:
            if before is not None and _same(before, office):
                return None
            if expected is None and before is not None:
                raise Stale("Nama kantor lain baru saja ditetapkan.")
            return office

        return _answer(response, await self._offices.change(region, without_event(replace), expected=expected))


def _same(one: OfficeDocument, other: OfficeDocument) -> bool:
    return one.model_dump(exclude={"by"}) == other.model_dump(exclude={"by"})


def _answer(response: Response, office: Versioned[OfficeDocument]) -> OfficeAnswer:
    etag(response, office.sequence)
    return OfficeAnswer.of(office.value)
