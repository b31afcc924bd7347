"""`satu commitment`: the signed Perjanjian Inovasi by agency and year."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.registry.cli.lines import commitment_lines
from services.registry.cli.papers import stored
from services.registry.cli.world import World, read_file, run
from services.registry.continuation.commitment import Commitment, CommitmentTerms, NewCommitment
from shared.auth.policy import Principal
from shared.storage.repository import Versioned
from shared.web.preconditions import fingerprint

_PAGE = 200

Agency = Annotated[str, typer.Argument(metavar="AGENCY", help="The agency's id.")]
Year = Annotated[int, typer.Argument(min=2000, max=2100, help="The year of the promise.")]
File = Annotated[Path, typer.Argument(help="A JSON file as the route takes it, or - for stdin.")]
Paper = Annotated[Path | None, typer.Option("--paper", help="The signed paper: PDF, JPEG or PNG of at most 10 MB.")]


def commands(app: typer.Typer) -> None:
    """Add `commitment`."""
    group = typer.Typer(help="The signed commitments of agencies' heads.", no_args_is_help=True)
    app.add_typer(group, name="commitment")
    group.command("list")(list_all)
    for command in (show, sign, revise, match):
        group.command()(command)


def list_all(
    region: Annotated[str, typer.Argument(help="The region's code, such as 61.12.")],
    year: Annotated[int | None, typer.Option(min=2000, max=2100, help="Only for this year.")] = None,
) -> None:
    """Print a region's commitments with what became of them."""

    async def work(world: World) -> list[str]:
        await world.access.regions.get(region)
        lines: list[str] = []
        after: str | None = None
        while True:
            page = await world.parts.commitments.page(region, None, year, limit=_PAGE, after=after)
            for each in page.items:
                lines += await _lines(world, each)
            after = page.after
            if after is None:
                return lines or ["no commitments"]

    run(work)


def show(agency: Agency, year: Year) -> None:
    """Print one commitment."""

    async def work(world: World) -> list[str]:
        who = await world.curator_of_agency(agency)
        return await _lines(world, await world.parts.commitments.read(who, agency, year))

    run(work)


def sign(file: File, paper: Paper = None) -> None:
    """Record a signed commitment: a JSON file with agency, year, number, dated and promises."""
    new = read_file(file, NewCommitment)

    async def work(world: World) -> list[str]:
        who = await world.curator_of_agency(new.agency)
        made = await world.parts.commitments.sign(who, new, fingerprint(new))
        return await _lines(world, await _with_paper(world, who, made, paper))

    run(work)


def revise(agency: Agency, year: Year, file: File, paper: Paper = None) -> None:
    """Replace number, date and promises: a JSON file with number, dated, promises and revoked."""
    terms = read_file(file, CommitmentTerms)

    async def work(world: World) -> list[str]:
        who = await world.curator_of_agency(agency)
        before = await world.parts.commitments.read(who, agency, year)
        after = await world.parts.commitments.revise(who, agency, year, terms, before.sequence)
        return await _lines(world, await _with_paper(world, who, after, paper))

    run(work)


def match(
    region: Annotated[str, typer.Argument(help="The region's code, such as 61.12.")],
    year: Annotated[int, typer.Option(min=2000, max=2100, help="The year of the promises.")],
) -> None:
    """Name for each open promise of a year the innovation of the same agency and year that has its name."""

    async def work(world: World) -> list[str]:
        found = await world.parts.promises.match(await world.curator_of(region), region, year)
        return [f"{found.taken_up} promises taken up, {found.open} still open"]

    run(work)


async def _with_paper(
    world: World, who: Principal, commitment: Versioned[Commitment], paper: Path | None
) -> Versioned[Commitment]:
    if paper is None:
        return commitment
    file = await stored(world, paper)
    it = commitment.value
    return await world.parts.commitments.put_file(who, it.agency, it.year, file, commitment.sequence)


async def _lines(world: World, commitment: Versioned[Commitment]) -> list[str]:
    statuses = await world.parts.commitments.statuses(commitment.value)
    return list(commitment_lines(commitment.value, statuses))
