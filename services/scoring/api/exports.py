"""Routes `/exports`: files with the data that the account may see over HTTP.

Scorecards and rankings of verified results are for everybody; what else an agency, a curator or an executive sees in
lists is in their files as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from enum import StrEnum
from functools import partial
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import Path, Query, Response
from pydantic import BaseModel, Field

from services.scoring.api.freezes import FrozenRegionInPath, NumberInPath, SeriesInPath
from services.scoring.api.parameters import ANYONE, Id
from services.scoring.api.rankings import RankingQuery
from services.scoring.catalogue.library import Catalogues
from services.scoring.exports import region_cards, scorecard_book, tables
from services.scoring.exports.cards import card_for, cards_of
from services.scoring.exports.certificate import Certificate, certificate_for
from services.scoring.exports.index_table import index_table
from services.scoring.exports.ranking_tables import freeze_tables, live_table
from services.scoring.exports.scorecard_rows import Card
from services.scoring.exports.tables import Table
from services.scoring.index.document import RegionIndex
from services.scoring.kinds import REGION_INDEX
from services.scoring.known import region_of
from services.scoring.ranking.live import LiveRankings
from services.scoring.ranking.store import Freezes
from services.scoring.scorecard.visibility import sees_claimed_index
from services.scoring.views.freezes import freeze_answer
from services.scoring.views.indices import IndexAnswer, IndexPage, index_answer
from services.scoring.views.rankings import ranking_answer
from shared.auth.policy import Principal
from shared.clock import Clock
from shared.contracts.fields import RegionCode
from shared.contracts.vocabulary import Zone
from shared.exports.text import local_day
from shared.ports.store import Store
from shared.tables import workbook
from shared.web.download import FileGenerator, file_answer
from shared.web.routes import Routes, Who, get

_ALL = file_answer(workbook.MEDIA_TYPE, tables.CSV, tables.JSON)
_FREEZE = "/freezes/{region}/{series}/{number}"


class TableFormat(StrEnum):
    """A workbook for people; CSV and JSON for machines."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


class CardFormat(StrEnum):
    """A workbook that `satu score` reads back; a page to print."""

    XLSX = "xlsx"
    PDF = "pdf"


class ScorecardsQuery(BaseModel):
    """Which scorecards: of a region, of one duty year or all."""

    region: RegionCode = Field(examples=["61.12"])
    year: int | None = Field(default=None, ge=2000, le=2100, examples=[2025])

    @property
    def name(self) -> str:
        """The file's name without its suffix."""
        return f"kartu-skor-{self.region}{f'-{self.year}' if self.year else ''}"


class IndicesQuery(BaseModel):
    """Which indices. year: of the national round."""

    year: int = Field(ge=2000, le=2100, examples=[2026])
    region: RegionCode | None = Field(default=None, examples=["61.12"])


TableInPath = Annotated[TableFormat, Path()]
InnovationInPath = Annotated[Id, Path(description="The innovation's id.")]


