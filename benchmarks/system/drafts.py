"""The data that a run begins with, written straight into a running process's registry by its own rules.

Events are owed as by any other change, so that scoring and notifications hear of everything before the run begins.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from benchmarks.load.job import Post
from services.registry.agencies import agency as agencies
from services.registry.agencies.agency import Agency, NewAgency
from services.registry.evidence.evidence import Claim
from services.registry.innovation import drafting, submission
from services.registry.innovation.innovation import Innovation, Placement
from services.registry.innovation.profile import Profile
from services.registry.kinds import AGENCY, INNOVATION, REGION
from services.registry.regions import region as regions
from services.registry.regions.deadline import NewDeadline
from services.registry.regions.region import NewRegion, Region
from shared.contracts.contract import Origin
from shared.contracts.event import Draft
from shared.observability import metrics
from shared.observability.tracing import of_request, origin
from shared.runtime.process import Running
from shared.runtime.service import Resources
from shared.storage.repository import Repository

REGION_CODE = "61.12"
AT_ONCE = 32
BY = "benchmark"
_IDS = uuid.UUID("0b1b3c0e-6f0e-5c3e-9b62-3a3f6c3e1f10")
_PATIENCE = 600.0  # seconds without a handled message
_STILL = 1.0  # seconds without an event after which none waits
_LEVELS, _VALUES = 3, 60  # of what agencies enter: facts repeat, but not in every innovation


def id_of(*names: object) -> str:
    """The same id for the same names."""
    return str(uuid.uuid5(_IDS, "/".join(map(str, names))))


def _claims(number: int) -> dict[str, Claim]:
    return {
        "16": Claim(level=1 + number % _LEVELS, links=("https://bukti.example/16",)),
        "17": Claim.model_validate(
            {"value": str(1 + number % _VALUES), "unit": "orang", "links": ("https://bukti.example/17",)}
        ),
        "31": Claim(
            level=1 + number // 7 % _LEVELS, number="800/12", subject="Keputusan", links=("https://bukti.example/31",)
        ),
    }


class Registry:
    """Writes regions, agencies and innovations into a process's registry."""

    def __init__(self, resources: Resources) -> None:
        store, self._clock = resources.store, resources.clock
        self._regions = Repository(store, REGION, Region, "")
        self._agencies = Repository(store, AGENCY, Agency, "")
        self._innovations = Repository(store, INNOVATION, Innovation, "")
        self.year = resources.clock.now().year

    async def region(self, code: str, agency_count: int) -> list[str]:
        """A region with a deadline at the end of the year, and its agencies, whose ids are returned."""
        made = self._origin()
        new = NewRegion.model_validate(
            {"code": code, "name": f"Daerah buatan {code}", "zone": "Asia/Pontianak", "catalogue": "2026.1"}
            | {"policy": {"obliged_kinds": ["dinas"]}}
        )
        region, event = regions.register(new, "", BY, made)
        found = await self._regions.create(code, region, event)
        deadline = NewDeadline(year=self.year, date=date(self.year, 12, 31), basis="buatan")
        await self._regions.amend(
            code, found.sequence, lambda it: regions.set_deadline(it, deadline, BY, made), known=found
        )
        ids = [id_of("agency", code, number) for number in range(agency_count)]
        await asyncio.gather(*(self._agency(code, id, number) for number, id in enumerate(ids)))
        return ids

    async def _agency(self, code: str, id: str, number: int) -> None:
        new = NewAgency.model_validate({"region": code, "name": f"Dinas buatan {number}", "kind": "dinas"})
        agency, event = agencies.register(id, new, "", BY, self._origin(), year=self.year)
        await self._agencies.create(id, agency, event)

    async def drafts(self, region: str, agency_ids: Sequence[str], name: str, count: int) -> list[Post]:
        """Drafts with three rows of evidence, spread over the agencies: what is to be submitted."""
        numbers = iter(range(count))
        posts: list[Post] = []

        async def writer() -> None:
            for number in numbers:
                id = id_of("innovation", region, name, number)
                value, event = self._draft(id, region, agency_ids[number % len(agency_ids)], number)
                stored = await self._innovations.create(id, value, event)
                posts.append(Post(f"/registry/v1/innovations/{id}", f'"{stored.sequence}"', id))

        await asyncio.gather(*(writer() for _ in range(AT_ONCE)))
        return posts

    async def submitted(self, placements: Iterable[tuple[str, str]], name: str) -> int:
        """Submitted innovations, one for each (region, agency): what a run finds there already."""
        numbered, count = iter(enumerate(placements)), 0
        loaded: dict[str, tuple[Region, Agency]] = {}

        async def writer() -> None:
            nonlocal count
            for number, (region, agency) in numbered:
                if agency not in loaded:
                    loaded[agency] = ((await self._regions.get(region)).value, (await self._agencies.get(agency)).value)
                id = id_of("innovation", region, name, number)
                value, _ = self._draft(id, region, agency, number)
                handed_in, event = submission.submit(value, *loaded[agency], BY, self._origin())
                await self._innovations.create(id, handed_in, event)
                count += 1

        await asyncio.gather(*(writer() for _ in range(AT_ONCE)))
        return count

    def _draft(self, id: str, region: str, agency: str, number: int) -> tuple[Innovation, Draft]:
        profile = Profile.model_validate(
            {
                "name": f"Inovasi buatan {number}",
                "stage": "penerapan",
                "initiator": "opd",
                "initiator_name": "Tim (buatan)",
                "classification": "perangkat_daerah",
                "nature": "digital",
                "form": "pelayanan_publik",
                "main_affair": "kesehatan",
                "applied_on": date(self.year, 1, 1) - timedelta(days=number % 300 + 1),
                "design": "kata " * 320,
                "purpose": "Tujuan.",
                "benefit": "Manfaat.",
                "outcome": "Hasil.",
            }
        )
        made, placement = self._origin(), Placement(agency=agency, year=self.year)
        innovation, event = drafting.begin(id, region, placement, profile, fingerprint="", by=BY, origin=made)
        for row, claim in _claims(number).items():
            changed = drafting.claim(innovation, row, claim, BY, made)
            assert changed is not None
            innovation = changed[0]
        return innovation, event

    def _origin(self) -> Origin:
        with of_request(None, None):
            return origin(self._clock)


