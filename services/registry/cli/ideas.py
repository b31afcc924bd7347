"""`satu ideas`: what anybody has handed in, and what becomes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from services.registry.cli.lines import idea_line
from services.registry.cli.world import World, checked, read_file, run
from services.registry.continuation.public_ideas.idea import Closing, Idea, NewIdea
from shared.contracts.idea import IdeaStatus
from shared.web.preconditions import fingerprint

_PAGE = 200

Id = Annotated[str, typer.Argument(metavar="IDEA", help="The idea's id.")]


def commands(app: typer.Typer) -> None:
    """Add `ideas`."""
    group = typer.Typer(help="Public ideas of a region.", no_args_is_help=True)
    app.add_typer(group, name="ideas")
    group.command("list")(list_all)
    group.command("hand-in")(hand_in)
    group.command("show")(show)
    group.command("hand-over")(hand_over)
    group.command("close")(close)
    group.command("take-up")(take_up)


def list_all(
    region: Annotated[str, typer.Argument(help="The region's code, such as 61.12.")],
    status: Annotated[IdeaStatus | None, typer.Option(help="Only of this status.")] = None,
) -> None:
    """Print a region's ideas, the newest first."""

    async def work(world: World) -> list[str]:
        who = await world.curator_of(region)
        place = await world.parts.continuing.region(region)
        lines: list[str] = []
        after: str | None = None
        while True:
            page = await world.parts.ideas.page(who, region, status, limit=_PAGE, after=after)
            lines += [idea_line(each.value, place) for each in page.items]
            after = page.after
            if after is None:
                return lines or ["no ideas"]

    run(work)


def hand_in(
    region: Annotated[str, typer.Argument(help="The region's code, such as 61.12.")],
    file: Annotated[Path, typer.Argument(help="A JSON file with `title` and `text`, or - for stdin.")],
) -> None:
    """Record an idea that came on paper or at a desk: without names, addresses and numbers of persons."""
    new = read_file(file, NewIdea)

    async def work(world: World) -> list[str]:
        made = await world.parts.ideas.receive(region, new, str(uuid4()), fingerprint(new), None)
        return [await _line(world, made.value)]

    run(work)


def show(id: Id) -> None:
    """Print an idea with its text, and what became of it."""

    async def work(world: World) -> list[str]:
        idea = (await world.parts.ideas.find(id)).value
        became = [f"innovation: {idea.innovation}"] if idea.innovation else []
        why = [f"reason: {idea.reason}"] if idea.reason else []
        return [await _line(world, idea), *idea.text.splitlines(), *became, *why]

    run(work)


def hand_over(id: Id, agency: Annotated[str, typer.Argument(metavar="AGENCY", help="Who fosters it.")]) -> None:
    """Hand an idea to the agency that fosters it."""

    async def work(world: World) -> list[str]:
        idea = await world.parts.ideas.find(id)
        who = await world.curator_of(idea.value.region)
        return [await _line(world, (await world.parts.ideas.hand_over(who, id, agency, idea.sequence)).value)]

    run(work)


def close(id: Id, reason: Annotated[str, typer.Argument(help="Why; whoever handed it in can read it.")]) -> None:
    """Close an idea with a reason."""
    closing = checked(lambda: Closing(reason=reason))

    async def work(world: World) -> list[str]:
        idea = await world.parts.ideas.find(id)
        who = await world.curator_of(idea.value.region)
        return [await _line(world, (await world.parts.ideas.close(who, id, closing.reason, idea.sequence)).value)]

    run(work)


def take_up(id: Id) -> None:
    """Make a draft of an idea, of the agency that fosters it."""

    async def work(world: World) -> list[str]:
        who = await world.curator_of((await world.parts.ideas.find(id)).value.region)
        idea, innovation = await world.parts.ideas.take_up(who, id)
        return [f"{await _line(world, idea.value)}: innovation {innovation.id}"]

    run(work)


async def _line(world: World, idea: Idea) -> str:
    return idea_line(idea, await world.parts.continuing.region(idea.region))
