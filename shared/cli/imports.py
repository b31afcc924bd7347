"""`satu import FILE`: sends the sheets of a table to the services that own them, and shows what came of it."""

from __future__ import annotations

import asyncio
import csv
import io
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.cli.console import CommandProgress, do, progress, say, settings_for_command
from shared.cli.service_client import ServiceClient, curator_token
from shared.tables.cells import Unusable, shown
from shared.tables.columns import SHEETS
from shared.tables.disarming import disarmed
from shared.tables.reading import read_tables
from shared.tables.sheet import folded
from shared.tables.table import Table
from shared.tables.template import write_template

_POLL = 0.3  # seconds
_SHOWN = 50  # findings of one sheet that are printed

RegionOption = Annotated[str, typer.Option(help="Kemendagri's code of the region, such as 61.12.")]
UrlOption = Annotated[str | None, typer.Option(help="The address of the services; by default this machine's.")]
TokenOption = Annotated[
    str | None,
    typer.Option(
        help="A file with a curator's token; `-` reads standard input. By default the operator's key signs one."
    ),
]


@dataclass
class Summary:
    """What came of all sheets. waiting: folded names of agencies that a dry run has not created."""

    failed: bool = False
    reports: list[dict[str, Any]] = field(default_factory=list)
    waiting: set[str] = field(default_factory=set)


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
        template: Annotated[
            bool, typer.Option("--template", help="Write an empty template to FILE and send nothing.")
        ] = False,
    ) -> int:
        """Import agencies, innovations, commitments and contacts from a table, in this order, each sheet as a whole.
        Exit status 0 only if nothing was refused."""
        settings = settings_for_command()
        address = url or f"http://127.0.0.1:{settings.port}"
        if template:
            do(_template(file, region, ServiceClient(address, curator_token(settings, region, token))))
            say(f"{file}")
            return 0
        tables = read_tables(file)
        summary = do(
            _all(tables, region, ServiceClient(address, curator_token(settings, region, token)), dry_run=dry_run)
        )
        if report is not None:
            _write(report, summary.reports)
            say(f"report: {report}, {len(summary.reports)} lines")
        return 1 if summary.failed else 0


async def _template(file: Path, region: str, client: ServiceClient) -> None:
    async with client:
        listed = await client.every("/registry/v1/agencies", region=region)
    names = sorted(each["name"] for each in listed if not each["retired"])
    columns = ("agencies.parent", "agencies.successor", "innovations.agency", "commitments.agency", "contacts.agencies")
    write_template(file, list(SHEETS.values()), dict.fromkeys(columns, names))


async def _all(tables: Sequence[Table], region: str, client: ServiceClient, *, dry_run: bool) -> Summary:
    """Import the tables in the order in which one needs another; what follows a refused one is not sent."""
    summary = Summary()
    async with client:
        for key in SHEETS:
            for table in (each for each in tables if each.sheet == key):
                await _one(table, region, client, summary, dry_run=dry_run)
            if summary.failed and not dry_run:
                return summary
    return summary


async def _one(table: Table, region: str, client: ServiceClient, summary: Summary, *, dry_run: bool) -> None:
    body = as_csv(table)
    service = "/notifications/v1/contacts/imports" if table.sheet == "contacts" else "/registry/v1/imports"
    query = {"region": region, "dry_run": str(dry_run).lower()}
    if table.sheet != "contacts":
        query["sheet"] = table.sheet
    sent = await client.send(
        "POST",
        service,
        params=query,
        **_body(table, body),
    )
    with progress(table.title or table.sheet, len(table.rows)) as bar:
        run = await _finished(client, f"{service}/{sent.json()['id']}", bar)
    findings = (
        await client.every(f"{service}/{run['id']}/findings") if run["errors"] or run["notes"] or run["skipped"] else []
    )
    if dry_run and table.sheet == "agencies":
        summary.waiting |= {folded(str(row.cells.get("name", ""))) for row in table.rows}
    elif dry_run:
        findings = _without_waiting(table, findings, summary.waiting, run)
    _tell(table, run, findings)
    summary.reports += findings
    summary.failed = summary.failed or run["status"] == "refused" or bool(run["skipped"])


def _body(table: Table, body: bytes) -> dict[str, Any]:
    """How a table is sent: notifications takes the text itself, the registry a form with the file."""
    if table.sheet == "contacts":
        return {"content": body, "headers": {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": "text/csv"}}
    file = (f"{table.title or table.sheet}.csv", body, "text/csv")
    return {"files": {"file": file}, "headers": {"Idempotency-Key": str(uuid.uuid4())}}


async def _finished(client: ServiceClient, place: str, bar: CommandProgress) -> dict[str, Any]:
    """The import when it has come to an end."""
    while True:
        run = await client.get(place)
        bar.update(run["place"])
        if run["finished_at"] is not None:
            return run
        await asyncio.sleep(_POLL)


def _without_waiting(
    table: Table, findings: list[dict[str, Any]], waiting: set[str], run: dict[str, Any]
) -> list[dict[str, Any]]:
    """The findings of a dry run, without agencies that the same file would have created; changes the counts."""
    key = "agencies" if table.sheet == "contacts" else "agency"
    column = table.column(key)
    kept = [
        each
        for each in findings
        if each["code"] != "unknown" or each["column"] != column or folded(each["value"]) not in waiting
    ]
    run["errors"] -= len(findings) - len(kept)
    run["waiting"] = len(findings) - len(kept)
    if run["status"] == "refused" and run["errors"] <= 0:
        run["status"] = "checked"
    return kept


def _tell(table: Table, run: dict[str, Any], findings: Sequence[dict[str, Any]]) -> None:
    title = table.title or table.columns.title
    counts = ", ".join(
        f"{run[name]} {name}" for name in ("created", "updated", "unchanged", "skipped", "errors", "notes")
    )
    say(f"{title}: {run['status']}; {run['rows']} rows, {counts}")
    if run.get("waiting"):
        say(f"  {run['waiting']} baris menyebut perangkat daerah yang baru didaftarkan oleh berkas ini")
    for each in findings[:_SHOWN]:
        where = f"baris {each['row']}" + (f", kolom {each['column']}" if each["column"] else "")
        value = f" ({each['value']})" if each["value"] else ""
        say(f"  {where}{value}: {each['reason']}")
    if len(findings) > _SHOWN:
        say(f"  … {len(findings) - _SHOWN} lainnya; --report FILE menulis semuanya")


def as_csv(table: Table) -> bytes:
    """A table as CSV whose lines have the numbers that they have in the file, so that a report names those. A sheet is
    sent alone: one with names and addresses of persons goes to no other service."""
    keys = list(table.titles)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([table.titles[key] for key in keys])
    line = 1
    for row in table.rows:
        for _ in range(row.number - line - 1):
            text.write("\r\n")
        writer.writerow([_text(row.cells.get(key)) for key in keys])
        line = row.number
    return text.getvalue().encode("utf-8-sig")


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Unusable):
        return f"={cell.shown}" if cell.code == "formula" else cell.shown
    if isinstance(cell, str):
        return disarmed(cell)
    text = shown(cell)  # type: ignore[arg-type]
    return text.replace(".", ",") if text.count(".") == 1 else text


def _write(path: Path, findings: Sequence[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(("Lembar", "Baris", "Kolom", "Isi sel", "Keterangan", "Jenis"))
        for each in findings:
            kind = "catatan" if each["note"] else "kesalahan"
            row = (each["title"] or each["sheet"], each["row"], each["column"], each["value"], each["reason"], kind)
            writer.writerow([disarmed(str(cell)) for cell in row])
