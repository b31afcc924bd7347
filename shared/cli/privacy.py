"""`satu privacy`: what the law gives a person (UU 27/2022), over the services of this image."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from shared.cli.console import do, say, settings_for_command
from shared.clock import Clock
from shared.contracts.vocabulary import Zone
from shared.faults import Flaw, Invalid, NotFound
from shared.operations.breach import Breach, notice
from shared.operations.privacy import Privacy, ServiceData, checked, document, opened_privacy
from shared.runtime.personal_data import Correctable, Subject
from shared.settings import Settings

BY = "satu"  # in place of an account: the command runs with the rights of the machine
STDIN = "-"
_MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d"]

Region = Annotated[str, typer.Option(help="The region's code; needed with an address, a number or a name.")]
Person = Annotated[str, typer.Option(help="A contact's opaque id.")]
Email = Annotated[str, typer.Option(help="An e-mail address; `-` reads it from standard input.")]
Phone = Annotated[str, typer.Option(help="A telephone number; `-` reads it from standard input.")]
Name = Annotated[
    str, typer.Option(help="A person's name; `-` reads it from standard input, so that no history keeps it.")
]
Account = Annotated[str, typer.Option(help="The id of an account.")]
Agency = Annotated[str, typer.Option(help="With --name: only what belongs to this agency.")]
Texts = Annotated[
    bool | None,
    typer.Option(
        "--texts/--no-texts",
        help="With --name: in free texts and file names too; by default only for a name of two words or more, since "
        "one word may mean something else there.",
    ),
]
Output = Annotated[Path | None, typer.Option(help="The file to write, for its owner only; by default standard output.")]


class ZoneOption(StrEnum):
    """The zones of Indonesia."""

    WIB = "WIB"
    WITA = "WITA"
    WIT = "WIT"


_ZONES: Mapping[ZoneOption, Zone] = {
    ZoneOption.WIB: Zone.WIB,
    ZoneOption.WITA: Zone.WITA,
    ZoneOption.WIT: Zone.WIT,
}


def commands(app: typer.Typer) -> None:
    """Add `privacy export`, `correct`, `erase`, `breach-report` and `retention`."""
    privacy = typer.Typer(help="Personal data: found, corrected, erased (UU 27/2022).", no_args_is_help=True)
    app.add_typer(privacy, name="privacy")
    _requests(privacy)
    _duties(privacy)


def _requests(privacy: typer.Typer) -> None:
    """What a person may ask for."""

    @privacy.command()
    def export(
        *,
        region: Region = "",
        person: Person = "",
        email: Email = "",
        phone: Phone = "",
        name: Name = "",
        account: Account = "",
        agency: Agency = "",
        texts: Texts = None,
        output: Output = None,
    ) -> None:
        """Write all that the services of this image hold of a person, as JSON, to be handed to that person."""
        settings = settings_for_command()
        subject = _subject(Subject(region, person, email, phone, name, account, agency), texts=texts)
        found = do(_found(settings, subject))
        text = json.dumps(document(found, subject, Clock.machine()), ensure_ascii=False, indent=2)
        _write(text, output)
        for each in found:
            sys.stderr.write(f"{each.service}: {len(each.held)} documents\n")

    @privacy.command()
    def correct(
        *,
        region: Region = "",
        person: Person = "",
        email: Email = "",
        phone: Phone = "",
        name: Name = "",
        agency: Agency = "",
        texts: Texts = None,
        new_name: Annotated[str | None, typer.Option(help="The right name.")] = None,
        new_email: Annotated[str | None, typer.Option(help="The right e-mail address; empty: none.")] = None,
        new_phone: Annotated[str | None, typer.Option(help="The right mobile number; empty: none.")] = None,
        new_landline: Annotated[str | None, typer.Option(help="The right number to call; empty: none.")] = None,
    ) -> None:
        """Correct what is wrong about a person: the data of one contact, or a name wherever it stands in a region."""
        settings = settings_for_command()
        given = {
            Correctable.NAME: new_name,
            Correctable.EMAIL: new_email,
            Correctable.PHONE: new_phone,
            Correctable.LANDLINE: new_landline,
        }
        values = {field: value for field, value in given.items() if value is not None}
        if not values:
            raise Invalid([Flaw("--new-name", "missing", "say what is right: --new-name, --new-email, …")])
        subject = _subject(Subject(region, person, email, phone, name, "", agency), texts=texts)
        for service, count in do(_corrected(settings, subject, values)).items():
            say(f"{service}: {count} documents corrected")

    @privacy.command()
    def erase(
        *,
        region: Region = "",
        person: Person = "",
        email: Email = "",
        phone: Phone = "",
        name: Name = "",
        account: Account = "",
        agency: Agency = "",
        texts: Texts = None,
        confirm: Annotated[
            int | None, typer.Option(help="How many documents are to be erased or changed, as it was printed.")
        ] = None,
    ) -> None:
        """Erase a person's data for good, and record that in operator/erased.jsonl, so that no restore brings it back.
        Without the right number in --confirm it only lists what would be erased."""
        settings = settings_for_command()
        subject = _subject(Subject(region, person, email, phone, name, account, agency), texts=texts)
        for line in do(_erased(settings, subject, confirm)):
            say(line)


def _duties(privacy: typer.Typer) -> None:
    """What the office owes without being asked."""

    @privacy.command("breach-report")
    def breach_report(
        *,
        found_at: Annotated[
            datetime | None, typer.Option(formats=_MOMENTS, help="When it was found out, in --zone; now by default.")
        ] = None,
        began: Annotated[datetime | None, typer.Option(formats=_MOMENTS, help="When the disclosure began.")] = None,
        ended: Annotated[datetime | None, typer.Option(formats=_MOMENTS, help="When it ended.")] = None,
        region: Annotated[str, typer.Option(help="Only this region's data; by default all.")] = "",
        data: Annotated[
            list[str] | None,
            typer.Option(help="A kind of data that was reached (see `satu privacy retention`); may be given again."),
        ] = None,
        zone: Annotated[ZoneOption, typer.Option(help="The zone of all times.")] = ZoneOption.WIB,
        output: Output = None,
    ) -> None:
        """Write the draft of the notice that is due within 3 × 24 hours after a breach, in Bahasa Indonesia, with what
        the services of this image hold."""
        settings, here = settings_for_command(), ZoneInfo(_ZONES[zone])
        times = [None if each is None else each.replace(tzinfo=here) for each in (found_at, began, ended)]
        breach = Breach(times[0] or Clock.machine(), times[1], times[2], region, _ZONES[zone], frozenset(data or ()))
        _write(do(_notice(settings, breach)), output)

    @privacy.command()
    def retention() -> None:
        """Print the kinds of personal data that the services of this image hold, and how long each is kept."""
        for line in do(_retention(settings_for_command())):
            say(line)


async def _found(settings: Settings, subject: Subject) -> list[ServiceData]:
    async with opened_privacy(settings) as privacy:
        return await privacy.find(subject)


async def _corrected(settings: Settings, subject: Subject, values: Mapping[Correctable, str]) -> dict[str, int]:
    async with opened_privacy(settings) as privacy:
        done = await privacy.correct(subject, values, BY)
    if not any(done.values()):
        raise NotFound("nothing to correct was found in the services of this image")
    return done


async def _erased(settings: Settings, subject: Subject, confirmed: int | None) -> list[str]:
    async with opened_privacy(settings) as privacy:
        found = await privacy.find(subject)
        count = sum(each.erasable for each in found)
        if count == 0:
            return ["nothing to erase was found in the services of this image"]
        if confirmed != count:
            return [*_listed(found), f"to erase: satu privacy erase … --confirm {count}"]
        return await _carried_out(privacy, subject)


async def _carried_out(privacy: Privacy, subject: Subject) -> list[str]:
    return [
        f"{name}: {count} documents erased or changed" for name, count in (await privacy.erase(subject, BY)).items()
    ]


def _listed(found: list[ServiceData]) -> list[str]:
    """What would be erased, and what stays; ids and places only."""
    lines: list[str] = []
    for each in found:
        for held in each.held:
            places = "" if held.kind == "contact" or held.kept else f": {', '.join(sorted(held.data))}"
            stays = f" stays ({held.kept})" if held.kept else ""
            lines.append(f"{each.service}: {held.kind}/{held.id}{places}{stays}")
    return lines


async def _notice(settings: Settings, breach: Breach) -> str:
    async with opened_privacy(settings) as privacy:
        known = {kind.slug for part in privacy.parts.values() for kind in part.kinds}
        if unknown := sorted(set(breach.kinds) - known):
            raise Invalid([Flaw("--data", "unknown", f"{', '.join(unknown)}; known: {', '.join(sorted(known))}")])
        return notice(breach, await privacy.affected(breach.region))


async def _retention(settings: Settings) -> list[str]:
    async with opened_privacy(settings) as privacy:
        return [
            f"{name} {kind.slug}: {kind.what} ({kind.whose}): {kind.retention}"
            for name, part in privacy.parts.items()
            for kind in part.kinds
        ]


def _subject(given: Subject, *, texts: bool | None) -> Subject:
    """The subject that the options describe. Raises Invalid."""
    name = _read(given.name)
    return checked(
        replace(
            given,
            email=_read(given.email),
            phone=_read(given.phone),
            name=name,
            texts=len(name.split()) > 1 if texts is None else texts,
        )
    )


def _read(value: str) -> str:
    return sys.stdin.readline().strip() if value == STDIN else value


def _write(text: str, output: Path | None) -> None:
    """To a new file that only its owner can read, or to standard output."""
    if output is None:
        say(text)
        return
    try:
        descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Invalid([Flaw(str(output), "unusable", error.strerror or "cannot be written")]) from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{text}\n")
    say(f"written: {output}")
