"""What the feed adds to `satu doctor`: whether it has every subject."""

from __future__ import annotations

from services.feed.latest.mark import Marks
from services.feed.latest.upkeep import CURE
from shared.operations.doctor import Check
from shared.runtime import process
from shared.settings import Settings


async def checks(settings: Settings) -> list[Check]:
    """Reads the mark. A feed that has never run lacks nothing: its first start fills it, or says how."""
    async with process.opened("feed", settings) as resources:
        mark = await Marks(resources.store).stored()
    if mark is None:
        return [Check("feed", passed=True, found="has not run yet")]
    found = f"generation {mark.generation} {'is complete' if mark.complete else 'may lack subjects'}"
    return [Check("feed", passed=mark.complete, found=found, fix="" if mark.complete else CURE)]
