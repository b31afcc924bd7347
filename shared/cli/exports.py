"""`satu export FILE`: a region's tables from the registry, in the columns that `satu import` reads."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from shared.cli.console import do, say, settings_for_command
from shared.cli.imports import RegionOption, TokenOption, UrlOption
from shared.cli.service_client import ServiceClient, curator_token
from shared.faults import Flaw, Invalid

_FORMATS = (".xlsx", ".csv")


class SheetOption(StrEnum):
    """The sheets that can be exported."""

    AGENCIES = "agencies"
    INNOVATIONS = "innovations"
    COMMITMENTS = "commitments"
    ALL = "all"


def commands(app: typer.Typer) -> None:
    """Add `export`."""

    @app.command("export")
    def export_file(
        *,
        file: Annotated[Path, typer.Argument(help="The file to write: .xlsx, or .csv for one sheet.")],
        region: RegionOption,
        sheet: Annotated[SheetOption, typer.Option(help="Which sheet.")] = SheetOption.ALL,
        year: Annotated[int | None, typer.Option(help="Only innovations and commitments of that duty year.")] = None,
        url: UrlOption = None,
        token: TokenOption = None,
    ) -> None:
        """Export agencies, innovations with their levels, and commitments. Imported again, they change nothing."""
        settings = settings_for_command()
        suffix = file.suffix.lower()
        if suffix not in _FORMATS:
            raise Invalid([Flaw("file", "format", "the name must end in .xlsx or .csv")])
        address = url or f"http://127.0.0.1:{settings.port}"
        client = ServiceClient(address, curator_token(settings, region, token))
        body = do(_export(client, f"/registry/v1/exports/{sheet}{suffix}", region, year))
        part = file.with_name(f"{file.name}.part")
        part.write_bytes(body)
        part.replace(file)
        say(f"{file}: {len(body)} bytes")


async def _export(client: ServiceClient, path: str, region: str, year: int | None) -> bytes:
    query: dict[str, str | int] = {"region": region, **({} if year is None else {"year": year})}
    async with client:
        return (await client.send("GET", path, params=query)).content
