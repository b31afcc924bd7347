"""Files over HTTP, below `/scoring/v1/exports`: whoever may see the data may have them as a file.

Scorecards and rankings of verified results are for everybody; what else an agency, a curator, an executive or the
operator sees in lists is in their files as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from enum import StrEnum
from functools import partial
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field
from starlette.responses import StreamingResponse

from services.scoring.api.parameters import Id, is_inside
from services.scoring.api.rankings import Anyone, NumberInPath, RankingRoutes, RegionInPath, SeriesInPath, WantedEntries
from services.scoring.catalogue.library import Catalogues
from services.scoring.exports import scorecard_book, tables, workbook
from services.scoring.exports.cards import card_for, cards_of
from services.scoring.exports.index_table import index_table
from services.scoring.exports.ranking_tables import freeze_tables, ranking_table
from services.scoring.exports.scorecard_rows import Card
from services.scoring.exports.tables import Table
from services.scoring.exports.text import local_day
from services.scoring.index.document import RegionIndex
from services.scoring.kinds import REGION_INDEX
from services.scoring.known import region_of
from services.scoring.ranking.competition import Cell, awarded
from services.scoring.ranking.freeze import WHOLE_CELL, Frozen
from services.scoring.ranking.ranking import Place
from services.scoring.ranking.store import Freezes
from services.scoring.views.indices import IndexAnswer, IndexPage, index_answer
from services.scoring.views.rankings import freeze_answer, notices
from shared.clock import Clock
from shared.contracts.fields import RegionCode
from shared.contracts.vocabulary import Zone
from shared.faults import NotFound
from shared.ports.store import Store
from shared.web.download import FileGenerator, file_answer, file_headers

_ALL = file_answer(workbook.MEDIA_TYPE, tables.CSV, tables.JSON)


class TableFormat(StrEnum):
    """A workbook for people; CSV and JSON for machines."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


class CardFormat(StrEnum):
    """A workbook that `satu score` reads back; a page to print."""

    XLSX = "xlsx"
    PDF = "pdf"


class WantedScorecards(BaseModel):
    """Which scorecards: of a region, of one year of duty or all."""

    region: RegionCode = Field(examples=["61.12"])
    year: int | None = Field(default=None, ge=2000, le=2100, examples=[2025])

    @property
    def name(self) -> str:
        """Of the file, without its end."""
        return f"kartu-skor-{self.region}{f'-{self.year}' if self.year else ''}"


class WantedIndex(BaseModel):
    """Which indices. year: of the national round."""

    year: int = Field(ge=2000, le=2100, examples=[2026])
    region: RegionCode | None = Field(default=None, examples=["61.12"])


TableInPath = Annotated[TableFormat, Path()]
InnovationInPath = Annotated[Id, Path(description="The innovation's id.")]