class Heard:
    """Waits until scoring and notifications of this process have handled what the registry owes."""

    SUBSCRIPTIONS = ("scoring.innovations", "notifications.innovations")

    def __init__(self) -> None:
        self._before = self._handled()

    async def all(self, process: Running, count: int, still: float = _STILL) -> None:
        """At least so many innovations' events since this object was made, nothing is owed and nothing comes any more:
        a draft has several events, and one that waits would be part of what is measured next. still: seconds without
        an event after which none waits; 0 where each innovation has one."""
        last, since = -1.0, 0.0
        loop = asyncio.get_running_loop()
        while not self._done(count) or await self._owed(process) or loop.time() - since < still:
            if (now := sum(self._handled())) != last:
                last, since = now, loop.time()
            elif loop.time() - since > _PATIENCE:
                raise TimeoutError(f"nothing is handled any more: {self._handled()}")
            await asyncio.sleep(0.1)

    def _done(self, count: int) -> bool:
        return all(now - then >= count for now, then in zip(self._handled(), self._before, strict=True))

    @staticmethod
    async def _owed(process: Running) -> int:
        return sum([await each.store.owed_depth() for each in process.resources.values()])

    def _handled(self) -> list[float]:
        value = metrics.REGISTRY.get_sample_value
        labels = [{"subscription": name, "outcome": "done"} for name in self.SUBSCRIPTIONS]
        return [value("satu_deliveries_total", each) or 0.0 for each in labels]
