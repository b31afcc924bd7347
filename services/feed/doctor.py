"""What the feed adds to `satu doctor`: whether it has every subject."""

from __future__ import annotations

from services.feed.latest.mark import Marks
from services.feed.latest.upkeep import CURE
from shared.operations.doctor import Check
from shared.runtime import process
from shared.settings import Settings


async def checks(settings: Settings) -> list[Check]:
    """Reads the mark, and changes nothing but a store without one."""
    async with process.opened("feed", settings) as resources:
        mark = await Marks(resources.store).load()
    found = f"generation {mark.generation} {'is complete' if mark.complete else 'may lack subjects'}"
    return [Check("feed", passed=mark.complete, found=found, fix="" if mark.complete else CURE)]
