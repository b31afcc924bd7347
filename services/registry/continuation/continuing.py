"""Changes the continuation of innovations: checks access and version, and gives the change the region's rules and
day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from services.registry.continuation.rules import ContinuationRules
from services.registry.files.uploads import Charge
from services.registry.innovation.access import InnovationAccess
from services.registry.innovation.innovation import Change, Innovation
from services.registry.regions.region import Region
from shared.auth.policy import Principal
from shared.contracts.contract import Origin
from shared.storage.repository import Repository, Versioned


@dataclass(frozen=True)
class Circumstances:
    """by: the account; rules: the region's; now: in its time zone; origin: of the change."""

    by: str
    rules: ContinuationRules
    now: datetime
    origin: Origin

    @property
    def today(self) -> date:
        """The region's local day."""
        return self.now.date()


Decide = Callable[[Innovation, Circumstances], Change]


class Continuing:
    """Reads and changes."""

    def __init__(self, access: InnovationAccess, rules: Repository[ContinuationRules]) -> None:
        self.access = access
        self._rules = rules

    async def rules_of(self, region: str) -> ContinuationRules:
        """The region's rules; the built-in ones when it has set none."""
        found = await self._rules.find(region)
        return found.value if found else ContinuationRules()

    async def read(self, who: Principal, id: str) -> Versioned[Innovation]:
        """An innovation that the caller may see as a whole. Raises NotFound, Forbidden."""
        return await self.access.read_inside(who, id)

    async def change(self, who: Principal, id: str, expected: int, decide: Decide) -> Versioned[Innovation]:
        """Change the version that the caller has read. Raises what `InnovationAccess.read_for_change` and `decide`
        raise."""
        read = await self.access.read_for_change(who, id, expected)
        at = await self.circumstances(who.id, read.value.region)
        return await self.access.change_read(read, lambda it: decide(it, at))

    async def circumstances(self, by: str, region: str) -> Circumstances:
        """What a change that is made now is judged by."""
        origin = self.access.origin()
        return Circumstances(by, await self.rules_of(region), (await self.region(region)).local(origin.time), origin)

    async def region(self, code: str) -> Region:
        """The region. Raises NotFound."""
        return (await self.access.regions.get(code)).value

    async def charge(self, who: Principal, innovation: Innovation) -> Charge | None:
        """As `InnovationAccess.charge`."""
        return await self.access.charge(who, innovation)

    def now(self) -> datetime:
        """Business time."""
        return self.access.origin().time
