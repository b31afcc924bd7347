"""What a test does when its real server is missing: skipped on a laptop, failed where `CI` is set."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def missing(server: str, cure: str) -> NoReturn:
    """Skip with the cure, or fail in CI."""
    sentence = f"{server} is not here; {cure}"
    if os.environ.get("CI"):
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)
