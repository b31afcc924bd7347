"""Data folders of the embedded default, filled in this process; the large ones are made once and kept in `.cache`."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from itertools import chain, islice, repeat
from pathlib import Path

from benchmarks.load.job import Post
from benchmarks.system.drafts import REGION_CODE, Heard, Registry, id_of
from benchmarks.system.embedded import settings_of
from services.notifications import kinds as notifications
from services.registry import kinds as registry
from services.scoring import kinds as scoring
from shared.runtime.process import running

AGENCIES = 40
NATION = 36_742
REGIONS = 546
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


EMPTY = Stock("empty")


async def filled(folder: Path, stock: Stock) -> None:
    """Make the data folder of a stock, from the cache if it was made before."""
    kept = _CACHE / f"{_key()}-{stock.nation}-{stock.region}-{stock.agency}"
    if not (kept / "complete").exists():
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        await _fill(kept / "data", stock)
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


def agency_ids(stock: Stock) -> list[str]:
    """The agencies that hand in drafts."""
    return [id_of("agency", REGION_CODE, number) for number in range(stock.agencies)]


async def _fill(folder: Path, stock: Stock) -> None:
    async with running(settings_of(folder)) as process:
        heard, book = Heard(), Registry(process.resources["registry"])
        ids = await book.region(REGION_CODE, AGENCIES)
        others: list[tuple[str, str]] = []
        if stock.nation:
            for code in islice((f"{11 + n // 40:02d}.{1 + n % 40:02d}" for n in range(REGIONS + 1)), REGIONS):
                if code != REGION_CODE:
                    others += [(code, id) for id in await book.region(code, 1)]
        own = [(REGION_CODE, id) for id in ids]
        placements = chain(
            _round(others, stock.nation), _round(own, stock.region), repeat((REGION_CODE, ids[0]), stock.agency)
        )
        await heard.all(process, await book.submitted(placements, "stock"))


def _round(placements: list[tuple[str, str]], count: int) -> list[tuple[str, str]]:
    return [placements[number % len(placements)] for number in range(count)]


def _key() -> str:
    """Changes with the stored form of any kind: an old file would be upcast, and cost more than a new one."""
    kinds = (*registry.KINDS, *scoring.KINDS, *notifications.KINDS)
    said = [(kind.name, kind.schema, [index.fields for index in kind.indexes]) for kind in kinds]
    return hashlib.sha256(repr((_FORM, said)).encode()).hexdigest()[:12]