class ExportRoutes(Routes):
    """Answers for `/exports`."""

    prefix = "/exports"
    tag = "exports"

    def __init__(self, store: Store, catalogues: Catalogues, clock: Clock, rankings: LiveRankings) -> None:
        self._store = store
        self._catalogues = catalogues
        self._clock = clock
        self._rankings = rankings
        self._freezes = Freezes(store)
        self._generator = FileGenerator()

    @get("/scorecards.{format}", *ANYONE, summary="Kartu skor suatu daerah", **_ALL)
    async def scorecards(self, who: Who, format: TableInPath, query: Annotated[ScorecardsQuery, Query()]) -> Response:
        """Every scorecard of the region that the account may see, row by row in the order of the national form, with
        what is missing."""
        cards = cards_of(self._store, self._catalogues, who, region=query.region, year=query.year)
        name = f"{query.name}.{format.value}"
        if format is TableFormat.XLSX:
            year = f" tahun {query.year}" if query.year else ""
            write = partial(region_cards.write_workbook, f"Kartu skor inovasi daerah {query.region}{year}", cards)
            return await self._generator.send(who, name, workbook.MEDIA_TYPE, write)
        first = await anext(cards)
        if format is TableFormat.CSV:
            pieces, media_type = region_cards.as_csv(first, cards), tables.CSV
        else:
            pieces, media_type = region_cards.as_json(query.model_dump_json(), first, cards), tables.JSON
        return await self._generator.send(who, name, media_type, partial(_write_pieces, pieces))

    @get(
        "/scorecards/{innovation}.{format}",
        *ANYONE,
        summary="Satu kartu skor",
        **file_answer(workbook.MEDIA_TYPE, tables.PDF),
    )
    async def scorecard(
        self, who: Who, innovation: InnovationInPath, format: Annotated[CardFormat, Path()]
    ) -> Response:
        """One scorecard: a workbook that `satu score` reads back, or a page to print."""
        card = await card_for(self._store, self._catalogues, who, innovation)
        name = f"kartu-skor-{card.document.innovation.id}.{format.value}"
        if format is CardFormat.XLSX:
            return await self._written(who, name, workbook.MEDIA_TYPE, partial(scorecard_book.one, card))
        region = await region_of(self._store, card.document.region)
        printed_on = local_day(self._clock.now(), region.zone)
        write = partial(_print_scorecard, card, region=region.name, printed_on=printed_on)
        return await self._written(who, name, tables.PDF, write)

    @get("/indices.{format}", *ANYONE, summary="Indeks Inovasi Daerah", **_ALL)
    async def indices(self, who: Who, format: TableInPath, query: Annotated[IndicesQuery, Query()]) -> Response:
        """Regional indices of a national round; the claimed figure only for accounts of the region."""
        where = query.model_dump(include={"region", "year"}, exclude_none=True)
        answers: list[IndexAnswer] = []
        after: str | None = None
        while True:
            page = await self._store.find(REGION_INDEX.name, where, limit=200, after=after)
            found = [RegionIndex.model_validate(each.state) for each in page.documents]
            answers += [index_answer(each, inside=sees_claimed_index(who, each.region)) for each in found]
            after = page.after
            if after is None:
                break
        name = f"indeks-{query.region or 'nasional'}-{query.year}.{format.value}"
        if format is TableFormat.JSON:
            return await self._json(who, name, lambda: IndexPage(items=answers, next=None))
        if format is TableFormat.CSV:
            return await self._csv(who, name, lambda: index_table(answers))
        return await self._book(who, name, lambda: [index_table(answers)])

    @get("/rankings.{format}", *ANYONE, summary="Peringkat saat ini", **_ALL)
    async def ranking(self, who: Who, format: TableInPath, query: Annotated[RankingQuery, Query()]) -> Response:
        """The live ranking with all its places."""
        live = await query.ranking(who, self._rankings)
        name = f"peringkat-{query.region or 'nasional'}-{query.year}.{format.value}"
        if format is TableFormat.JSON:
            whole = partial(ranking_answer, live, region=query.region, year=query.year, measure=query.measure)
            return await self._json(who, name, whole)
        if format is TableFormat.CSV:
            return await self._csv(who, name, lambda: live_table(live, query.measure, None))
        zone = (await region_of(self._store, query.region)).zone if query.region else Zone.WIB.value
        return await self._book(who, name, lambda: [live_table(live, query.measure, zone)])

    @get(f"{_FREEZE}.{{format}}", *ANYONE, summary="Satu pembekuan peringkat", **_ALL)
    async def frozen(
        self, who: Who, region: FrozenRegionInPath, series: SeriesInPath, number: NumberInPath, format: TableInPath
    ) -> Response:
        """A frozen ranking, with how many took part by group and kind."""
        found = (await self._freezes.get(region, series, number)).value
        name = f"peringkat-{region}-{series}-{number}.{format.value}"
        if format is TableFormat.JSON:
            return await self._json(who, name, lambda: freeze_answer(found))
        if format is TableFormat.CSV:
            return await self._csv(who, name, lambda: freeze_tables(found, None)[0])
        zone = (await region_of(self._store, region)).zone
        return await self._book(who, name, lambda: freeze_tables(found, zone))

    @get(
        f"{_FREEZE}/certificates/{{innovation}}.pdf",
        *ANYONE,
        summary="Piagam peringkat",
        **file_answer(tables.PDF),
    )
    async def certificate(
        self,
        who: Who,
        region: FrozenRegionInPath,
        series: SeriesInPath,
        number: NumberInPath,
        innovation: InnovationInPath,
    ) -> Response:
        """A certificate for one place of a frozen ranking; in a competition only for awarded places."""
        found = (await self._freezes.get(region, series, number)).value
        last = await self._freezes.last(region, series)
        zone = (await region_of(self._store, region)).zone
        certificate = certificate_for(found, innovation, zone=zone, last=last)
        name = f"piagam-{region}-{series}-{number}-{innovation}.pdf"
        return await self._written(who, name, tables.PDF, partial(_print_certificate, certificate))

    async def _book(self, who: Principal, name: str, sheets: Callable[[], Iterable[Table]]) -> Response:
        def write(path: FilePath) -> None:
            tables.tables_book(tuple(sheets()), path)

        return await self._written(who, name, workbook.MEDIA_TYPE, write)

    async def _csv(self, who: Principal, name: str, table: Callable[[], Table]) -> Response:
        def write(path: FilePath) -> None:
            path.write_bytes(tables.table_csv(table()))

        return await self._written(who, name, tables.CSV, write)

    async def _json(self, who: Principal, name: str, answer: Callable[[], BaseModel]) -> Response:
        def write(path: FilePath) -> None:
            path.write_bytes(answer().model_dump_json().encode())

        return await self._written(who, name, tables.JSON, write)

    async def _written(self, who: Principal, name: str, media_type: str, write: Callable[[FilePath], None]) -> Response:
        """A file that `write` fills in a thread: what is large must not hold up other requests."""

        async def in_a_thread(path: FilePath) -> None:
            await asyncio.to_thread(write, path)

        return await self._generator.send(who, name, media_type, in_a_thread)


def _print_scorecard(card: Card, path: FilePath, *, region: str | None, printed_on: str) -> None:
    from services.scoring.exports.scorecard_pdf import print_scorecard  # noqa: PLC0415 - the PDF library is slow to import

    print_scorecard(card, path, region=region, printed_on=printed_on)


def _print_certificate(certificate: Certificate, path: FilePath) -> None:
    from services.scoring.exports.certificate_pdf import print_certificate  # noqa: PLC0415 - as above

    print_certificate(certificate, path)


async def _write_pieces(pieces: AsyncIterator[bytes], path: FilePath) -> None:
    """A few pieces at a time, so that a whole region needs little memory."""
    with path.open("wb") as file:
        async for piece in pieces:
            file.write(piece)
