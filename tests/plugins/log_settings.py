"""Log settings end with the test that made them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def _log_settings() -> Iterator[None]:
    """A level that a command set would hide entries from a later test of this process."""
    structlog.reset_defaults()
    yield
    structlog.reset_defaults()
