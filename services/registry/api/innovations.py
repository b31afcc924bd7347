"""The routes of `/innovations`: list, draft, read, rewrite."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.registry.api.answers import innovation_answer
from services.registry.api.examples import INNOVATION, REWRITING
from services.registry.api.parameters import IdInPath
from services.registry.innovation import deletion, drafting
from services.registry.innovation import year as duty_year
from services.registry.innovation.access import InnovationAccess
from services.registry.innovation.innovation import Placement
from services.registry.innovation.profile import Profile
from services.registry.innovation.views import InnovationAnswer, Innovations, InnovationSummary, PublicInnovation
from services.registry.innovation.visibility import Filters, listable, sees_content, sees_inside
from services.registry.innovation.visibility import withdrawal_asked as asked_to_withdraw
from shared.auth.policy import EVERYBODY, Role
from shared.contracts.fields import Id, RegionCode, Year
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import Forbidden, Invalid
from shared.web.paging import paged
from shared.web.preconditions import IdempotencyKey, IfMatch, etag, fingerprint, idempotent_id
from shared.web.routes import After, Limit, Routes, Who, created, delete, get, post, put


class NewInnovation(BaseModel):
    """agency: that carries the innovation (for one of the community: that fosters it); year: of the obligation, by
    default the region's current year; profile: as far as it is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agency: Id
    year: Year | None = None
    profile: Profile = Field(default_factory=Profile)


class Rewriting(BaseModel):
    """profile: the whole profile, replacing the stored one; year: can be changed only while it is a draft; left out:
    unchanged."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    year: Year | None = None
    profile: Profile


class InnovationRoutes(Routes):
    """Routes for `/innovations`."""

    prefix = "/innovations"
    tag = "innovations"

    def __init__(self, access: InnovationAccess) -> None:
        self._access = access

    @get("", *EVERYBODY, response_model=Innovations)
    async def list_innovations(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        region: Annotated[RegionCode | None, Query(description="Only of this region.", examples=["61.12"])] = None,
        agency: Annotated[Id | None, Query(description="Only of this agency.")] = None,
        year: Annotated[Year | None, Query(description="Only for this year's duty.", examples=[2026])] = None,
        status: Annotated[InnovationStatus | None, Query(description="Only in this state.")] = None,
        withdrawal_asked: Annotated[
            bool, Query(description="Only those of the curator's region whose agency asks to withdraw them.")
        ] = False,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """An agency lists its own innovations, a curator or executive those of the region. Beyond these, and for
        everybody else, only verified innovations are listed. A page may have fewer than `limit`: deleted drafts are
        left out."""
        filters = Filters(region, agency, year, status)
        where = asked_to_withdraw(who, filters) if withdrawal_asked else listable(who, filters)
        if where is None:
            return paged(request, response, [], None)
        page = await self._access.innovations.list(where, limit=limit, after=after)
        items = [
            InnovationSummary.of(each, with_profile=sees_content(who, each.value))
            for each in page.items
            if filters.let(each.value)
        ]
        return paged(request, response, items, page.after)

    @post("", Role.AGENCY, Role.CURATOR, status_code=201, hot=True)
    async def draft_innovation(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        body: Annotated[NewInnovation, Body(openapi_examples=INNOVATION)],
    ) -> InnovationAnswer:
        """Create a draft. Every field of the profile is optional; a draft counts nowhere until it is submitted. Its
        year is the region's current one, the next one, or an earlier one that has a deadline."""
        id, body_print = idempotent_id(who, key), fingerprint(body)
        innovation = await self._access.innovations.repeated(id, body_print)
        if innovation is None:
            source = self._access.origin()
            agency, region = await self._access.active_agency(body.agency, source.time)
            who.require_agency(agency.region, agency.id)
            year = duty_year.local_year(region, source.time) if body.year is None else body.year
            if flaws := duty_year.implausible(region, year, source.time):
                raise Invalid(flaws)
            placement = Placement(agency=agency.id, year=year)
            new, event = drafting.begin(
                id, agency.region, placement, body.profile, fingerprint=body_print.sent, by=who.id, origin=source
            )
            innovation = await self._access.innovations.create(id, new, event, fingerprint=body_print)
        else:
            await self._access.read_inside(who, id)
        created(request, response, f"innovations/{id}", innovation.sequence)
        return InnovationAnswer.of(innovation)

    @get("/{id}", *EVERYBODY, hot=True)
    async def read_innovation(
        self, *, who: Who, response: Response, id: IdInPath
    ) -> InnovationAnswer | PublicInnovation:
        """The whole innovation for its agency and its region; for others, once it is verified, its public part."""
        innovation = await self._access.read(who, id)
        if not sees_content(who, innovation.value):
            raise Forbidden("Operator tidak membaca isi inovasi yang belum terverifikasi.")
        etag(response, innovation.sequence)
        inside = sees_inside(who, innovation.value)
        return InnovationAnswer.of(innovation) if inside else PublicInnovation.of(innovation)

    @put("/{id}", Role.AGENCY, Role.CURATOR, hot=True)
    async def rewrite_innovation(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[Rewriting, Body(openapi_examples=REWRITING)],
    ) -> InnovationAnswer:
        """Replace the whole profile, while it is a draft or after a return."""
        source = self._access.origin()
        read = await self._access.read_for_change(who, id, expected)
        if body.year is not None and body.year != read.value.year:
            region = (await self._access.regions.get(read.value.region)).value
            if flaws := duty_year.implausible(region, body.year, source.time):
                raise Invalid(flaws)
        innovation = await self._access.change_read(
            read, lambda it: drafting.rewrite(it, body.profile, body.year, who.id, source)
        )
        return innovation_answer(response, innovation)

    @delete("/{id}", Role.AGENCY, Role.CURATOR, status_code=204)
    async def delete_draft(self, *, who: Who, id: IdInPath, expected: IfMatch) -> Response:
        """Delete a draft. What was ever submitted cannot be deleted; it is withdrawn."""
        await self._access.change(who, id, expected, lambda it: deletion.delete(it, who.id, self._access.origin()))
        return Response(status_code=204)
