"""`satu continuation`: stage, origin, follow-ups, actors, sustainability and rights of an innovation; mentors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from services.registry.cli import continuation_of_region
from services.registry.cli.lines import innovation_lines
from services.registry.cli.papers import stored
from services.registry.cli.world import World, checked, read_file, run
from services.registry.continuation import changes
from services.registry.continuation.actor import ActorList
from services.registry.continuation.continuing import Circumstances, Decide
from services.registry.continuation.follow_up import Answer, UseEntry
from services.registry.continuation.mentor import MentorEntry
from services.registry.continuation.origin import InnovationOrigin
from services.registry.continuation.rights import RightsList
from services.registry.continuation.stage import StageMove
from services.registry.continuation.sustainability import Sustainability
from services.registry.innovation.innovation import Change, Innovation
from shared.contracts.continuation import Use

Id = Annotated[str, typer.Argument(metavar="INNOVATION", help="The innovation's id.")]
File = Annotated[Path, typer.Argument(help="A JSON file as the route of the same name takes it, or - for stdin.")]
MaybeFile = Annotated[Path | None, typer.Argument(help="A JSON file with new values; without it they are printed.")]
Proofs = Annotated[list[Path] | None, typer.Option("--proof", help="A file of the answer; may be given again.")]
Since = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The local day since which it is there, if past.")
]
Reason = Annotated[str | None, typer.Option("--reason", help="Why it rests or has ended.")]
Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The region's local day.")]


def commands(app: typer.Typer) -> None:
    """Add `continuation`."""
    group = typer.Typer(help="Innovations from idea to continued use.", no_args_is_help=True)
    app.add_typer(group, name="continuation")
    for command in _COMMANDS:
        group.command()(command)
    continuation_of_region.commands(group)


def show(id: Id) -> None:
    """Print where an innovation is, whether it is in use, what is asked next, and what to look at."""

    async def work(world: World) -> list[str]:
        innovation = (await world.access.innovations.get(id)).value
        at = await world.parts.continuing.circumstances("", innovation.region)
        return list(innovation_lines(innovation, at))

    run(work)


def move(
    id: Id,
    pipeline: Annotated[str, typer.Argument(help="The pipeline's slug.")],
    stage: Annotated[str, typer.Argument(help="The stage's slug.")],
    note: Annotated[str | None, typer.Option(help="Why, for the region only.")] = None,
    on: Since = None,
) -> None:
    """Move an innovation to a stage."""
    wanted = checked(lambda: StageMove(pipeline=pipeline, stage=stage, note=note, on=on.date() if on else None))
    _change(id, lambda it, at: changes.move(it, wanted, rules=at.rules, by=at.by, now=at.now, origin=at.origin))


def ask(id: Id, day: Day) -> None:
    """Plan the next question whether it is still in use."""

    def decide(it: Innovation, at: Circumstances) -> Change:
        return changes.plan_follow_up(it, day.date(), at.today, at.rules.follow_up, at.origin)

    _change(id, decide)


def answer(id: Id, file: File, proofs: Proofs = None) -> None:
    """Answer the open question in the owner's stead: a JSON file with `use`, `reason`, `figures`, `note`."""
    given = read_file(file, Answer)

    def decide(it: Innovation, at: Circumstances) -> Change:
        return changes.answer(it, given, today=at.today, rules=at.rules.follow_up, by=at.by, origin=at.origin)

    async def work(world: World) -> list[str]:
        for proof in proofs or ():
            await _attach(world, id, proof)
        return await _changed(world, id, decide)

    run(work)


def use(id: Id, use: Annotated[Use, typer.Argument(help="live, dormant or stopped.")], reason: Reason = None) -> None:
    """Say whether it is in use, without a question."""
    wanted = checked(lambda: UseEntry(use=use, reason=reason))

    def decide(it: Innovation, at: Circumstances) -> Change:
        return changes.set_use(it, wanted, today=at.today, rules=at.rules.follow_up, by=at.by, origin=at.origin)

    _change(id, decide)


def origin(id: Id, file: File) -> None:
    """Say where it comes from: own idea, community, training project, replication."""
    wanted = read_file(file, InnovationOrigin)

    def decide(it: Innovation, at: Circumstances) -> Change:
        return changes.set_origin(it, wanted, today=at.today, rules=at.rules.follow_up, by=at.by, origin=at.origin)

    async def work(world: World) -> list[str]:
        innovation = (await world.access.innovations.get(id)).value
        await world.parts.origins.require(innovation, wanted)
        return await _changed(world, id, decide)

    run(work)


def actors(id: Id, file: File) -> None:
    """Replace the list of actors."""
    wanted = read_file(file, ActorList)
    _change(id, lambda it, at: changes.set_actors(it, wanted, at.origin))


def sustainability(id: Id, file: File) -> None:
    """Replace team, decree, SOP, financing and successor."""
    wanted = read_file(file, Sustainability)
    _change(id, lambda it, at: changes.set_sustainability(it, wanted, at.origin))


def rights(id: Id, file: File) -> None:
    """Replace the list of intellectual property."""
    wanted = read_file(file, RightsList)
    _change(id, lambda it, at: changes.set_rights(it, wanted, at.origin))


def mentor(
    agency: Annotated[str, typer.Argument(metavar="AGENCY", help="The agency's id.")], file: MaybeFile = None
) -> None:
    """Print whether an agency has a mentor, or name one: a JSON file with `name`, null for nobody any more."""
    wanted = None if file is None else read_file(file, MentorEntry)

    async def work(world: World) -> list[str]:
        who = await world.curator_of_agency(agency)
        _, found = await world.parts.mentors.read(who, agency)
        if wanted is not None:
            found = await world.parts.mentors.name(who, agency, wanted, found.sequence if found else 0)
        named = found is not None and found.value.name is not None
        return [f"{agency} {'has a mentor' if named else 'has no mentor'}"]

    run(work)


async def _attach(world: World, id: str, proof: Path) -> None:
    changes.require_question((await world.access.innovations.get(id)).value)
    file = await stored(world, proof)
    await _changed(world, id, lambda it, at: changes.attach_proof(it, file, at.origin))


def _change(id: str, decide: Decide) -> None:
    async def work(world: World) -> list[str]:
        return await _changed(world, id, decide)

    run(work)


async def _changed(world: World, id: str, decide: Decide) -> list[str]:
    who, sequence = await world.curator_of_innovation(id)
    after = await world.parts.continuing.change(who, id, sequence, decide)
    at = await world.parts.continuing.circumstances("", after.value.region)
    lines = list(innovation_lines(after.value, at))
    return lines if after.changed else ["nothing changed", *lines]


_COMMANDS: tuple[Callable[..., None], ...] = (
    *(show, move, ask, answer, use, origin, actors, sustainability, rights, mentor),
)
