"""`satu export FILE`: a region's tables from the services that own them, in the columns that `satu import` reads."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from shared.cli.console import do, say, settings_for_command
from shared.cli.imports import RegionOption, TokenOption, UrlOption
from shared.cli.service_client import ServiceClient, curator_token
from shared.faults import Flaw, Invalid
from shared.tables.joining import join_books

_FORMATS = (".xlsx", ".csv")


class SheetOption(StrEnum):
    """The sheets that can be exported."""

    AGENCIES = "agencies"
    INNOVATIONS = "innovations"
    COMMITMENTS = "commitments"
    CONTACTS = "contacts"
    OFFICIAL = "official"
    AWARDS = "awards"
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
        contacts: Annotated[
            bool, typer.Option("--contacts/--no-contacts", help="Of all sheets, also the personal data of contacts.")
        ] = True,
        url: UrlOption = None,
        token: TokenOption = None,
    ) -> None:
        """Export agencies, innovations with their levels, commitments, contacts, official results and awards. Imported
        again, they change nothing."""
        settings = settings_for_command()
        suffix = file.suffix.lower()
        if suffix not in _FORMATS:
            raise Invalid([Flaw("file", "format", "the name must end in .xlsx or .csv")])
        address = url or f"http://127.0.0.1:{settings.port}"
        client = ServiceClient(address, curator_token(settings, region, token))
        part = file.with_name(f"{file.name}.part")
        do(export_to(part, client, sheet, suffix, region=region, year=year, contacts=contacts))
        part.replace(file)
        say(f"{file}: {file.stat().st_size} bytes")


async def export_to(
    path: Path,
    client: ServiceClient,
    sheet: SheetOption,
    suffix: str,
    *,
    region: str,
    year: int | None = None,
    contacts: bool = True,
) -> None:
    """Write the file. suffix: `.xlsx` or `.csv`."""
    wanted = [sheet] if sheet is not SheetOption.ALL or suffix == ".csv" else list(_OF_ALL)
    if not contacts and sheet is SheetOption.ALL:
        wanted = [each for each in wanted if each is not SheetOption.CONTACTS]
    async with client:
        with TemporaryDirectory(dir=path.parent, prefix=".satu-export-") as folder:
            books: list[Path] = []
            for each in wanted:
                book = Path(folder) / each.value
                place, query = _place(each, suffix, region, year)
                book.write_bytes((await client.send("GET", place, params=query)).content)
                books.append(book)
            if len(books) == 1:
                books[0].replace(path)
            else:
                join_books(path, books)


_OF_ALL = (SheetOption.ALL, SheetOption.CONTACTS, SheetOption.OFFICIAL, SheetOption.AWARDS)
"""The files of an export of all sheets; ALL: those of the registry."""


def _place(sheet: SheetOption, suffix: str, region: str, year: int | None) -> tuple[str, dict[str, str | int]]:
    """The path of a sheet's file, and its query."""
    of_region: dict[str, str | int] = {"region": region}
    match sheet:
        case SheetOption.CONTACTS:
            return f"/notifications/v1/exports/contacts{suffix}", of_region
        case SheetOption.OFFICIAL:
            return f"/scoring/v1/results/{region}/table{suffix}", {}
        case SheetOption.AWARDS:
            return f"/scoring/v1/awards/table{suffix}", of_region
    return f"/registry/v1/exports/{sheet}{suffix}", {**of_region, **({} if year is None else {"year": year})}
