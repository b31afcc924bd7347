"""`satu continuation` for a region as a whole: rules, counts by stage, what needs somebody, moves of many at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from services.registry.cli.lines import attention_lines, summary_lines
from services.registry.cli.world import World, checked, read_file, run
from services.registry.continuation import changes
from services.registry.continuation.attention import Concern
from services.registry.continuation.continuing import Circumstances
from services.registry.continuation.rules import RulesTerms
from services.registry.continuation.stage import StageMove
from services.registry.innovation.innovation import Change, Innovation
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import Invalid

_PAGE = 200

Region = Annotated[str, typer.Argument(help="The region's code, such as 61.12.")]
MaybeFile = Annotated[Path | None, typer.Argument(help="A JSON file with new values; without it they are printed.")]
Year = Annotated[int | None, typer.Option(min=2000, max=2100, help="Only of this duty year.")]
Since = Annotated[
    datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], help="Local day since which they are there, if past."),
]


def commands(group: typer.Typer) -> None:
    """Add them to `continuation`."""
    for command in _COMMANDS:
        group.command()(command)


def stages(region: Region, year: Year = None) -> None:
    """Print how many innovations are at which stage, by kind of who brought them forth."""

    async def work(world: World) -> list[str]:
        return list(summary_lines(await world.parts.overview.summary(region, year)))

    run(work)


def attention(
    region: Region, concern: Annotated[Concern | None, typer.Option(help="Only this concern.")] = None
) -> None:
    """Print the innovations that need somebody: stuck, unanswered, dormant, stopped, weak, undecided, or with a right
    that ends."""

    async def work(world: World) -> list[str]:
        lines: list[str] = []
        after: str | None = None
        while True:
            found, after = await world.parts.overview.attention(region, concern, limit=_PAGE, after=after)
            lines += attention_lines(found)
            if after is None:
                return lines or ["nothing needs anybody"]

    run(work)


def rules(region: Region, file: MaybeFile = None) -> None:
    """Print a region's pipelines and how often it asks, as JSON, or replace them by those of a file."""
    wanted = None if file is None else read_file(file, RulesTerms)

    async def work(world: World) -> list[str]:
        found, sequence = await world.parts.overview.rules(region)
        if wanted is not None:
            who = await world.curator_of(region)
            found, _ = await world.parts.overview.set_rules(region, wanted, who.id, sequence)
        return [found.model_dump_json(indent=2, exclude={"by"})]

    run(work)


def follow_up(region: Region) -> None:
    """Plan the first questions that are missing and let unanswered ones lapse, now. The server does so every day."""

    async def work(world: World) -> list[str]:
        planned, lapsed = await world.parts.watch.look((await world.access.regions.get(region)).value)
        return [f"{planned} first questions planned, {lapsed} questions lapsed"]

    run(work)


def move_all(  # noqa: PLR0917 - a command: three arguments, the rest are options
    region: Region,
    pipeline: Annotated[str, typer.Argument(help="The pipeline's slug.")],
    stage: Annotated[str, typer.Argument(help="The stage's slug.")],
    year: Year = None,
    where: Annotated[
        str | None, typer.Option("--from", help="Only those at this stage, as pipeline/stage; `none`: at no stage.")
    ] = None,
    on: Since = None,
) -> None:
    """Move all innovations of a region to a stage, as at a launch. Withdrawn ones and those that have ended stay."""
    wanted = checked(lambda: StageMove(pipeline=pipeline, stage=stage, on=on.date() if on else None))

    async def work(world: World) -> list[str]:
        who = await world.curator_of(region)
        at = await world.parts.continuing.circumstances(who.id, region)
        moved = 0
        refused: list[str] = []
        for id in await _ids(world, region, year):
            try:
                after = await world.access.innovations.amend(id, None, lambda it: _moved(it, wanted, where, at))
            except Invalid as invalid:
                refused += [f"not moved: {id}: {each.message}" for each in invalid.flaws]
            else:
                moved += after.changed
        return [f"{moved} innovations moved to {pipeline}/{stage}", *refused]

    run(work)


async def _ids(world: World, region: str, year: int | None) -> list[str]:
    found: list[str] = []
    after: str | None = None
    while True:
        page = await world.access.innovations.list(
            {"region": region, **({} if year is None else {"year": year})}, limit=_PAGE, after=after
        )
        found += [each.id for each in page.items]
        after = page.after
        if after is None:
            return found


def _moved(innovation: Innovation, wanted: StageMove, where: str | None, at: Circumstances) -> Change:
    known = innovation.continuation
    if innovation.status is InnovationStatus.WITHDRAWN or known.ended:
        return None
    place = "/".join(known.moves[-1].place) if known.moves else "none"
    if where is not None and where != place:
        return None
    return changes.move(innovation, wanted, rules=at.rules, by=at.by, now=at.now, origin=at.origin)


_COMMANDS: tuple[Callable[..., None], ...] = (stages, attention, rules, follow_up, move_all)
