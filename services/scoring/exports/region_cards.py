"""All scorecards of a region as one file: a workbook, or CSV and JSON that are written while they are read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from services.scoring.exports import tables
from services.scoring.exports.scorecard_book import RegionBook
from services.scoring.exports.scorecard_rows import Card

Pages = AsyncIterator[list[Card]]


async def write_workbook(title: str, cards: Pages, path: Path) -> None:
    """Write the workbook to `path`, page by page, in a thread."""
    book = RegionBook(title, path)
    try:
        async for page in cards:
            await asyncio.to_thread(book.add, page)
        await asyncio.to_thread(book.save)
    finally:
        book.close()


async def as_csv(first: list[Card], rest: Pages) -> AsyncIterator[bytes]:
    """The cards as CSV. first: the page that was read already."""
    yield tables.csv_lines([tables.SCORECARD_KEYS])
    async for page in _from(first, rest):
        yield tables.csv_lines(line for card in page for line in tables.scorecard_lines(card))


async def as_json(head: str, first: list[Card], rest: Pages) -> AsyncIterator[bytes]:
    """The cards as one JSON object. head: the object's other fields, as JSON; first: as in `as_csv`."""
    yield f'{head.removesuffix("}")},"items":['.encode()
    comma = ""
    async for page in _from(first, rest):
        for card in page:
            yield f"{comma}{card.answer().model_dump_json()}".encode()
            comma = ","
    yield b"]}"


async def _from(first: list[Card], rest: Pages) -> Pages:
    yield first
    async for page in rest:
        yield page
