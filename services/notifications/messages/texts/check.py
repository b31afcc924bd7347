"""Checks every template with sample facts, so that a fault shows at start and not in a message."""

from __future__ import annotations

from itertools import product

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.rendered import RenderedMessage
from services.notifications.messages.rendering import Envelope, render
from services.notifications.messages.texts.details import AlertDetails, Office
from services.notifications.messages.texts.samples import OFFICE, REGION, SAMPLE_ADDRESSES, SAMPLE_NAME, TODAY, samples
from services.notifications.messages.texts.whatsapp import MOST_BODY, faults, whatsapp_templates
from shared.faults import Flaw, Misconfigured


def check_templates() -> None:
    """Render every template for every kind of reason. Raises Misconfigured with the first fault."""
    for template in whatsapp_templates().values():
        if found := faults(template):
            raise _misconfigured(template.name, found[0])
    for name, details in samples().items():
        for channel, office in product(ChannelName, (OFFICE, Office())):
            try:
                rendered = preview([details], channel, office=office)
            except Exception as error:
                raise _misconfigured(f"{name} on {channel}", str(error)) from error
            if fault := variable_fault(rendered):
                raise _misconfigured(f"{rendered.stamp} for {name}", fault)


def preview(
    details: list[AlertDetails], channel: ChannelName, *, office: Office = OFFICE, after: ChannelName | None = None
) -> RenderedMessage:
    """A message with these facts to an invented reader of the sample region on the sample day."""
    to = SAMPLE_ADDRESSES[channel]
    envelope = Envelope(message="contoh/1", mail="contoh", channel=channel, to=to, name=SAMPLE_NAME, after=after)
    return render(envelope, details, region=REGION, today=TODAY, office=office)


def variable_fault(message: RenderedMessage) -> str | None:
    """What a provider would refuse about the variables of a message; None when nothing."""
    if any(not value or value != " ".join(value.split()) for value in message.variables):
        return "a variable is empty, or has a line break or spaces in a row"
    if message.variables and len(message.text) > MOST_BODY:
        return f"the text has more than {MOST_BODY} characters"
    return None


def _misconfigured(template: str, fault: str) -> Misconfigured:
    return Misconfigured([Flaw(f"template {template}", "template", fault)])
