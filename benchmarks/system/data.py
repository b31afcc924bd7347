"""Data folders of the embedded default, filled in this process; the large ones are made once and kept in `.cache`."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice, repeat
from pathlib import Path

from benchmarks.load.job import Post
from benchmarks.system.drafts import REGION_CODE, Heard, Registry, id_of
from benchmarks.system.embedded import settings_of
from services.feed import kinds as feed
from services.notifications import kinds as notifications
from services.portal import kinds as portal
from services.registry import kinds as registry
from services.scoring import kinds as scoring
from shared.runtime.process import running

AGENCIES = 40
NATION = 36_742
REGIONS = 546
_NESTED = (1000, 10_000)  # innovations of the nation from which a larger stock goes on
_FORM = 1  # raised when this file makes other data
_CACHE = Path(__file__).parent.parent.parent / ".cache" / "benchmarks"


@dataclass(frozen=True)
class Stock:
    """What a store holds already. nation: innovations spread over all regions; region: over the agencies of the one
    that is measured; agency: of the one agency whose drafts are submitted, and of no other."""

    name: str
    nation: int = 0
    region: int = 0
    agency: int = 0

    @property
    def agencies(self) -> int:
        """How many agencies hand in drafts."""
        return 1 if self.agency else AGENCIES

    @property
    def key(self) -> str:
        """For the name of its folder."""
        return f"{self.nation}-{self.region}-{self.agency}"


EMPTY = Stock("empty")


async def filled(folder: Path, stock: Stock) -> None:
    """Make the data folder of a stock, from the cache if it was made before."""
    kept = kept_file(stock.key)
    if not (kept / "complete").exists():
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        base = max((n for n in _NESTED if n < stock.nation and (_nation(n) / "complete").exists()), default=0)
        if base:
            shutil.copytree(_nation(base) / "data", kept / "data")
        await _fill(kept / "data", stock, base)
        (kept / "complete").touch()
    shutil.copytree(kept / "data", folder)


async def with_drafts(folder: Path, stock: Stock, names: dict[str, int]) -> dict[str, list[Post]]:
    """Add drafts to a filled folder: by name, how many. Returns what is to be submitted, by name."""
    async with running(settings_of(folder)) as process:
        heard, book = Heard(), Registry(process.resources["registry"])
        ids = agency_ids(stock)
        posts = {name: await book.drafts(REGION_CODE, ids, name, count) for name, count in names.items()}
        await heard.all(process, sum(names.values()))
    return posts


def kept_file(name: str) -> Path:
    """Where a file that is made once is kept; another one for each stored form."""
    _CACHE.mkdir(parents=True, exist_ok=True)
    return _CACHE / f"{_key()}-{name}"


def _nation(count: int) -> Path:
    return kept_file(Stock("", nation=count).key)


def agency_ids(stock: Stock) -> list[str]:
    """The agencies that hand in drafts."""
    return [id_of("agency", REGION_CODE, number) for number in range(stock.agencies)]


async def _fill(folder: Path, stock: Stock, base: int) -> None:
    """base: so many innovations of the nation are there already."""
    async with running(settings_of(folder)) as process:
        heard, book = Heard(), Registry(process.resources["registry"])
        placements = await placed(book, stock, base)
        await heard.all(process, await book.submitted(placements, f"stock after {base}"))


async def placed(book: Registry, stock: Stock, base: int = 0) -> Iterator[tuple[str, str]]:
    """Register the regions and agencies of a stock; the region and agency of each of its innovations. base: so many of
    the nation are there already."""
    ids = await book.region(REGION_CODE, AGENCIES)
    others: list[tuple[str, str]] = []
    if stock.nation:
        for code in islice((f"{11 + n // 40:02d}.{1 + n % 40:02d}" for n in range(REGIONS + 1)), REGIONS):
            if code != REGION_CODE:
                others += [(code, id) for id in await book.region(code, 1)]
    own = [(REGION_CODE, id) for id in ids]
    return chain(
        _round(others, stock.nation)[base:], _round(own, stock.region), repeat((REGION_CODE, ids[0]), stock.agency)
    )


def _round(placements: list[tuple[str, str]], count: int) -> list[tuple[str, str]]:
    return [placements[number % len(placements)] for number in range(count)]


def _key() -> str:
    """Changes with the stored form of any kind: an old file would be upcast, and cost more than a new one."""
    kinds = (*registry.KINDS, *scoring.KINDS, *notifications.KINDS, *feed.KINDS, *portal.KINDS)
    said = [(kind.name, kind.schema, [index.fields for index in kind.indexes]) for kind in kinds]
    return hashlib.sha256(repr((_FORM, said)).encode()).hexdigest()[:12]
