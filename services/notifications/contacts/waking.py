"""Tells the sweep whose contacts have changed: somebody may have become reachable, or be somebody else."""

from __future__ import annotations

from typing import Protocol

from services.notifications.contacts.contact import Contact


class Waker(Protocol):
    """What is to be looked at again by the next sweep. `reminders.queue.SweepQueue` is one."""

    def wake_agency(self, id: str) -> None:
        """The agency's obligations, innovations and contacts."""

    def wake_region(self, code: str) -> None:
        """The region's curators and executives."""


def wake(waker: Waker, *contacts: Contact) -> None:
    """Wake all that these contacts belong to: give the contact before and after a change."""
    for agency in sorted({agency for contact in contacts for agency in contact.agencies}):
        waker.wake_agency(agency)
    for region in sorted({contact.region for contact in contacts if not contact.role.of_agencies}):
        waker.wake_region(region)
