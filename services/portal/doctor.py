"""What the portal adds to `satu doctor`: whether its read model has every subject."""

from __future__ import annotations

from services.portal.model.upkeep.mark import Marks
from services.portal.model.upkeep.upkeep import CURE
from shared.operations.doctor import Check
from shared.runtime import process
from shared.settings import Settings

_AGAIN = "satu portal reset"


async def checks(settings: Settings) -> list[Check]:
    """Reads the mark. A portal that has never run lacks nothing: its first start fills it, or says how."""
    async with process.opened("portal", settings) as resources:
        mark = await Marks(resources.store).stored()
    if mark is None:
        return [Check("portal", passed=True, found="has not run yet")]
    if mark.emptying:
        return [Check("portal", passed=False, found="a reset of its read model has not ended", fix=_AGAIN)]
    found = f"its read model {'is complete' if mark.complete else 'may lack subjects'}"
    return [Check("portal", passed=mark.complete, found=found, fix="" if mark.complete else CURE)]
