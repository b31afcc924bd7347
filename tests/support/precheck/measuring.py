"""Counts the planted defects that the pre-check finds, and what is right and doubted."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass

from services.registry.evidence.precheck.precheck import Item, precheck
from services.registry.evidence.precheck.process import PdfProcess
from services.registry.evidence.precheck.text import TextState
from tests.support.precheck.letters import Case, case_of


@dataclass(frozen=True)
class Measured:
    """counts: planted, found, right, doubted; seconds: of each file, ascending."""

    counts: Counter[str]
    seconds: list[float]

    @property
    def median(self) -> float:
        """Seconds."""
        return self.seconds[len(self.seconds) // 2]

    def __str__(self) -> str:
        most = self.seconds[int(len(self.seconds) * 0.99)]
        times = (
            f"median {self.median * 1000:.0f} ms, 99 % {most * 1000:.0f} ms, longest {self.seconds[-1] * 1000:.0f} ms"
        )
        return f"{dict(self.counts)}; {times}"

    def require(self) -> None:
        """At least 95 % of what was planted is found, at most 5 % of what is right doubted, in less than 200 ms."""
        assert self.counts["found"] >= 0.95 * self.counts["planted"] > 0, self
        assert self.counts["doubted"] <= 0.05 * self.counts["right"], self
        assert self.median < 0.2, self


async def measured(first: int, files: int) -> Measured:
    """Read that many synthetic files, from the seed `first` on."""
    counts, seconds = Counter[str](), list[float]()
    process = PdfProcess()
    try:
        await process.read(b"")  # the first file also starts the process
        for seed in range(first, first + files):
            case = case_of(seed)
            begun = time.perf_counter()
            document = await process.read(case.pdf)
            found = precheck(document, case.declared)
            seconds.append(time.perf_counter() - begun)
            counts.update(_judged(case, found.state, frozenset(found.doubtful)))
    finally:
        await process.close()
    return Measured(counts, sorted(seconds))


def _judged(case: Case, state: TextState, doubtful: frozenset[str]) -> Counter[str]:
    """How many planted defects there are and were found; how many right items there are and were doubted."""
    if case.scan:
        return Counter(planted=1, found=int(state is TextState.SCAN))
    asked = [item for item in Item if item is not Item.YEARS or case.declared.window]
    wrong = [item for item in asked if item in case.wrong]
    right = [item for item in asked if item not in case.wrong and item not in case.open]
    return Counter(
        planted=len(wrong),
        found=sum(item in doubtful for item in wrong),
        right=len(right) + 1,  # and that it is no scan
        doubted=sum(item in doubtful for item in right) + (state is not TextState.READ),
    )
