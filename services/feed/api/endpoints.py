"""The `/endpoints` routes: webhook endpoints, their secrets, and the log of what was sent to them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.feed.api.endpoint_views import (
    CreatedAnswer,
    Deliveries,
    DeliveryAnswer,
    EndpointAnswer,
    Endpoints,
    RotatedAnswer,
    WantedAnswer,
)
from services.feed.endpoints.management import Management, NewEndpoint
from services.feed.endpoints.target import MOST_URL
from shared.auth.policy import Principal, Role
from shared.contracts.event_types import OPEN_SUBJECTS
from shared.contracts.fields import Id, RegionCode
from shared.faults import Flaw, Forbidden, Invalid
from shared.storage.repository import Versioned
from shared.web.paging import paged
from shared.web.preconditions import IdempotencyKey, IfMatch, etag, fingerprint, idempotent_id
from shared.web.problems import MEDIA_TYPE
from shared.web.routes import After, Limit, Routes, Who, created, delete, get, post

_MANAGERS = (Role.CURATOR, Role.OPERATOR)
_ONE = "/{id}"
_PROBLEM: dict[str, Any] = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
_CONFLICTS: dict[int | str, dict[str, Any]] = {
    412: {"description": "Sudah diubah pihak lain", **_PROBLEM},
    428: {"description": "If-Match wajib ada", **_PROBLEM},
}
_DISABLED: dict[int | str, dict[str, Any]] = {409: {"description": "Penerima ini tidak aktif", **_PROBLEM}}
_EXAMPLE = {
    "dashboard": {
        "summary": "A dashboard of the region",
        "value": {
            "url": "https://dasbor.kuburaya.example/inovasi",
            "subjects": ["innovation", "obligation"],
            "region": "61.12",
        },
    }
}

EndpointInPath = Annotated[Id, Path(description="The endpoint's id.")]
NumberInPath = Annotated[int, Path(ge=1, description="The number of an entry in the log.")]
InRegion = Annotated[RegionCode | None, Query(description="Only of this region.", examples=["61.12"])]


class EndpointBody(BaseModel):
    """url: `https`, on port 443 or 8443; subjects: kinds of subject, without it: all."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(min_length=1, max_length=MOST_URL)
    subjects: list[str] | None = Field(default=None, max_length=len(OPEN_SUBJECTS))
    region: RegionCode


