"""Synthetic letters with planted defects: at least 95 % are found, at most 5 % of what is right is doubted.

`make test` reads a sample; the 500 of docs/precheck.md are read by `make soak`, and by
`PRECHECK_FILES=500 pytest tests/unit/registry/precheck/test_planted.py -s`.
"""

from __future__ import annotations

import os
import time
from collections import Counter

from services.registry.evidence.precheck.precheck import Item, precheck
from services.registry.evidence.precheck.process import PdfProcess
from services.registry.evidence.precheck.text import TextState
from tests.support.precheck.letters import Case, case_of

FIRST = 20_000  # seed: the rules were written against smaller ones
SAMPLE = 150


def files() -> int:
    asked = 500 if os.environ.get("SOAK_SECONDS") else SAMPLE
    return int(os.environ.get("PRECHECK_FILES", asked))


async def test_planted_defects_are_found_and_what_is_right_is_not_doubted() -> None:
    counts, seconds = Counter[str](), list[float]()
    process = PdfProcess()
    try:
        await process.read(b"")  # the first file also starts the process
        for seed in range(FIRST, FIRST + files()):
            case = case_of(seed)
            begun = time.perf_counter()
            document = await process.read(case.pdf)
            found = precheck(document, case.declared)
            seconds.append(time.perf_counter() - begun)
            counts.update(judged(case, found.state, frozenset(found.doubtful)))
    finally:
        await process.close()

    seconds.sort()
    median, most = seconds[len(seconds) // 2], seconds[int(len(seconds) * 0.99)]
    print(f"seeds {FIRST} to {FIRST + files() - 1}: {dict(counts)}")
    print(f"median {median * 1000:.0f} ms, 99 % {most * 1000:.0f} ms, longest {seconds[-1] * 1000:.0f} ms")
    assert counts["found"] >= 0.95 * counts["planted"] > 0
    assert counts["doubted"] <= 0.05 * counts["right"]
    assert median < 0.2


def judged(case: Case, state: TextState, doubtful: frozenset[str]) -> Counter[str]:
    """How many planted defects there are and were found; how many right items there are and were doubted."""
    if case.scan:
        return Counter(planted=1, found=int(state is TextState.SCAN))
    asked = [item for item in Item if item is not Item.YEARS or case.declared.window]
    certain = [item for item in asked if item in case.wrong or item not in case.open]
    wrong = [item for item in certain if item in case.wrong]
    right = [item for item in certain if item not in case.wrong]
    return Counter(
        planted=len(wrong),
        found=sum(item in doubtful for item in wrong),
        right=len(right) + 1,  # and that it is no scan
        doubted=sum(item in doubtful for item in right) + (state is not TextState.READ),
    )
