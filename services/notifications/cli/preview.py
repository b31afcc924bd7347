"""`satu alerts text`: a message as it would be now, with the real facts of a region and an agency."""

from __future__ import annotations

from typing import Annotated

import typer

from services.notifications.application import NAME, Notifications
from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.previewing import Wanted
from shared.cli.console import do, say, settings_for_command
from shared.runtime import process
from shared.settings import Settings

What = Annotated[str, typer.Argument(help="A stage (before-30, overdue), or returned, scored, moved, weekly …")]
Region = Annotated[str, typer.Option(help="The region's code.")]
Agency = Annotated[str, typer.Option(help="The agency's id.")]
Year = Annotated[int, typer.Option(help="The duty year.")]
Channel = Annotated[ChannelName, typer.Option(help="The form of the message.")]


def text(what: What, region: Region, agency: Agency, year: Year, channel: Channel = ChannelName.EMAIL) -> None:
    """Print a message as it would be now, with real facts and an invented reader. Nothing is sent or stored."""
    wanted = Wanted(region=region, agency=agency, year=year, what=what, channel=channel)
    for line in do(_lines(settings_for_command(), wanted)):
        say(line)


async def _lines(settings: Settings, wanted: Wanted) -> list[str]:
    async with process.opened(NAME, settings) as world:
        preview = await Notifications(world).previews.show(wanted)
    invented = ["(some facts are invented: this has not happened)"] if preview.invented else []
    message = preview.message
    return [f"{message.stamp}: {message.subject}", *invented, "", *message.text.splitlines()]
