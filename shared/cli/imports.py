"""`satu import FILE`: sends the sheets of a table to the services that own them, and shows what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from shared.cli.console import do, say, settings_for_command
from shared.cli.service_client import ServiceClient, curator_token
from shared.cli.tables.results import ResultTables
from shared.cli.tables.runs import ImportRuns, names_of
from shared.cli.tables.told import Summary, write_report
from shared.tables.columns import NAMING, SHEETS
from shared.tables.reading import read_tables
from shared.tables.table import Table
from shared.tables.template import write_template

RegionOption = Annotated[str, typer.Option(help="Kemendagri's code of the region, such as 61.12.")]
UrlOption = Annotated[str | None, typer.Option(help="The address of the services; by default this machine's.")]
TokenOption = Annotated[
    str | None,
    typer.Option(
        help="A file with a curator's token; `-` reads standard input. By default the operator's key signs one."
    ),
]


def commands(app: typer.Typer) -> None:
    """Add `import`."""

    @app.command("import")
    def import_file(
        *,
        file: Annotated[Path, typer.Argument(help="A table: XLSX or CSV.")],
        region: RegionOption,
        url: UrlOption = None,
        token: TokenOption = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check the tables and report.")] = False,
        report: Annotated[Path | None, typer.Option(help="Write the whole report to this CSV file.")] = None,
        year: Annotated[int | None, typer.Option(help="The round of official results that name no year.")] = None,
        template: Annotated[
            bool, typer.Option("--template", help="Write an empty template to FILE and send nothing.")
        ] = False,
    ) -> int:
        """Import agencies, innovations, commitments, contacts, official results and awards from a table, in this order,
        each sheet as a whole. Exit status 0 only if nothing was refused."""
        settings = settings_for_command()
        address = url or f"http://127.0.0.1:{settings.port}"
        if template:
            do(_template(file, region, ServiceClient(address, curator_token(settings, region, token))))
            say(f"{file}")
            return 0
        tables = read_tables(file)
        client = ServiceClient(address, curator_token(settings, region, token))
        summary = do(import_all(tables, region, client, dry_run=dry_run, year=year))
        if report is not None:
            write_report(report, summary.reports)
            say(f"report: {report}, {len(summary.reports)} lines")
        return 1 if summary.failed else 0


async def _template(file: Path, region: str, client: ServiceClient) -> None:
    async with client:
        listed = await client.every("/registry/v1/agencies", region=region)
    names = sorted(each["name"] for each in listed if not each["retired"])
    write_template(file, list(SHEETS.values()), dict.fromkeys(NAMING, names))


async def import_all(
    tables: Sequence[Table], region: str, client: ServiceClient, *, dry_run: bool, year: int | None = None
) -> Summary:
    """Import the tables in the order in which one needs another; what follows a refused one is not sent, unless it is a
    dry run; nor are sheets without rows, such as those of a template that nobody needed, if another one has some. year:
    of official results that name none."""
    summary = Summary()
    runs = ImportRuns(client, region, summary, dry_run=dry_run)
    results = ResultTables(client, region, summary, dry_run=dry_run)
    async with client:
        for key in SHEETS:
            for table in (each for each in _filled(tables) if each.sheet == key):
                if summary.refused(table):
                    continue
                match key:
                    case "contacts":
                        await runs.of_contacts(table)
                    case "official":
                        await results.of_official(table, year)
                    case "awards":
                        await results.of_awards(table)
                    case _:
                        await runs.of_registry(table)
                if key == "agencies":
                    summary.agencies |= set(names_of(table, "name"))
                elif key == "innovations":
                    summary.innovations |= set(names_of(table, "name"))
            if summary.failed and not dry_run:
                return summary
    return summary


def _filled(tables: Sequence[Table]) -> Sequence[Table]:
    """Those with rows; all if none has any, so that the report says so."""
    return [each for each in tables if len(each.rows)] or tables
