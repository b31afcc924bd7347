"""Synthetic letters with planted defects: at least 95 % are found, at most 5 % of what is right is doubted.

A sample. The 500 of docs/precheck.md: `PRECHECK_FILES=500 pytest -s tests/unit/registry/precheck/test_planted.py`;
`make soak` reads others (tests/faults/evidence/test_planted_defects.py).
"""

from __future__ import annotations

import os

from tests.support.precheck.measuring import measured

FIRST = 20_000  # seed: the rules were written against smaller ones
SAMPLE = 80


async def test_planted_defects_are_found_and_what_is_right_is_not_doubted() -> None:
    found = await measured(FIRST, int(os.environ.get("PRECHECK_FILES", SAMPLE)))

    print(f"from seed {FIRST}: {found}")
    found.require()
