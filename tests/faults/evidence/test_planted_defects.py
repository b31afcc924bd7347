"""500 synthetic letters with planted defects, other ones in each round of `make soak`."""

from __future__ import annotations

import random

import pytest

from tests.support.precheck.measuring import measured

FILES = 500


@pytest.mark.soak
async def test_planted_defects_are_found_in_letters_of_any_seed() -> None:
    first = random.randrange(1_000_000)
    print(f"letters from seed {first}")

    found = await measured(first, FILES)

    print(found)
    found.require()
