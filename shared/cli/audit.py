"""`satu audit`: the audit logs of the services of this image: verify, list, export."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from shared.cli.console import do, progress, say, settings_for_command
from shared.faults import Flaw, Invalid
from shared.runtime.installed import chosen
from shared.runtime.process import opened_service
from shared.settings import Settings
from shared.storage.audit.log import AuditFilter, AuditLog
from shared.storage.audit.verifying import Verified, verify
from shared.web.audit import table

Some = Annotated[list[str] | None, typer.Option("--service", help="Only this service; may be given again.")]
First = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="From this UTC day on.")]
Last = Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Up to this UTC day.")]
Region = Annotated[str | None, typer.Option(help="Only documents of this region, by its code.")]
Document = Annotated[str | None, typer.Option(help="Only this document, such as region/61.12.")]
Account = Annotated[str | None, typer.Option(help="Only what this account did.")]


def commands(app: typer.Typer) -> None:
    """Add `audit verify`, `list` and `export`."""
    audit = typer.Typer(help="Who changed what, when and from where.", no_args_is_help=True)
    app.add_typer(audit, name="audit")

    @audit.command("verify")
    def verify_(
        service: Some = None,
        seal: Annotated[
            list[str] | None,
            typer.Option(help="A seal that you keep elsewhere, `<service>:<day>=<sha256>`; may be given again."),
        ] = None,
    ) -> int:
        """Check every entry and seal; exit 1 if something was changed after it was sealed. Keep the printed seals in
        another place: with them a log that was written anew as a whole is found out, too."""
        return do(_verify(settings_for_command(), service or [], _known(seal or [])))

    @audit.command("list")
    def list_(
        *,
        service: Some = None,
        first: First = None,
        last: Last = None,
        region: Region = None,
        document: Document = None,
        account: Account = None,
    ) -> None:
        """Print entries as JSON lines, by day and then by document."""
        do(_list(settings_for_command(), service or [], _filter(first, last, region, document), account))

    @audit.command("export")
    def export(
        file: Annotated[Path, typer.Argument(help="The CSV file to write; it must not exist.")],
        *,
        service: Some = None,
        first: First = None,
        last: Last = None,
        region: Region = None,
        document: Document = None,
    ) -> None:
        """Write the entries as CSV for auditors: a line for each changed field, in Bahasa Indonesia."""
        do(_export(settings_for_command(), file, service or [], _filter(first, last, region, document)))


def _filter(first: datetime | None, last: datetime | None, region: str | None, document: str | None) -> AuditFilter:
    return AuditFilter(
        first.date().isoformat() if first else "", last.date().isoformat() if last else "", region, document
    )


def _known(seals: list[str]) -> dict[str, dict[str, str]]:
    """Service → day → digest. Raises Invalid."""
    known: dict[str, dict[str, str]] = {}
    for each in seals:
        service, _, rest = each.partition(":")
        day, _, digest = rest.partition("=")
        try:
            date.fromisoformat(day)
        except ValueError:
            digest = ""
        if not service or not digest:
            raise Invalid([Flaw("--seal", "unreadable", f"{each!r} is not <service>:<day>=<sha256>")])
        known.setdefault(service, {})[day] = digest
    return known


async def _verify(settings: Settings, names: list[str], known: dict[str, dict[str, str]]) -> int:
    failed = False
    for name in chosen(names):
        async with opened_service(name, settings) as (resources, _):
            result = await verify(AuditLog(resources.store), known.get(name, {}))
        failed |= bool(result.faults)
        _tell(name, result)
    return 1 if failed else 0


def _tell(name: str, result: Verified) -> None:
    state = "not as it was sealed" if result.faults else "as it was sealed"
    say(f"{name}: {result.entries} entries on {result.days} sealed days, {result.open} not sealed yet: {state}")
    if result.last is not None:
        say(f"{name}: last seal {name}:{result.last[0]}={result.last[1]}")
    for fault in result.faults:
        say(f"{name}: {fault}")
    if result.more:
        say(f"{name}: and {result.more} more")


async def _list(settings: Settings, names: list[str], wanted: AuditFilter, account: str | None) -> None:
    for name in chosen(names):
        async with opened_service(name, settings) as (resources, _):
            async for entry in AuditLog(resources.store).entries(wanted):
                if account is None or entry.value["account"] == account:
                    say(entry.text)


async def _export(settings: Settings, path: Path, names: list[str], wanted: AuditFilter) -> None:
    count = 0
    with ExitStack() as open_files, progress("audit export") as shown:
        try:
            file = open_files.enter_context(path.open("xb"))
        except OSError as error:
            raise Invalid([Flaw(str(path), "not-writable", error.strerror or "cannot be written")]) from error
        file.write(table.head())
        for name in chosen(names):
            async with opened_service(name, settings) as (resources, _):
                async for line in table.lines(name, AuditLog(resources.store).entries(wanted)):
                    file.write(line)
                    count += 1
                    shown.advance()
    say(f"{count} entries in {path}")
