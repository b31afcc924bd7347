"""`satu redact`: the bytes of an uploaded file are removed for good, with a reason."""

from __future__ import annotations

from typing import Annotated

import typer

from services.registry.cli.world import World, checked, run
from services.registry.files.redaction import NewRedaction
from services.registry.files.sweep import FileSweep
from services.registry.imports.document import TableImport
from services.registry.imports.redaction import ImportRedaction
from services.registry.innovation.redaction import redact as redact_file
from services.registry.kinds import IMPORT
from shared.storage.repository import Repository

Reason = Annotated[
    str, typer.Option("--reason", help="Why; it stays and is shown to the region, so it must name nobody.")
]
Digest = Annotated[str, typer.Argument(metavar="DIGEST", help="The file's SHA-256, as the answers show it.")]
Innovation = Annotated[str, typer.Argument(metavar="INNOVATION", help="The innovation's id.")]
Agency = Annotated[str, typer.Argument(metavar="AGENCY", help="The agency's id.")]
Year = Annotated[int, typer.Argument(min=2000, max=2100, help="The year of the promise.")]
Import = Annotated[str, typer.Argument(metavar="IMPORT", help="The import's id.")]


def commands(app: typer.Typer) -> None:
    """Add `redact`."""
    group = typer.Typer(help="Remove the bytes of an uploaded file for good.", no_args_is_help=True)
    app.add_typer(group, name="redact")
    group.command("innovation")(innovation)
    group.command("commitment")(commitment)
    group.command("import")(table)


def innovation(id: Innovation, digest: Digest, reason: Reason) -> None:
    """Redact a file of an innovation: of a row, of its profile, or of an answer to a follow-up."""
    wanted = _wanted(digest, reason)

    async def work(world: World) -> list[str]:
        who, version = await world.curator_of_innovation(id)
        origin = world.access.origin()
        await world.access.change(who, id, version, lambda it: redact_file(it, wanted, who.id, origin))
        return [await _removed(world, wanted)]

    run(work)


def commitment(agency: Agency, year: Year, digest: Digest, reason: Reason) -> None:
    """Redact the signed paper of a commitment."""
    wanted = _wanted(digest, reason)

    async def work(world: World) -> list[str]:
        who = await world.curator_of_agency(agency)
        before = await world.parts.commitments.read(who, agency, year)
        await world.parts.commitments.redact(who, agency, year, wanted, before.sequence)
        return [await _removed(world, wanted)]

    run(work)


def table(id: Import, digest: Digest, reason: Reason) -> None:
    """Redact an imported table, in every import of its region that has it, with its reports."""
    wanted = _wanted(digest, reason)

    async def work(world: World) -> list[str]:
        imports = Repository(world.store, IMPORT, TableImport, "Impor ini tidak ada.")
        who = await world.curator_of((await imports.get(id)).value.region)
        sweep = FileSweep(world.store, world.files)
        redaction = ImportRedaction(world.store, imports, sweep, lambda: world.access.origin().time)
        await redaction.redact(who, id, wanted, None)
        return [await _removed(world, wanted)]

    run(work)


def _wanted(digest: str, reason: str) -> NewRedaction:
    return checked(lambda: NewRedaction(digest=digest, reason=reason))


async def _removed(world: World, wanted: NewRedaction) -> str:
    """Remove the bytes, and say whether they are gone."""
    await FileSweep(world.store, world.files).remove_redacted(wanted.digest)
    if await world.files.stat(wanted.digest) is None:
        return f"{wanted.digest}: its bytes are gone"
    return f"{wanted.digest}: redacted here; something else refers to the same bytes and keeps them"
