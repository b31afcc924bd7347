"""The `/recaps` routes: a region's year for the Sekda, and the facts of each agency's year, also as files."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from functools import partial
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import Path, Query, Response
from pydantic import BaseModel, Field

from services.notifications.api.parameters import AgencyInPath, YearInPath
from services.notifications.known import KnownFacts
from services.notifications.recap.reading import RecapQuestion, RecapReader
from services.notifications.recap.recap import Recap, RecapOrder
from services.notifications.recap.report import AgencyFacts
from services.notifications.recap.reporting import FactsReader
from services.notifications.recap.sheet import write_sheet
from shared.auth.policy import Principal, Role
from shared.clock import Clock
from shared.contracts.fields import RegionCode
from shared.contracts.vocabulary import AgencyKind, ObligationStatus, Zone
from shared.faults import Flaw, Invalid, NotFound
from shared.ports.store import Store
from shared.tables.workbook import MEDIA_TYPE
from shared.web.download import FileGenerator, file_answer
from shared.web.routes import Routes, Who, get

PDF = "application/pdf"
MOST_LINES, MOST_PAGES = 1_000, 300
"""Agencies that are printed at once: lines of a recap, and pages of facts."""

_OFFICE = (Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR)
RegionInPath = Annotated[RegionCode, Path(description="The region's code.", examples=["61.12"])]


class RecapFormat(StrEnum):
    """A workbook to work with; a page to print."""

    XLSX = "xlsx"
    PDF = "pdf"


class RecapQuery(BaseModel):
    """Which agencies, and in which order. kind, status: may be given again; without one, all. late: only those that are
    overdue or were fulfilled too late, or only the others."""

    kind: list[AgencyKind] = Field(default_factory=list, max_length=50)
    status: list[ObligationStatus] = Field(default_factory=list, max_length=20)
    late: bool | None = None
    sort: RecapOrder = RecapOrder.STATUS

    def question(self, region: str, year: int) -> RecapQuestion:
        """The question for one region and year."""
        return RecapQuestion(
            region, year, kinds=tuple(self.kind), statuses=tuple(self.status), late=self.late, order=self.sort
        )


Asked = Annotated[RecapQuery, Query()]
_ONE = "/{region}/{year}"


class RecapRoutes(Routes):
    """Read by curator and executive of the region; an agency reads its own facts."""

    prefix = "/recaps"
    tag = "recap"

    def __init__(self, store: Store, known_facts: KnownFacts, clock: Clock) -> None:
        self._recaps = RecapReader(store, known_facts, clock)
        self._facts = FactsReader(store, known_facts, self._recaps)
        self._generator = FileGenerator()

    @get(_ONE, *_OFFICE)
    async def read_recap(self, *, who: Who, region: RegionInPath, year: YearInPath, asked: Asked) -> Recap:
        """Read the recap of a year: each agency with status, innovations, scores, decree and commitment, and its last
        year beside it."""
        who.require_region(region)
        return await self._recaps.recap(asked.question(region, year))

    @get(f"{_ONE}/recap.{{format}}", *_OFFICE, **file_answer(MEDIA_TYPE, PDF))
    async def download_recap(
        self,
        *,
        who: Who,
        region: RegionInPath,
        year: YearInPath,
        format: Annotated[RecapFormat, Path()],
        asked: Asked,
    ) -> Response:
        """The recap as a workbook, or on A4 pages."""
        who.require_region(region)
        recap = await self._recaps.recap(asked.question(region, year))
        name = f"rekap-inovasi-{region}-{year}.{format.value}"
        if format is RecapFormat.PDF:
            _require_printable(recap, MOST_LINES)
            return await self._written(who, name, PDF, partial(_print_recap, recap))
        zone = (await self._recaps.region(region)).zone
        return await self._written(who, name, MEDIA_TYPE, partial(write_sheet, recap, zone))

    @get(f"{_ONE}/facts.pdf", *_OFFICE, **file_answer(PDF))
    async def print_all_facts(self, *, who: Who, region: RegionInPath, year: YearInPath, asked: Asked) -> Response:
        """The facts for reward and sanction of each agency asked for, a page each. Facts only; people decide."""
        who.require_region(region)
        recap = await self._recaps.recap(asked.question(region, year))
        if not recap.lines:
            raise NotFound("Tidak ada perangkat daerah yang cocok.")
        _require_printable(recap, MOST_PAGES)
        facts = [await self._facts.facts(region, each.agency, year) for each in recap.lines]
        return await self._printed(who, f"fakta-inovasi-{region}-{year}.pdf", facts)

    @get(f"{_ONE}/agencies/{{agency}}", Role.AGENCY, *_OFFICE)
    async def read_facts(
        self, *, who: Who, region: RegionInPath, year: YearInPath, agency: AgencyInPath
    ) -> AgencyFacts:
        """Read the facts of an agency's year for reward and sanction: the duty, its deadlines, innovations and scores,
        the decree, the commitment, former years, and the reminders that were sent. Facts only: people decide."""
        who.require_agency(region, agency)
        return await self._facts.facts(region, agency, year)

    @get(f"{_ONE}/agencies/{{agency}}/facts.pdf", Role.AGENCY, *_OFFICE, **file_answer(PDF))
    async def print_facts(self, *, who: Who, region: RegionInPath, year: YearInPath, agency: AgencyInPath) -> Response:
        """The same on an A4 page."""
        who.require_agency(region, agency)
        facts = await self._facts.facts(region, agency, year)
        return await self._printed(who, f"fakta-inovasi-{region}-{year}-{agency}.pdf", [facts])

    async def _printed(self, who: Principal, name: str, facts: list[AgencyFacts]) -> Response:
        zone = (await self._recaps.region(facts[0].region)).zone
        return await self._written(who, name, PDF, partial(_print_facts, facts, zone))

    async def _written(self, who: Principal, name: str, media_type: str, write: partial[None]) -> Response:
        """A file that `write` fills in a thread."""

        async def in_a_thread(path: FilePath) -> None:
            await asyncio.to_thread(write, path)

        return await self._generator.send(who, name, media_type, in_a_thread)


def _require_printable(recap: Recap, most: int) -> None:
    if len(recap.lines) > most:
        raise Invalid([Flaw("kind", "too-many", f"paling banyak {most} perangkat daerah sekali cetak; pilih jenisnya")])


def _print_recap(recap: Recap, path: FilePath) -> None:
    from services.notifications.recap.page import print_recap  # noqa: PLC0415 - the PDF library is slow to import

    print_recap(recap, path)


def _print_facts(facts: list[AgencyFacts], zone: Zone, path: FilePath) -> None:
    from services.notifications.recap.report_page import print_facts  # noqa: PLC0415 - as above

    print_facts(facts, zone, path)
