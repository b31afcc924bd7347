"""How long the portal's read model takes to answer each question, with 36,742 innovations of 1,000 agencies in it.

    python -m benchmarks.portal_model [--size tiny|quick|normal|full] [--out FILE]

All of them are in one region, the worst case. Each question is asked with other arguments each time, in this process
and on SQLite: what a page adds to it is its template.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from benchmarks.report.section import Section, number
from benchmarks.report.size import Size, command
from benchmarks.system.data import NATION
from benchmarks.system.drafts import REGION_CODE
from benchmarks.system.portal_data import AGENCIES, YEARS, agency_id, filled_portal, innovation_id, words
from services.portal.model.model import Model
from services.portal.model.views.duty import BoardOrder
from services.portal.model.views.freshness import Freshness
from services.portal.model.views.innovation import CatalogueOrder, InnovationQuery, SearchQuery
from services.portal.model.views.ranking import RankingQuery
from shared.contracts.affairs import AFFAIR_NAMES
from shared.contracts.vocabulary import AgencyKind, Form, InnovationStatus

LONGEST = 25.0  # ms at the 95th percentile of every page of 25: half of what a page may take

Ask = Callable[[], Awaitable[object]]


def portal_model_section(size: Size) -> Section:
    """Every question of `Model` that pages ask."""
    section = Section(
        "portal_model",
        "The portal's read model",
        f"{NATION:,} innovations of {AGENCIES:,} agencies in one region, on SQLite; pages of 25 unless it says more.",
        ["question", "p50 ms", "p95 ms", "longest ms"],
        size.counts,
    )
    asyncio.run(_measure(section, size))
    return section


async def _measure(section: Section, size: Size) -> None:
    innovations = size.choose(tiny=200, quick=4000, normal=NATION)
    agencies = size.choose(tiny=20, quick=200, normal=AGENCIES)
    times = size.choose(tiny=3, quick=40, normal=200)
    slowest = ("", 0.0)
    with tempfile.TemporaryDirectory() as scratch:
        async with filled_portal(Path(scratch), innovations, agencies) as store:
            model = Model(store, lambda: Freshness(building=False, as_of=None))
            for name, ask in _questions(model, innovations, agencies).items():
                took = [await _timed(ask) for _ in range(times)]
                p95 = quantiles(took, n=20)[-1]
                section.row(name, number(quantiles(took, n=2)[0], 2), number(p95, 2), number(max(took), 2))
                if not name.startswith("ten") and "1,000" not in name:
                    slowest = max(slowest, (name, p95), key=lambda each: each[1])
    section.goal(
        "13",
        "slowest question of the portal's read model, p95",
        f"≤ {LONGEST:.0f} ms",
        f"{slowest[1]:.1f} ms ({slowest[0]})",
        holds=slowest[1] <= LONGEST,
    )


async def _timed(ask: Ask) -> float:
    began = perf_counter()
    await ask()
    return (perf_counter() - began) * 1000


def _questions(model: Model, innovations: int, agencies: int) -> dict[str, Ask]:
    dice = random.Random(13)
    region = REGION_CODE

    def year() -> int:
        return dice.choice(YEARS)

    def agency() -> str:
        return agency_id(dice.randrange(agencies))

    def search(**filters: object) -> SearchQuery:
        return SearchQuery(region=region, **filters)  # type: ignore[arg-type]  # each is one of its fields

    def text(*lengths: int) -> str:
        return " ".join(word[:length] for word, length in zip(dice.sample(words(), len(lengths)), lengths, strict=True))

    async def deep(ask: Callable[[str | None], Awaitable[str | None]]) -> None:
        """The tenth page."""
        after: str | None = None
        for _ in range(10):
            after = await ask(after)

    status = (InnovationStatus.SUBMITTED, InnovationStatus.RETURNED)
    return {
        "an innovation": lambda: model.innovation(innovation_id(dice.randrange(innovations))),
        "the queue": lambda: model.queue(region),
        "the queue's length and oldest": lambda: model.queue_state(region),
        "a region's innovations of a status": lambda: model.innovations(InnovationQuery(region, statuses=status)),
        "a region's innovations of a year": lambda: model.innovations(InnovationQuery(region, year=year())),
        "an agency's innovations": lambda: model.innovations(InnovationQuery(agency=agency())),
        "an agency's duties": lambda: model.duties(agency()),
        "the catalogue, newest": lambda: model.search(search()),
        "the catalogue by name, of a year": lambda: model.search(search(year=year(), order=CatalogueOrder.NAME)),
        "the catalogue by points, of a form and an affair": lambda: model.search(
            search(
                form=dice.choice(list(Form)), main_affair=dice.choice(list(AFFAIR_NAMES)), order=CatalogueOrder.POINTS
            )
        ),
        "search for a word": lambda: model.search(search(text=text(20))),
        "search for three letters": lambda: model.search(search(text=text(3))),
        "search for three words": lambda: model.search(search(text=text(20, 20, 20))),
        "search for two words, of a year and an affair": lambda: model.search(
            search(text=text(4, 4), year=year(), main_affair=dice.choice(list(AFFAIR_NAMES)))
        ),
        "the ranking": lambda: model.ranking(RankingQuery(year(), region)),
        "the ranking of all years' best, of a kind of agency": lambda: model.ranking(
            RankingQuery(year(), region, kind=dice.choice(list(AgencyKind)))
        ),
        "the nation's ranking": lambda: model.ranking(RankingQuery(year())),
        "the board, three years": lambda: model.board(region, [2026, 2025, 2024], limit=50),
        "the board, three years, 1,000 agencies": lambda: model.board(
            region, [2026, 2025, 2024], limit=1000, order=BoardOrder.NAME
        ),
        "the late ones": lambda: model.late(region, year()),
        "a region's year in figures": lambda: model.summary(region, year()),
        "all years of a region": lambda: model.summaries_of(region),
        "the agencies, 1,000": lambda: model.agencies(region),
        "the regions": model.regions,
        "ten pages of the ranking": lambda: deep(_ranking_page(model, region)),
    }


def _ranking_page(model: Model, region: str) -> Callable[[str | None], Awaitable[str | None]]:
    async def page(after: str | None) -> str | None:
        return (await model.ranking(RankingQuery(2026, region), after)).after

    return page


if __name__ == "__main__":
    command(portal_model_section, __doc__)
