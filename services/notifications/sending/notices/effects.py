"""What a provider's notice changes at once: a template that it has paused or rejected is not used any more."""

from __future__ import annotations

import re

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.sending.channels import Channels
from services.notifications.sending.notices.notice import ChannelNotice

CODE = "notice"
_VERSIONED = re.compile(r"(?P<name>.+)_v(?P<version>\d+)")


class NoticeEffects:
    """Called for each new notice."""

    def __init__(self, channels: Channels) -> None:
        self._channels = channels

    async def __call__(self, notice: ChannelNotice) -> None:
        """Flag or release the template that the notice is about."""
        template = stamp_of(notice.template)
        if notice.usable is None or not template:
            return
        health = self._channels.health(ChannelName(notice.channel))
        await health.refresh()
        if notice.usable:
            await health.allowed_template(template)
        else:
            await health.refused_template(template, CODE)


def stamp_of(provider_name: str) -> str:
    """`name@version` of the name under which a provider knows a template; empty for another's template."""
    match = _VERSIONED.fullmatch(provider_name)
    return f"{match['name']}@{match['version']}" if match else ""
