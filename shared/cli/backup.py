"""`satu backup`, `satu restore` and `satu remove-region`: the services of this image, all of them unless named."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

from shared.cli.console import CommandProgress, do, progress, say, settings_for_command
from shared.clock import Clock
from shared.contracts.subscriptions import consumers_first
from shared.operations.backup import back_up
from shared.operations.erasures import check_erasures
from shared.operations.manifest import OnProgress
from shared.operations.references import Comparison
from shared.operations.region_check import admit, require_region
from shared.operations.region_removal import remove, require_moved
from shared.operations.restore import check
from shared.operations.restore import restore as restore_service
from shared.runtime.engines import Engines
from shared.runtime.installed import KNOWN, chosen
from shared.runtime.process import compose
from shared.runtime.service import Resources, Service
from shared.settings import Settings
from shared.storage.erasures.list import ErasureList

MOST_NAMED = 20  # documents that a restore names, one a line

Folder = Annotated[Path, typer.Argument(help="The folder of the backup.")]
Region = Annotated[
    str | None,
    typer.Option(metavar="CODE", help="Only what belongs to this region, such as 61.12, to move it elsewhere."),
]
Replace = Annotated[
    bool, typer.Option("--replace", help="Of a region that is here already: put the backup in its place.")
]
ErasuresOption = Annotated[
    Path | None,
    typer.Option(
        "--erasures", help="The erased.jsonl of the installation that the backup comes from, when that is another one."
    ),
]
WithoutErasures = Annotated[
    bool,
    typer.Option(
        "--without-erasures",
        help="Restore although the list of erasures is lost, or is not the one of this backup: persons who were erased "
        "since the backup come back.",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check everything, and change nothing.")]
Some = Annotated[list[str] | None, typer.Option("--service", help="Only this service; may be given again.")]


def commands(app: typer.Typer) -> None:
    """Add `backup`, `backup-order`, `restore` and `remove-region`."""

    @app.command()
    def backup(folder: Folder, region: Region = None, service: Some = None) -> None:
        """Write a backup of documents and evidence files into a new folder, while the services run."""
        do(_backup(settings_for_command(), folder, region, service or []))

    @app.command("backup-order")
    def backup_order() -> None:
        """Print all services in the order in which their backups must be written: consumers before speakers."""
        for name in consumers_first(KNOWN):
            say(name)

    @app.command()
    def restore(
        *,
        folder: Folder,
        replace: Replace = False,
        service: Some = None,
        erasures: ErasuresOption = None,
        without_erasures: WithoutErasures = False,
        dry_run: DryRun = False,
    ) -> None:
        """Restore a backup. The services must be stopped; the whole backup is checked before anything is changed.

        What came after the backup is erased, except the record of what was sent: it is never sent again. Persons whose
        data was erased after the backup are erased again, by the list in operator/erased.jsonl. The backup of one
        region is put in beside the regions that are here; nothing of these changes.
        """
        also = None if erasures is None else ErasureList(erasures)
        settings = settings_for_command()
        wanted = _Wanted(replace=replace, also=also, unlisted=without_erasures, dry_run=dry_run)
        do(_restore(settings, folder, service or [], wanted))

    @app.command("remove-region")
    def remove_region(*, folder: Folder, service: Some = None, dry_run: DryRun = False) -> None:
        """Remove the region that was backed up in this folder, after it was moved. The services must be stopped.

        Refused when anything of the region has changed since the backup. Other regions stay as they are.
        """
        do(_remove(settings_for_command(), folder, service or [], dry_run=dry_run))


@dataclass(frozen=True)
class _Wanted:
    """The options of a restore. also: the other installation's list of erasures; unlisted: without any list."""

    replace: bool
    also: ErasureList | None
    unlisted: bool
    dry_run: bool


async def _backup(settings: Settings, folder: Path, region: str | None, names: list[str]) -> None:
    parts = _parts(settings, Engines(settings), names)
    with progress("backup") as shown:
        async with _opened(parts):
            manifest = await back_up(folder, parts, _version(), _counting(shown), region=region)
    for name, backup in manifest.services.items():
        documents = sum(file.lines for file in backup.kinds.values())
        say(f"{name}: {documents} documents{f', {backup.files.lines} files' if backup.files else ''}")


