"""What the contract tests of the store share beyond engines."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def sockets_of_the_driver() -> Iterator[None]:
    """PyMongo leaks a socket when its monitor is cancelled while connecting (4.20, `pool_shared`). It is collected
    here, after the loops are closed, so that its warning does not fail an unrelated test."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
