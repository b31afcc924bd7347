"""`satu privacy`: what the law gives a person (UU 27/2022), over the services of this image."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

import typer

from shared.cli.console import do, say, settings_for_command
from shared.clock import Clock
from shared.contracts.vocabulary import Zone
from shared.faults import Flaw, Invalid
from shared.operations.breach import Breach
from shared.operations.privacy import checked, opened_privacy
from shared.operations.privacy_command import PrivacyCommand
from shared.runtime.personal_data import Correctable, Subject
from shared.settings import Settings

Answer = TypeVar("Answer")

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
        text, lines = _run(settings, lambda command: command.export(subject))
        _write(text, output)
        for line in lines:
            sys.stderr.write(f"{line}\n")

    @privacy.command()
    def correct(
        *,
        region: Region = "",
        person: Person = "",
        email: Email = "",
        phone: Phone = "",
        name: Name = "",
        account: Account = "",
        agency: Agency = "",
        texts: Texts = None,
        new_name: Annotated[str | None, typer.Option(help="The right name.")] = None,
        new_email: Annotated[str | None, typer.Option(help="The right e-mail address; empty: none.")] = None,
        new_phone: Annotated[str | None, typer.Option(help="The right mobile number; empty: none.")] = None,
        new_landline: Annotated[str | None, typer.Option(help="The right number to call; empty: none.")] = None,
    ) -> None:
        """Correct what is wrong about a person: the data of one contact or account, or a name wherever it stands in a
        region."""
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
        subject = _subject(Subject(region, person, email, phone, name, account, agency), texts=texts)
        for line in _run(settings, lambda command: command.correct(subject, values)):
            say(line)

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
        for line in _run(settings, lambda command: command.erase(subject, confirm)):
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
        _write(_run(settings, lambda command: command.breach_report(breach)), output)

    @privacy.command()
    def retention() -> None:
        """Print the kinds of personal data that the services of this image hold, and how long each is kept."""

        async def lines(command: PrivacyCommand) -> list[str]:
            return command.retention()

        for line in _run(settings_for_command(), lines):
            say(line)


def _run(settings: Settings, work: Callable[[PrivacyCommand], Awaitable[Answer]]) -> Answer:
    async def opened() -> Answer:
        async with opened_privacy(settings) as privacy:
            return await work(PrivacyCommand(privacy))

    return do(opened())


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
