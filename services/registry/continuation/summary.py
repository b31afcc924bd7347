"""Where the innovations of a region are: by stage and kind of initiator, by use, by origin. Streamed, not stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from services.registry.continuation.rules import RulesTerms
from services.registry.continuation.source import source_of
from services.registry.continuation.stage import stuck_since
from services.registry.kinds import AGENCY, INNOVATION
from shared.contracts.continuation import OriginKind, Use
from shared.contracts.vocabulary import AgencyKind, Initiator, InnovationStatus
from shared.ports.store import Store

NONE = "tidak_ada"

_FIELDS = (
    "agency",
    "status",
    "year",
    "profile.initiator",
    "continuation.moves",
    "continuation.use.use",
    "continuation.origin.kind",
    "continuation.actors",
)


class StageCount(BaseModel):
    """One stage. stuck: of `count`, those that stay longer than the region's patience; by_source: kind of who brought
    it forth → number; by_initiator: the form's Inisiator → number."""

    model_config = ConfigDict(frozen=True)

    slug: str
    name: str
    launched: bool
    count: int
    stuck: int
    by_source: dict[str, int]
    by_initiator: dict[str, int]


class PipelineCount(BaseModel):
    """One pipeline. launched: how many have reached a stage that counts as launched, in all and by kind."""

    model_config = ConfigDict(frozen=True)

    slug: str
    name: str
    stages: tuple[StageCount, ...]
    launched: int
    launched_by_source: dict[str, int]


class ContinuationSummary(BaseModel):
    """Of the innovations that are not withdrawn; year: only those of that duty year. uses: live, dormant, stopped, or
    `tidak_ada` before any follow-up; origins: likewise; actors: kind → how many innovations name one of that kind."""

    model_config = ConfigDict(frozen=True)

    region: str
    year: int | None
    total: int
    unplaced: int
    uses: dict[str, int]
    origins: dict[str, int]
    actors: dict[str, int]
    pipelines: tuple[PipelineCount, ...]


class _Stage:
    def __init__(self) -> None:
        self.count = self.stuck = 0
        self.by_source: Counter[str] = Counter()
        self.by_initiator: Counter[str] = Counter()


async def summarise(
    store: Store, region: str, rules: RulesTerms, now: datetime, year: int | None = None
) -> ContinuationSummary:
    """Count. Raises StoreAway."""
    kinds = {row.id: row["kind"] async for row in store.scan(AGENCY.name, {"region": region}, ("kind",))}
    stages: dict[tuple[str, str], _Stage] = {}
    uses: Counter[str] = Counter()
    origins: Counter[str] = Counter()
    actors: Counter[str] = Counter()
    total = unplaced = 0
    where = {"region": region} if year is None else {"region": region, "year": year}
    async for row in store.scan(INNOVATION.name, where, _FIELDS):
        if row["status"] == InnovationStatus.WITHDRAWN.value:
            continue
        total += 1
        uses[row["continuation.use.use"] or NONE] += 1
        origins[row["continuation.origin.kind"] or NONE] += 1
        actors.update({each["kind"] for each in row["continuation.actors"] or ()})
        if not row["continuation.moves"]:
            unplaced += 1
            continue
        at = row["continuation.moves"][-1]
        stage = stages.setdefault((at["pipeline"], at["stage"]), _Stage())
        stage.count += 1
        since = datetime.fromisoformat(at["at"])
        if row["continuation.use.use"] != Use.STOPPED.value:
            stage.stuck += stuck_since(at["pipeline"], at["stage"], since, rules, now) is not None
        stage.by_source[_source(row, kinds)] += 1
        stage.by_initiator[row["profile.initiator"] or NONE] += 1
    return ContinuationSummary(
        region=region,
        year=year,
        total=total,
        unplaced=unplaced,
        uses=_sorted(uses),
        origins=_sorted(origins),
        actors=_sorted(actors),
        pipelines=_pipelines(rules, stages),
    )


def _source(row: Mapping[str, Any], kinds: Mapping[str, str]) -> str:
    kind, initiator, origin = kinds.get(row["agency"]), row["profile.initiator"], row["continuation.origin.kind"]
    return source_of(
        AgencyKind(kind) if kind else None,
        Initiator(initiator) if initiator else None,
        OriginKind(origin) if origin else None,
    )


def _pipelines(rules: RulesTerms, stages: Mapping[tuple[str, str], _Stage]) -> tuple[PipelineCount, ...]:
    found: list[PipelineCount] = []
    for pipeline in rules.pipelines:
        counts: list[StageCount] = []
        launched: Counter[str] = Counter()
        for stage in pipeline.stages:
            here = stages.get((pipeline.slug, stage.slug), _Stage())
            if stage.launched:
                launched.update(here.by_source)
            counts.append(
                StageCount(
                    slug=stage.slug,
                    name=stage.name,
                    launched=stage.launched,
                    count=here.count,
                    stuck=here.stuck,
                    by_source=_sorted(here.by_source),
                    by_initiator=_sorted(here.by_initiator),
                )
            )
        found.append(
            PipelineCount(
                slug=pipeline.slug,
                name=pipeline.name,
                stages=tuple(counts),
                launched=launched.total(),
                launched_by_source=_sorted(launched),
            )
        )
    return tuple(found)


def _sorted(counted: Counter[str]) -> dict[str, int]:
    return dict(sorted(counted.items()))
