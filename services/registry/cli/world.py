"""What the commands of continuation work on: the registry's parts, a curator's rights, files with JSON."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from services.registry.agencies.agency import Agency
from services.registry.continuation.composition import ContinuationParts
from services.registry.innovation.access import InnovationAccess
from services.registry.innovation.innovation import Innovation
from services.registry.kinds import AGENCY, INNOVATION, REGION
from services.registry.regions.region import Region
from shared.auth.policy import Principal, Role
from shared.cli.console import do, say, settings_for_command
from shared.faults import Flaw, Invalid
from shared.ports.files import Files
from shared.ports.store import Store
from shared.runtime.process import opened
from shared.settings import Settings
from shared.storage.repository import Repository
from shared.web.validation import invalid_of

LARGEST = 1024 * 1024  # bytes of a file with JSON
ACCOUNT = "satu"
"""Who did it, where an account is kept."""

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class World:
    """The registry, opened."""

    store: Store
    access: InnovationAccess
    parts: ContinuationParts
    files: Files

    async def curator_of(self, region: str) -> Principal:
        """A curator of a region. Raises NotFound for an unknown one."""
        await self.access.regions.get(region)
        return Principal(ACCOUNT, Role.CURATOR, region)

    async def curator_of_agency(self, agency: str) -> Principal:
        """A curator of an agency's region. Raises NotFound."""
        return await self.curator_of((await self.access.agencies.get(agency)).value.region)

    async def curator_of_innovation(self, id: str) -> tuple[Principal, int]:
        """A curator of an innovation's region, and the innovation's present version. Raises NotFound."""
        innovation = await self.access.innovations.get(id)
        return await self.curator_of(innovation.value.region), innovation.sequence


@asynccontextmanager
async def opened_world(settings: Settings) -> AsyncIterator[World]:
    """The registry of these settings, beside a running one or alone."""
    async with opened("registry", settings) as resources:
        await resources.files.open()
        store = resources.store
        access = InnovationAccess(
            Repository(store, REGION, Region, "Daerah ini tidak terdaftar."),
            Repository(store, AGENCY, Agency, "Perangkat daerah ini tidak terdaftar."),
            Repository(store, INNOVATION, Innovation, "Inovasi ini tidak ditemukan."),
            resources.files,
            resources.clock,
        )
        try:
            yield World(store, access, ContinuationParts(store, access), resources.files)
        finally:
            await resources.files.close()


def run(work: Callable[[World], Awaitable[list[str]]]) -> None:
    """Run a command's work and print its lines."""
    settings = settings_for_command()

    async def within() -> list[str]:
        async with opened_world(settings) as world:
            return await work(world)

    for line in do(within()):
        say(line)


def read_file(file: Path, model: type[M]) -> M:
    """The value in a JSON file; `-`: standard input. Raises Invalid."""
    try:
        if str(file) == "-":
            content = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with file.open("rb") as source:
                content = source.read(LARGEST + 1)
    except OSError as error:
        raise Invalid([Flaw("file", "unreadable", f"tidak dapat dibaca: {error.strerror}")]) from error
    if len(content) > LARGEST:
        raise Invalid([Flaw("file", "too-large", f"lebih besar dari {LARGEST} byte")])
    return checked(lambda: model.model_validate_json(content))


def checked(make: Callable[[], M]) -> M:
    """A value made of what was entered. Raises Invalid instead of pydantic's error."""
    try:
        return make()
    except ValidationError as error:
        raise invalid_of(error.errors(include_url=False)) from error