class EndpointRoutes(Routes):
    """Managed by the curator of the region and by operators."""

    prefix = "/endpoints"
    tag = "endpoints"

    def __init__(self, management: Management) -> None:
        self._management = management

    @post("", *_MANAGERS, status_code=201)
    async def create_endpoint(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        body: Annotated[EndpointBody, Body(openapi_examples=_EXAMPLE)],
    ) -> CreatedAnswer:
        """Create an endpoint. Everything that holds now is handed over first, then what changes. The answer shows the
        secret, and so does that to a repeat of the request within an hour; nothing else ever does."""
        who.require_region(body.region)
        new = NewEndpoint(body.url, _subjects(body.subjects), body.region, by=who.id)
        id = idempotent_id(who, key)
        made = await self._management.create(id, new, fingerprint(body))
        created(request, response, f"endpoints/{id}", made.sequence)
        return CreatedAnswer.of(made, await self._management.progress(id))

    @get("", *_MANAGERS, response_model=Endpoints)
    async def list_endpoints(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        region: InRegion = None,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """List the endpoints of a region, without secrets; of an URL only the host."""
        page = await self._management.page(_region_for(who, region), limit=limit, after=after)
        items = [EndpointAnswer.of(each, await self._management.progress(each.id)) for each in page.items]
        return paged(request, response, items, page.after)

    @get(_ONE, *_MANAGERS)
    async def read_endpoint(self, *, who: Who, response: Response, id: EndpointInPath) -> EndpointAnswer:
        """Read an endpoint, without its secrets."""
        found = await self._management.get(id, who)
        etag(response, found.sequence)
        return EndpointAnswer.of(found, await self._management.progress(id), url=found.value.url)

    @delete(_ONE, *_MANAGERS, status_code=204, responses=_CONFLICTS)
    async def remove_endpoint(self, *, who: Who, id: EndpointInPath, expected: IfMatch) -> Response:
        """Remove an endpoint for ever, with its URL and its secrets."""
        await self._management.get(id, who)
        await self._management.remove(id, expected)
        return Response(status_code=204)

    @post("/{id}/rotate", *_MANAGERS, responses=_CONFLICTS)
    async def rotate_secret(
        self, *, who: Who, response: Response, id: EndpointInPath, expected: IfMatch
    ) -> RotatedAnswer:
        """Make another secret, which only this answer shows. The former one signs as well for 24 hours."""
        await self._management.get(id, who)
        changed, secret = await self._management.rotate(id, expected)
        etag(response, changed.sequence)
        return RotatedAnswer(secret=secret)

    @post("/{id}/disable", *_MANAGERS, responses=_CONFLICTS)
    async def disable_endpoint(
        self, *, who: Who, response: Response, id: EndpointInPath, expected: IfMatch
    ) -> EndpointAnswer:
        """Hand nothing more over until it is enabled again."""
        await self._management.get(id, who)
        return await self._answer(response, await self._management.disable(id, expected))

    @post("/{id}/enable", *_MANAGERS, responses=_CONFLICTS)
    async def enable_endpoint(
        self, *, who: Who, response: Response, id: EndpointInPath, expected: IfMatch
    ) -> EndpointAnswer:
        """Go on where it ended. On an active endpoint: try at once what waits for its next attempt."""
        await self._management.get(id, who)
        return await self._answer(response, await self._management.enable(id, expected))

    @post("/{id}/test", *_MANAGERS, status_code=202, responses=_DISABLED)
    async def test_endpoint(self, *, who: Who, id: EndpointInPath, key: IdempotencyKey) -> WantedAnswer:
        """Send a test event (`endpoint.test`) at once, one time. Its result is in the log."""
        await self._management.get(id, who)
        await self._management.want_test(id, idempotent_id(who, key))
        return WantedAnswer()

    @get("/{id}/deliveries", *_MANAGERS, response_model=Deliveries)
    async def list_deliveries(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        id: EndpointInPath,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """List what was sent, the newest first: at most 1,000 entries of at most 30 days."""
        await self._management.get(id, who)
        page = await self._management.deliveries.page(id, limit=limit, after=after)
        return paged(request, response, [DeliveryAnswer.of(each.value) for each in page.items], page.after)

    @post("/{id}/deliveries/{number}/redeliver", *_MANAGERS, status_code=202, responses=_DISABLED)
    async def redeliver(
        self, *, who: Who, id: EndpointInPath, number: NumberInPath, key: IdempotencyKey
    ) -> WantedAnswer:
        """Send once more what this entry is about, in its newest form, at once and one time. An event that has not
        changed has the same `webhook-id`."""
        await self._management.get(id, who)
        await self._management.want_again(id, number, idempotent_id(who, key))
        return WantedAnswer()

    async def _answer(self, response: Response, found: Versioned[Any]) -> EndpointAnswer:
        etag(response, found.sequence)
        return EndpointAnswer.of(found, await self._management.progress(found.id), url=found.value.url)


def _subjects(asked: list[str] | None) -> tuple[str, ...]:
    """Sorted; empty: all. Raises Invalid."""
    if asked is None:
        return ()
    known = ", ".join(sorted(OPEN_SUBJECTS))
    flaws = [
        Flaw(f"subjects.{index}", "unknown", f"tidak dikenal; yang ada: {known}")
        for index, each in enumerate(asked)
        if each not in OPEN_SUBJECTS
    ]
    if not asked:
        flaws.append(Flaw("subjects", "empty", "harus menyebut paling sedikit satu, atau tidak disertakan"))
    if flaws:
        raise Invalid(flaws)
    return tuple(sorted(set(asked)))


def _region_for(who: Principal, asked: str | None) -> str | None:
    """The region that a list is limited to; None for an operator who asks for all."""
    if asked is not None:
        who.require_region(asked)
        return asked
    if who.role is Role.OPERATOR:
        return None
    if who.region is None:
        raise Forbidden("Akun ini tidak menyebut daerah.")
    return who.region
