"""Every sample as a message on every channel."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.rendered import RenderedMessage
from services.notifications.messages.texts.check import preview
from services.notifications.messages.texts.details import AlertDetails, Office
from services.notifications.messages.texts.samples import OFFICE, samples

OFFICES = {"with an office": OFFICE, "without an office": Office()}


@dataclass(frozen=True)
class SampleMessage:
    """sample: its name, or `everything`; name: of the case; message: as it was rendered."""

    sample: str
    name: str
    message: RenderedMessage


def other(channel: ChannelName) -> ChannelName:
    """The channel that a fallback comes from."""
    return next(each for each in ChannelName if each is not channel)


def sample_messages() -> list[SampleMessage]:
    """Each sample alone and all in one message; with and without an office; also as a fallback."""
    single: dict[str, list[AlertDetails]] = {name: [details] for name, details in samples().items()}
    cases = {**single, "everything": list(samples().values())}
    return [
        SampleMessage(
            name,
            f"{name}, {channel}, {office}{', fallback' if fallback else ''}",
            preview(details, channel, office=OFFICES[office], after=other(channel) if fallback else None),
        )
        for (name, details), channel, office, fallback in product(cases.items(), ChannelName, OFFICES, (False, True))
    ]
