"""Who must hear of a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tests.support.year.due import Asked, Reason
from tests.support.year.facts import RegionSaid
from tests.support.year.known import Known
from tests.support.year.mail import Post
from tests.support.year.person import Person

Unheard = set[tuple[str, int, Reason]]
"""Person, address revision and reason of every undelivered message."""


@dataclass(frozen=True)
class Told:
    """What has become of the alerts so far."""

    post: Post
    unheard: Unheard


def audience(known: Known, region: RegionSaid, asked: Asked, today: date, told: Told) -> list[str]:
    """Design §9: "While none is [done] and its roles have no open address left, it is due for the agency's next role
    (officer, then head); beyond the agency there is no alert"."""
    if asked.person:
        return [asked.person]
    people = {id: each for id, each in known.people.items() if each.said.region == region.region}
    if asked.roles:
        return [id for id, each in people.items() if each.said.role in asked.roles and each.channels(today)]
    passed_over: set[str] = set()
    for role in ("officer", "head"):
        mine = {
            id: each for id, each in people.items() if each.said.role == role and asked.agency in each.said.agencies
        }
        reachable = [id for id, each in mine.items() if open_channels(id, each, [asked.reason], today, told.unheard)]
        if reachable:
            return [] if is_told(asked.reason, passed_over, told.post) else reachable
        passed_over |= set(mine)
    return []


def is_told(reason: Reason, people: Iterable[str], post: Post) -> bool:
    """Design §9: "A *reason is told* when one alert of it is done"."""
    among = set(people)
    return any(mail.status == "done" and each == reason and person in among for (person, _, each), mail in post.items())


def open_channels(id: str, person: Person, reasons: Iterable[Reason], today: date, unheard: Unheard) -> list[str]:
    """Open addresses; design §9: of an undelivered attempt "no address is closed, it is not sent again there, and for
    "told" this address counts as closed". By then the message has been through all addresses that the person had."""
    if any((id, person.revision, reason) in unheard for reason in reasons):
        return []
    return person.channels(today)