async def _restore(settings: Settings, folder: Path, names: list[str], wanted: _Wanted) -> None:
    engines = Engines(settings)
    parts = _parts(settings, engines, names)
    manifest = check(folder, [service for _, service in parts])
    if not wanted.unlisted:
        check_erasures(folder, manifest, [service for _, service in parts], ErasureList(settings.erasures), wanted.also)
    with ExitStack() as claims, progress("restore") as shown:
        for _, service in parts:
            claims.enter_context(engines.claim(service.name))
        async with _opened(parts):
            await admit(folder, manifest, parts, replace=wanted.replace)
            if wanted.dry_run:
                _say_checked(parts, "it can be restored")
                return
            done = [
                await restore_service(folder, manifest, *each, _counting(shown), also=wanted.also) for each in parts
            ]
        if manifest.region is None:  # else the events that wait are those of other regions
            await engines.forget_events([service.name for _, service in parts])
    with_ledgers = {service.name for _, service in parts if service.ledger_kinds}
    for each in done:
        say(
            f"{each.service}: {each.documents} documents, {each.files} files restored; {each.erased} newer ones "
            f"erased; {each.kept} newer ledger entries kept; {each.stamped} events owed anew"
        )
        if each.service in with_ledgers and not each.ledger_kept:
            say(
                f"{each.service}: its ledgers were lost: what may have been sent since the backup is on hold until "
                "you release or discard it (satu remind --dry-run shows it)"
            )
        if each.erasures:
            say(f"{each.service}: {each.erasures} erasures of personal data after the backup carried out again")
        _name_unowned(each.service, each.compared)


async def _remove(settings: Settings, folder: Path, names: list[str], *, dry_run: bool) -> None:
    engines = Engines(settings)
    parts = _parts(settings, engines, names)
    manifest = check(folder, [service for _, service in parts])
    region = require_region(manifest)
    with ExitStack() as claims, progress("remove") as shown:
        for _, service in parts:
            claims.enter_context(engines.claim(service.name))
        async with _opened(parts):
            found = await require_moved(folder, manifest, parts)
            if dry_run:
                _say_checked(parts, f"region {region} can be removed")
                return
            done = [await remove(found[part[1].name], *part, region, _counting(shown)) for part in parts]
    for each in done:
        say(f"{each.service}: {each.documents} documents of region {region} removed")
    say("their files go when they are swept, after a day; at once: satu files sweep --grace-hours 0")


def _say_checked(parts: list[tuple[Resources, Service]], what: str) -> None:
    for _, service in parts:
        say(f"{service.name}: {what}; nothing was changed")


def _name_unowned(service: str, compared: Comparison) -> None:
    for each in compared.unowned[:MOST_NAMED]:
        say(f"{service}: {each.document} names {each.subject}, which nobody owns")
    if len(compared.unowned) > MOST_NAMED:
        say(f"{service}: and {len(compared.unowned) - MOST_NAMED} more that nobody owns")
    if compared.unknown:
        say(
            f"{service}: not compared with their owner, whose list of ids is not in this set: "
            f"{', '.join(compared.unknown)}"
        )


def _parts(settings: Settings, engines: Engines, names: list[str]) -> list[tuple[Resources, Service]]:
    clock = Clock(settings.business_time)
    return [compose(name, engines, clock, settings) for name in chosen(names)]


@asynccontextmanager
async def _opened(parts: list[tuple[Resources, Service]]) -> AsyncIterator[None]:
    async with AsyncExitStack() as opened:
        for resources, service in parts:
            await resources.store.open(service.kinds)
            opened.push_async_callback(resources.store.close)
            await resources.files.open()
            opened.push_async_callback(resources.files.close)
        yield


def _counting(shown: CommandProgress) -> OnProgress:
    def advance(_label: str, _count: int) -> None:
        shown.advance()

    return advance


def _version() -> str:
    try:
        return version("satu-inovasi")
    except PackageNotFoundError:  # an image holds the code without the package's metadata
        return "unpackaged"
