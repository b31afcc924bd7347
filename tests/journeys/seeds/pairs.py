"""On which engines the journeys of the seeds go."""

from __future__ import annotations

import os

from tests.journeys.conftest import PAIRS

SYSTEMS = PAIRS if os.environ.get("SOAK_SECONDS") else PAIRS[:1]
"""The embedded pair, which costs little; with SOAK_SECONDS set both."""
