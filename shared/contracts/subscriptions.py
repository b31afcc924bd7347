"""The subscriptions: which service consumes which events. Every image has this data; the topology is derived from it.

A subscription takes all types of a subject: one that missed a type would keep an outdated state (a test checks it).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from shared.contracts.event_types import CONTRACTS, OPEN_SUBJECTS, types_of


@dataclass(frozen=True)
class Subscription:
    """One queue, named `<service>.<purpose>`.

    rebuilt: what it brings can be had again at any time from the sources, so it slows nobody down: its queue is
    bounded and drops its oldest; a missing queue is no fault of the publisher, and a full one no reason to refuse
    submissions; single_active: of several consumers, one is given all messages, and another when that one is gone.
    """

    service: str
    purpose: str
    types: frozenset[str]
    rebuilt: bool = False
    single_active: bool = False

    @property
    def name(self) -> str:
        """The queue's name."""
        return f"{self.service}.{self.purpose}"

    @property
    def refill(self) -> tuple[tuple[str, str], ...]:
        """By what the services that publish its types send again what its queue has missed: each command, after the
        service with whose data it runs."""
        sources = consumers_first({each.source for each in CONTRACTS.values() if each.type in self.types})
        if self.rebuilt:
            resyncs = ((name, f"satu resync {name} --wait") for name in sources)
            return (*resyncs, (self.service, f"satu {self.service} complete"))
        return tuple((name, f"satu resync {name}") for name in sources)

    @property
    def cure(self) -> str:
        """What an operator runs when its queue is missing."""
        return f"satu topology apply, then {', '.join(command for _, command in self.refill)}"


SUBSCRIPTIONS: tuple[Subscription, ...] = (
    Subscription("scoring", "regions", types_of("region")),
    Subscription("scoring", "agencies", types_of("agency")),
    Subscription("scoring", "innovations", types_of("innovation")),
    Subscription("notifications", "regions", types_of("region")),
    Subscription("notifications", "agencies", types_of("agency")),
    Subscription("notifications", "innovations", types_of("innovation")),
    Subscription("notifications", "deadlines", types_of("deadline")),
    Subscription("notifications", "commitments", types_of("commitment")),
    Subscription("notifications", "ideas", types_of("idea")),
    Subscription("notifications", "scorecards", types_of("scorecard")),
    Subscription("notifications", "endpoints", types_of("endpoint")),
    Subscription("feed", "latest", types_of(*OPEN_SUBJECTS), rebuilt=True, single_active=True),
    Subscription(
        "portal",
        "model",
        types_of("region", "agency", "innovation", "scorecard", "region_index", "obligation", "message"),
        rebuilt=True,
    ),
)

TAKEN: frozenset[str] = frozenset().union(*(each.types for each in SUBSCRIPTIONS if not each.rebuilt))
"""The types for which a missing queue is a fault: the relay publishes exactly these as mandatory."""


def subscription(name: str) -> Subscription:
    """The subscription with that name. Raises KeyError."""
    return next((each for each in SUBSCRIPTIONS if each.name == name), None) or _unknown(name)


def consumers_first(services: Collection[str]) -> tuple[str, ...]:
    """These services, each before those whose events it consumes; else by name. Of services that consume each other's
    events, the one with the fewest consumers left comes first."""
    left, order = set(services), []
    while left:
        order.append(min(left, key=lambda name: (len(_consumers(name) & left - {name}), name)))
        left.remove(order[-1])
    return tuple(order)


def _consumers(source: str) -> set[str]:
    return {each.service for each in SUBSCRIPTIONS if any(CONTRACTS[type].source == source for type in each.types)}


def _unknown(name: str) -> Subscription:
    raise KeyError(f"no subscription {name!r}; there are {', '.join(each.name for each in SUBSCRIPTIONS)}")
