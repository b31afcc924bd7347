"""Changes that do not depend on what else is in the innovation: made on the newest version, again if another came
first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from services.portal.agency.innovation.detail import Innovation
from services.portal.agency.innovation.registry import MOST_TRIES, InnovationClient
from services.portal.owners.answers import OwnerProblem


async def on_newest(client: InnovationClient, change: Callable[[Innovation], Awaitable[Innovation]]) -> Innovation:
    """Make the change. Raises OwnerProblem, OwnerAway."""
    for left in reversed(range(MOST_TRIES)):
        try:
            return await change(await client.read())
        except OwnerProblem as problem:
            if not problem.is_stale or not left:
                raise
    raise AssertionError