class ExportRoutes:
    """Answers for `/exports`."""

    def __init__(self, store: Store, catalogues: Catalogues, clock: Clock, rankings: RankingRoutes) -> None:
        self._store = store
        self._shelf = catalogues
        self._clock = clock
        self._rankings = rankings
        self._freezes = Freezes(store)
        self._generator = FileGenerator()

    def routes(self) -> APIRouter:
        """Its routes."""
        router = APIRouter(prefix="/exports", tags=["exports"])
        one_freeze = "/freezes/{region}/{series}/{number}"
        for path, answer, summary, said in (
            ("/scorecards.{format}", self.scorecards, "Kartu skor suatu daerah", _ALL),
            (
                "/scorecards/{innovation}.{format}", self.scorecard, "Satu kartu skor",
                file_answer(workbook.MEDIA_TYPE, tables.PDF),
            ),
            ("/indices.{format}", self.indices, "Indeks Inovasi Daerah", _ALL),
            ("/rankings.{format}", self.ranking, "Peringkat saat ini", _ALL),
            (f"{one_freeze}.{{format}}", self.frozen, "Satu pembekuan peringkat", _ALL),
            (
                f"{one_freeze}/certificates/{{innovation}}.pdf", self.certificate, "Piagam peringkat",
                file_answer(tables.PDF),
            ),
        ):  # fmt: skip
            router.add_api_route(path, answer, methods=["GET"], summary=summary, **said)
        return router

    async def scorecards(
        self, who: Anyone, format: TableInPath, wanted: Annotated[WantedScorecards, Query()]
    ) -> Response:
        """Every scorecard of the region that the asker may see, row by row in the order of the national form, with what
        is missing."""
        cards = cards_of(self._store, self._shelf, who, region=wanted.region, year=wanted.year)
        name = f"{wanted.name}.{format.value}"
        if format is TableFormat.XLSX:
            return await self._generator.send(name, workbook.MEDIA_TYPE, partial(_region_book, wanted, cards))
        first = await anext(cards)
        as_csv = format is TableFormat.CSV
        pieces = _as_csv(first, cards) if as_csv else _as_json(wanted, first, cards)
        kind = tables.CSV if as_csv else tables.JSON
        return StreamingResponse(pieces, headers=file_headers(name), media_type=kind)

    async def scorecard(
        self, who: Anyone, innovation: InnovationInPath, format: Annotated[CardFormat, Path()]
    ) -> Response:
        """One scorecard: a workbook that `satu score` reads back, or a page to print."""
        card = await card_for(self._store, self._shelf, who, innovation)
        name = f"kartu-skor-{card.answer.innovation}.{format.value}"
        if format is CardFormat.XLSX:
            return await self._made(name, workbook.MEDIA_TYPE, partial(scorecard_book.one, card))
        known = await region_of(self._store, card.answer.region)
        printed_on = local_day(self._clock.now(), known.zone)
        printing = partial(_print_scorecard, card, region=known.name, printed_on=printed_on)
        return await self._made(name, tables.PDF, printing)

    async def ranking(self, who: Anyone, format: TableInPath, wanted: Annotated[WantedEntries, Query()]) -> Response:
        """The live ranking with all its places."""
        name = f"peringkat-{wanted.region or 'nasional'}-{wanted.year}.{format.value}"
        if format is TableFormat.JSON:
            return _json(name, await self._rankings.whole(who, wanted))
        stood = await self._rankings.stood(who, wanted)
        zone = (await region_of(self._store, wanted.region)).zone if wanted.region else Zone.WIB.value
        label = "Semua inovasi"
        cell = Cell(group=WHOLE_CELL, group_name=label, category=WHOLE_CELL, category_name=label, places=stood.places)
        told = notices(stood.catalogues, measure=wanted.measure)
        table = partial(ranking_table, "Peringkat", [cell], told)
        if format is TableFormat.CSV:
            return _csv(name, table(None))
        return await self._book(name, [table(zone)])

    async def indices(self, who: Anyone, format: TableInPath, wanted: Annotated[WantedIndex, Query()]) -> Response:
        """Regional indices of a national round; the claimed figure only for those within the region."""
        where = wanted.model_dump(include={"region", "year"}, exclude_none=True)
        answers: list[IndexAnswer] = []
        after: str | None = None
        while True:
            page = await self._store.find(REGION_INDEX.name, where, limit=200, after=after)
            found = [RegionIndex.model_validate(each.state) for each in page.documents]
            answers += [index_answer(each, inside=is_inside(who, each.region)) for each in found]
            after = page.after
            if after is None:
                break
        name = f"indeks-{wanted.region or 'nasional'}-{wanted.year}.{format.value}"
        if format is TableFormat.JSON:
            return _json(name, IndexPage(items=answers, next=None))
        if format is TableFormat.CSV:
            return _csv(name, index_table(answers))
        return await self._book(name, [index_table(answers)])

    async def frozen(
        self, who: Anyone, region: RegionInPath, series: SeriesInPath, number: NumberInPath, format: TableInPath
    ) -> Response:
        """A frozen ranking, with how many took part by group and kind."""
        del who
        found, _ = await self._freezes.get(region, series, number)
        name = f"peringkat-{region}-{series}-{number}.{format.value}"
        if format is TableFormat.JSON:
            return _json(name, freeze_answer(found))
        if format is TableFormat.CSV:
            return _csv(name, freeze_tables(found, None)[0])
        return await self._book(name, freeze_tables(found, (await region_of(self._store, region)).zone))

    async def certificate(
        self,
        who: Anyone,
        region: RegionInPath,
        series: SeriesInPath,
        number: NumberInPath,
        innovation: InnovationInPath,
    ) -> Response:
        """A certificate for one place of a frozen ranking; in a competition only for those that are awarded."""
        del who
        found, _ = await self._freezes.get(region, series, number)
        placed = found.place_of(innovation)
        if placed is None or not _is_awarded(found, *placed):
            raise NotFound("Inovasi ini tidak mendapat piagam pada pembekuan itu.")
        last = await self._freezes.last(region, series)
        zone = (await region_of(self._store, region)).zone
        later = last.number if last is not None and last.number > number else None
        frozen_on = local_day(found.frozen_at, zone)
        name = f"piagam-{region}-{series}-{number}-{innovation}.pdf"
        return await self._made(name, tables.PDF, partial(_print_certificate, found, placed, frozen_on, later))

    async def _book(self, name: str, sheets: Iterable[Table]) -> Response:
        return await self._made(name, workbook.MEDIA_TYPE, partial(tables.tables_book, tuple(sheets)))

    async def _made(self, name: str, media_type: str, write: Any) -> Response:  # noqa: ANN401 - partials of (path)
        async def make(path: FilePath) -> None:
            await asyncio.to_thread(write, path)

        return await self._generator.send(name, media_type, make)


