"""`satu ideas`: what anybody has handed in, and what becomes of it."""

from __future__ import annotations

from typing import Annotated

import typer

from services.registry.cli.lines import idea_line
from services.registry.cli.world import World, checked, run
from services.registry.continuation.public_ideas.idea import Closing
from shared.contracts.idea import IdeaStatus

_PAGE = 200

Id = Annotated[str, typer.Argument(metavar="IDEA", help="The idea's id.")]


def commands(app: typer.Typer) -> None:
    """Add `ideas`."""
    group = typer.Typer(help="Public ideas of a region.", no_args_is_help=True)
    app.add_typer(group, name="ideas")
    group.command("list")(list_all)
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
        lines: list[str] = []
        after: str | None = None
        while True:
            page = await world.parts.ideas.page(who, region, status, limit=_PAGE, after=after)
            lines += [idea_line(each.value) for each in page.items]
            after = page.after
            if after is None:
                return lines or ["no ideas"]

    run(work)


def hand_over(id: Id, agency: Annotated[str, typer.Argument(metavar="AGENCY", help="Who fosters it.")]) -> None:
    """Hand an idea to the agency that fosters it."""

    async def work(world: World) -> list[str]:
        idea = await world.parts.ideas.find(id)
        who = await world.curator_of(idea.value.region)
        return [idea_line((await world.parts.ideas.hand_over(who, id, agency, idea.sequence)).value)]

    run(work)


def close(id: Id, reason: Annotated[str, typer.Argument(help="Why; whoever handed it in can read it.")]) -> None:
    """Close an idea with a reason."""
    closing = checked(lambda: Closing(reason=reason))

    async def work(world: World) -> list[str]:
        idea = await world.parts.ideas.find(id)
        who = await world.curator_of(idea.value.region)
        return [idea_line((await world.parts.ideas.close(who, id, closing.reason, idea.sequence)).value)]

    run(work)


def take_up(id: Id) -> None:
    """Make a draft of an idea, of the agency that fosters it."""

    async def work(world: World) -> list[str]:
        who = await world.curator_of((await world.parts.ideas.find(id)).value.region)
        idea, innovation = await world.parts.ideas.take_up(who, id)
        return [f"{idea_line(idea.value)}: innovation {innovation.id}"]

    run(work)
