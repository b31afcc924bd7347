"""`satu alerts text`: a message as it would be now, with the real facts of a region and an agency."""

from __future__ import annotations

from services.notifications.application import Notifications
from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.previewing import Wanted


class PreviewCommand:
    """Each method returns the lines to print."""

    def __init__(self, parts: Notifications) -> None:
        self._previews = parts.previews

    async def show(self, *, region: str, agency: str, year: int, what: str, channel: ChannelName) -> list[str]:
        """The subject and the text. Raises NotFound and Invalid as `Previews.show` does."""
        wanted = Wanted(region=region, agency=agency, year=year, what=what, channel=channel)
        preview = await self._previews.show(wanted)
        invented = ["(some facts are invented: this has not happened)"] if preview.invented else []
        message = preview.message
        return [f"{message.stamp}: {message.subject}", *invented, "", *message.text.splitlines()]