def _is_awarded(frozen: Frozen, cell: Cell, place: Any) -> bool:  # noqa: ANN401 - a Place
    return frozen.terms is None or place in awarded(frozen.terms, cell)


def _print_scorecard(card: Card, path: FilePath, *, region: str | None, printed_on: str) -> None:
    from services.scoring.exports.scorecard_pdf import print_scorecard  # noqa: PLC0415 - the PDF library is slow to import

    print_scorecard(card, path, region=region, printed_on=printed_on)


def _print_certificate(
    frozen: Frozen, placed: tuple[Cell, Place], frozen_on: str, superseded_by: int | None, path: FilePath
) -> None:
    from services.scoring.exports.certificate_pdf import Certificate, print_certificate  # noqa: PLC0415 - as above

    print_certificate(Certificate(frozen, *placed, frozen_on, superseded_by), path)


async def _region_book(wanted: WantedScorecards, cards: AsyncIterator[list[Card]], path: FilePath) -> None:
    year = f" tahun {wanted.year}" if wanted.year else ""
    book = await asyncio.to_thread(scorecard_book.RegionBook, f"Kartu skor inovasi daerah {wanted.region}{year}")
    async for page in cards:
        await asyncio.to_thread(book.add, page)
    await asyncio.to_thread(book.save, path)


async def _as_csv(first: list[Card], rest: AsyncIterator[list[Card]]) -> AsyncIterator[bytes]:
    yield tables.csv_lines([tables.SCORECARD_KEYS])
    async for page in _from(first, rest):
        yield tables.csv_lines(line for card in page for line in tables.scorecard_lines(card))


async def _as_json(
    wanted: WantedScorecards, first: list[Card], rest: AsyncIterator[list[Card]]
) -> AsyncIterator[bytes]:
    head = wanted.model_dump_json().removesuffix("}")
    yield f'{head},"items":['.encode()
    comma = ""
    async for page in _from(first, rest):
        for card in page:
            yield f"{comma}{card.answer.model_dump_json()}".encode()
            comma = ","
    yield b"]}"


async def _from(first: list[Card], rest: AsyncIterator[list[Card]]) -> AsyncIterator[list[Card]]:
    yield first
    async for page in rest:
        yield page


def _csv(name: str, table: Table) -> Response:
    return Response(tables.table_csv(table), headers=file_headers(name), media_type=tables.CSV)


def _json(name: str, answer: BaseModel) -> Response:
    return Response(answer.model_dump_json(), headers=file_headers(name), media_type=tables.JSON)
