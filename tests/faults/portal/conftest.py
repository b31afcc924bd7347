"""The two pairs of engines."""

from __future__ import annotations

from tests.faults.feed.conftest import engines

__all__ = ["engines"]
