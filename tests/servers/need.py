"""Tests without their real server are skipped, and fail where `CI` is set."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def missing(server: str, cure: str) -> NoReturn:
    """Skip the test with a hint how to get the server, or fail it in CI."""
    sentence = f"{server} is not here; {cure}"
    if os.environ.get("CI"):
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)
