"""Corrects a contact, and decides whether the messages that still hold must be repeated to a new address or person."""

from __future__ import annotations

from typing import Any

from services.notifications.contacts.address_record import Ask
from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact, same_address, with_derived, with_new_addresses
from services.notifications.state import replaced


def corrected(before: Contact, change: Contact, *, another_person: bool = False, reopen: bool = False) -> Contact:
    """The contact with the data of `change`. another_person: the contact now stands for somebody else; reopen: use
    addresses again that were closed.

    The address revision rises when an address is replaced by another one, and for another person; not for an address
    on a channel that had none, not when one is removed, not for a name. What is known of an address (closed, confirmed,
    whether its owner is asked to confirm it) stays while the address stays; another person has confirmed none, and each
    new address is asked for. `by` stays when nothing else changes.
    """
    addresses = [(before.address(each), change.address(each)) for each in ChannelName]
    raised = another_person or any(old and new and not same_address(old, new) for old, new in addresses)
    new = [
        each
        for each in ChannelName
        if change.address(each) and (another_person or not same_address(before.address(each), change.address(each)))
    ]
    after = with_derived(
        replaced(
            before,
            agencies=change.agencies,
            role=change.role,
            name=change.name,
            email=change.email,
            phone=change.phone,
            landline=change.landline,
            preferred=change.preferred,
            valid_from=change.valid_from,
            valid_to=change.valid_to,
            notice=change.notice,
            consent_whatsapp=change.consent_whatsapp,
            own=before.own or change.own,
            address_revision=before.address_revision + raised,
            mark=change.mark or before.mark,
            **_knowledge(before, change, another_person=another_person, reopen=reopen),
        )
    )
    after = with_new_addresses(after, new, first=raised)
    return before if after == before else replaced(after, by=change.by)


def _knowledge(before: Contact, change: Contact, *, another_person: bool, reopen: bool) -> dict[str, Any]:
    """What is known of the two addresses after the change."""
    known: dict[str, Any] = {}
    for channel, name in ((ChannelName.EMAIL, "email"), (ChannelName.WHATSAPP, "phone")):
        stays = same_address(before.address(channel), change.address(channel))
        known[f"{name}_closed"] = before.closed_by(channel) if stays and not reopen else ""
        known[f"{name}_confirmed"] = before.confirmed(channel) and stays and not another_person
        record = before.record(channel)
        if not change.address(channel):
            record = replaced(record, ask=Ask.NOT)
        elif not stays:
            record = replaced(record, number=record.number + 1)
        known[f"{name}_record"] = record
    return known
