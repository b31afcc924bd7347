"""The routes of a service's audit log: for the curator of a region, and for the operator."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from shared.auth.policy import Principal, Role
from shared.contracts.fields import RegionCode
from shared.ports.store import Documents
from shared.storage.audit.log import AuditEntry, AuditFilter, AuditLog
from shared.web.audit import table
from shared.web.download import FileGenerator, file_answer
from shared.web.paging import paged
from shared.web.routes import After, Limit, Routes, Who, get


class AuditQuery(BaseModel):
    """from, to: UTC days, inclusive; region: by default the curator's own, for the operator all; document: one document
    only, `<kind>/<id>`."""

    model_config = ConfigDict(extra="forbid")

    first: date | None = Field(default=None, alias="from", examples=["2026-12-01"])
    last: date | None = Field(default=None, alias="to", examples=["2026-12-31"])
    region: RegionCode | None = Field(default=None, examples=["61.12"])
    document: Annotated[str, Field(max_length=300)] | None = Field(default=None, examples=["region/61.12"])

    def filter(self, who: Principal) -> AuditFilter:
        """What the caller may see of it. Raises Forbidden."""
        region = self.region or who.region
        if who.role is not Role.OPERATOR or region is not None:
            who.require_region(region or "")
        return AuditFilter(_day(self.first), _day(self.last), region, self.document)


class AuditPageQuery(AuditQuery):
    """With the page."""

    limit: Limit = 50
    after: After = None


class AuditChange(BaseModel):
    """A changed field. hidden: its values are not in the log, or not for the caller; more: how many further fields
    changed."""

    field: str
    before: Any = None
    after: Any = None
    hidden: bool = False
    more: int = 0


class AuditAnswer(BaseModel):
    """An entry. account: None where no person acted; role: the account's, or `command`, `handler`, `loop`, `import`,
    `process`;
    address: where the request came from; through: route, command, event type or loop; event: the event that told it."""

    id: str
    at: datetime
    document: str
    sequence: str
    region: str
    what: str
    event: str | None
    account: str | None
    role: str
    address: str | None
    through: str
    correlationid: str | None
    changes: list[AuditChange]


class AuditEntries(BaseModel):
    """A page, by UTC day and then by document."""

    items: list[AuditAnswer]
    next: str | None


class SealAnswer(BaseModel):
    """The seal of a day. sha256: over the seal before and all entries of the day."""

    day: date
    entries: int
    before: str
    sha256: str
    sealed_at: datetime | None


class LastSeal(BaseModel):
    """The newest seal; None while no day is sealed."""

    last: SealAnswer | None


class AuditRoutes(Routes):
    """Routes for `/audit`."""

    prefix = "/audit"
    tag = "audit"

    def __init__(self, store: Documents, service: str) -> None:
        self._log = AuditLog(store)
        self._service = service
        self._generator = FileGenerator(at_once=1)

    @get("", Role.CURATOR, Role.OPERATOR, summary="Jejak audit", response_model=AuditEntries)
    async def entries(
        self, request: Request, response: Response, who: Who, query: Annotated[AuditPageQuery, Query()]
    ) -> dict[str, Any]:
        """Who changed what, when, from where; the operator sees which fields of a region's documents, not their
        values."""
        page = await self._log.page(query.filter(who), limit=query.limit, after=query.after)
        return paged(request, response, [_answer(each, who) for each in page.entries], page.after)

    @get(".csv", Role.CURATOR, summary="Jejak audit sebagai CSV", **file_answer(table.MEDIA_TYPE))
    async def as_csv(self, who: Who, query: Annotated[AuditQuery, Query()]) -> Response:
        """The same for auditors: a line for each changed field."""
        wanted = query.filter(who)
        name = f"audit-{self._service}-{wanted.region}.csv"
        return await self._generator.send(who, name, table.MEDIA_TYPE, partial(self._write, wanted))

    @get("/seal", Role.CURATOR, Role.OPERATOR, summary="Segel terakhir jejak audit")
    async def last_seal(self) -> LastSeal:
        """To be kept elsewhere: whoever has it can prove later that nothing before it was changed."""
        sealed = await self._log.newest_sealed()
        if sealed is None:
            return LastSeal(last=None)
        day, seal = sealed
        return LastSeal(last=SealAnswer(day=date.fromisoformat(day), **seal.model_dump(exclude={"status"})))

    async def _write(self, wanted: AuditFilter, path: Path) -> None:
        with path.open("wb") as file:
            file.write(table.head())
            async for line in table.lines(self._service, self._log.entries(wanted)):
                file.write(line)


def _answer(entry: AuditEntry, who: Principal) -> AuditAnswer:
    value = entry.value
    answer = AuditAnswer.model_validate({"id": entry.id, **value})
    if who.role is Role.OPERATOR and answer.region:
        named = [AuditChange(field=each.field, hidden=True, more=each.more) for each in answer.changes]
        answer = answer.model_copy(update={"changes": named})
    return answer


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
