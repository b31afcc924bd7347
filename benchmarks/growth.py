"""Whether a submission costs the same, however much is there: the same drafts on an empty store and on full ones.

    python -m benchmarks.growth [--size tiny|quick|normal|full] [--out FILE]

Full stores are made once and kept in `.cache/benchmarks`: 1,000, 10,000 and 36,742 innovations over 546 regions (the
national round of 2025), 8,000 in the region that is measured, and 2,000 of one agency and year, for which one agency
hands in all drafts.
"""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.load.job import Post
from benchmarks.measures.sweeping import sweep_of
from benchmarks.report.section import Ratio, Section, number, of_rounds
from benchmarks.report.size import Size, command
from benchmarks.system.data import EMPTY, NATION, Stock, filled, with_drafts
from benchmarks.system.embedded import counted, embedded
from benchmarks.system.measuring import Measurement, Spread, measure

REGION = Stock("8,000 in one region", region=8000)
_LEAST = 0.9  # of the rate on an empty store


def stocks(size: Size) -> list[tuple[Stock, Stock]]:
    """Each full store, with the empty one that it is compared with."""
    spread, one = EMPTY, Stock("empty, one agency", agency=1)
    if size is Size.TINY:
        small = Stock("20 in the region", region=20)
        return [(small, small)]  # with itself: a store less to make
    least = [
        (Stock("1,000 in the nation", nation=1000), spread),
        (Stock("2,000 in one agency", agency=2000), one),
    ]
    if size is Size.QUICK:
        return least
    large = [
        (Stock("10,000 in the nation", nation=10_000), spread),
        (Stock(f"{NATION:,} in the nation", nation=NATION), spread),
        (REGION, spread),
    ]
    return [least[0], *large, least[1]]


@dataclass
class Prepared:
    """A store with its drafts by round, and what was measured. counted: ms per submission in which the portal counted
    its board, what others did meanwhile included."""

    folder: Path
    posts: dict[str, list[Post]]
    them: list[Measurement] = field(default_factory=list)
    counted: list[float] = field(default_factory=list)


def growth_section(size: Size) -> Section:
    """In each round every store once."""
    section = Section(
        "growth",
        "Growth: the same submissions on full stores",
        "Embedded, at saturation, in turns. The ratio is that of the processor time per submission: empty over full.",
        ["store", "per second", "ms each", "write calls each", "share of empty by rate", "by processor time"],
        size.counts,
    )
    count, rounds = size.choose(tiny=40, quick=300, normal=600), size.choose(tiny=1, quick=1, normal=3, full=5)
    pairs = stocks(size)
    with tempfile.TemporaryDirectory() as scratch:
        every = list(dict.fromkeys(each for pair in pairs for each in reversed(pair)))
        prepared = {each: _prepare(Path(scratch) / str(n), each, count, rounds) for n, each in enumerate(every)}
        for turn in range(rounds):
            for it in prepared.values():
                with embedded(it.folder) as system:
                    measure(system, it.posts["warm " + str(turn)])
                    before = counted(system)
                    it.them.append(measure(system, it.posts[str(turn)]))
                    it.counted.append((counted(system) - before) * 1000 / it.them[-1].outcome.accepted)
        swept = [each for each in every if not each.nation and not each.agency]
        sweeps = [(each.name, asyncio.run(sweep_of(prepared[each].folder))) for each in swept]
    for each in every:
        _row(section, each, prepared, dict(pairs).get(each))
    for name, cost in sweeps:
        section.note(
            f"A sweep of the region's index, “{name}”: {cost.figures:.1f} ms of processor time. The full count, at the "
            f"start and once an hour, which proves the running figures: {cost.count:.0f} ms for {cost.scorecards:,} "
            "scorecards."
        )
    section.note(
        "What a full store costs more shows in the write calls: SQLite writes each changed page of a commit once (two "
        "calls), and the more pages the trees of ids and indexes have, the seldomer two submissions of one commit "
        "change the same one."
    )
    return section


def _prepare(folder: Path, stock: Stock, count: int, rounds: int) -> Prepared:
    asyncio.run(filled(folder, stock))
    names = {str(each): count for each in range(rounds)} | {f"warm {each}": count // 5 for each in range(rounds)}
    return Prepared(folder, asyncio.run(with_drafts(folder, stock, names)))


def _row(section: Section, stock: Stock, prepared: dict[Stock, Prepared], empty: Stock | None) -> None:
    them = prepared[stock].them
    cells = [
        of_rounds([it.outcome.rate for it in them]),
        of_rounds([it.total for it in them], 2),
        of_rounds([sum(it.calls(name)[0] for name in it.after) for it in them]),
    ]
    if empty is None:
        section.row(stock.name, *cells, "–", "–")
        return
    pairs = list(zip(them, prepared[empty].them, strict=True))
    by_rate = Spread(tuple(full.outcome.rate / none.outcome.rate for full, none in pairs))
    by_cpu = Spread(tuple(none.total / full.total for full, none in pairs))
    section.row(stock.name, *cells, number(by_rate.median, 2), number(by_cpu.median, 2))
    calls = [
        median(sum(it.calls(name)[0] for name in it.after) for it in each) for each in (them, prepared[empty].them)
    ]
    limit = (
        f"The rounds gave {min(by_cpu.values):.2f} to {max(by_cpu.values):.2f}. The write calls show what grows: "
        f"{calls[0]:.0f} each instead of {calls[1]:.0f}, for more pages of trees that have random keys. The portal "
        f"counted for {median(prepared[stock].counted):.2f} ms each instead of "
        f"{median(prepared[empty].counted):.2f}: it reads all innovations of an agency's year."
    )
    measured, holds = number(by_cpu.median, 2), by_cpu.median >= _LEAST
    section.goal("3", stock.name, f"≥ {_LEAST} of empty", measured, holds=holds, limit=limit)
    section.ratios[f"growth: {stock.name}"] = Ratio(by_cpu.median, by_cpu.relative)
    section.points.setdefault("growth", []).append((stock.name, by_cpu.median))


def _calls(them: list[Measurement]) -> float:
    return median(sum(it.calls(name)[0] for name in it.after) for it in them)


if __name__ == "__main__":
    command(growth_section, __doc__)
