"""`satu likeness`: innovations of a region that are alike, where the registry's data is."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from typing import Annotated

import typer

from services.registry.innovation.innovation import Innovation
from services.registry.innovation.likeness.content import Content
from services.registry.innovation.likeness.finder import Alike, LikenessFinder, Side, affairs_of
from services.registry.innovation.likeness.index import HANDED_IN, LikenessIndex
from services.registry.innovation.likeness.noting import LikenessUpkeep, NotedInnovations
from services.registry.kinds import INNOVATION
from shared.auth.policy import Principal, Role
from shared.cli.console import do, say, settings_for_command
from shared.faults import Flaw, Invalid
from shared.ports.store import OneOf
from shared.runtime.process import opened
from shared.settings import Settings

_PAGE = 100

One = Annotated[str | None, typer.Argument(help="The id of an innovation; left out: all of --region and --year.")]
RegionOption = Annotated[str | None, typer.Option("--region", help="A region's code.")]
YearOption = Annotated[int | None, typer.Option("--year", help="The duty's year.")]
Replicable = Annotated[bool, typer.Option("--replicable", help="Public ones of other regions, about the same.")]
Json = Annotated[bool, typer.Option("--json", help="A JSON document for each innovation, instead of text.")]


def commands(app: typer.Typer) -> None:
    """Add `likeness`."""
    app.command("likeness")(likeness)


def likeness(
    innovation: One = None,
    *,
    region: RegionOption = None,
    year: YearOption = None,
    replicable: Replicable = False,
    as_json: Json = False,
) -> None:
    """Print innovations that look like another one: handed in twice, or again. Words are compared; nothing is decided.

    With --region and --year each is compared with those that were handed in before it.
    """
    if innovation is None and (region is None or year is None):
        raise Invalid([Flaw("innovation", "missing", "give an innovation's id, or --region and --year")])
    do(_print(settings_for_command(), innovation, region, year, replicable=replicable, as_json=as_json))


async def _print(
    settings: Settings, id: str | None, region: str | None, year: int | None, *, replicable: bool, as_json: bool
) -> None:
    async with opened("registry", settings) as resources:
        innovations = NotedInnovations(resources.store, INNOVATION, Innovation, f"no innovation {id}")
        index = LikenessIndex(resources.store, innovations)
        await LikenessUpkeep(index, innovations).look_and_catch_up()
        finder = LikenessFinder(index, innovations)
        chosen = _of_year(innovations, region, year) if id is None else _only(innovations, id)
        async for each in chosen:
            who = Principal(id="satu", role=Role.CURATOR, region=each.region)
            if replicable:
                content = Content.of(each.last_submitted.profile)
                found = await finder.elsewhere(content, affairs_of(each), outside=each.region)
            else:
                found = await (finder.before if id is None else finder.in_region)(who, each)
            if found or id is not None:
                _say(each, found, as_json=as_json)


async def _only(innovations: NotedInnovations, id: str) -> AsyncIterator[Innovation]:
    yield (await innovations.get(id)).value


async def _of_year(innovations: NotedInnovations, region: str | None, year: int | None) -> AsyncIterator[Innovation]:
    after = None
    while True:
        where = {"region": region, "year": year, "status": OneOf(sorted(HANDED_IN))}
        page = await innovations.list(where, limit=_PAGE, after=after)
        for each in page.items:
            yield each.value
        if (after := page.after) is None:
            return


def _say(innovation: Innovation, found: Iterable[Alike], *, as_json: bool) -> None:
    side = Side.of(innovation)
    if as_json:
        items = [each.model_dump(mode="json") for each in found]
        say(json.dumps({"innovation": side.model_dump(mode="json"), "items": items}, ensure_ascii=False))
        return
    say(f"{side.id} “{side.name}” ({side.year}, {side.status.value})")
    for each in found:
        level = each.likeness.level
        other = f"{each.other.id} “{each.other.name}” ({each.other.year}, {each.other.status}, {each.other.region})"
        say(f"  {level}: {other}. {each.likeness.explanation}")
        for passage in each.likeness.passages[:1]:
            say(f"    “{passage.here}”")
