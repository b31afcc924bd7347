"""How the world outside answers: the same script for the fake channels and for the naive recomputation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tests.support.year.facts import AddressBecomes, Fact, Outage

EMAIL, WHATSAPP = "email", "whatsapp"


class Behaviour(StrEnum):
    """GOOD: accepted (with receipts: delivered two minutes later). REFUSES: a fact about the address, at once. SILENT:
    accepted, no receipt ever. SLOW: accepted, delivered after 40 minutes. BOUNCES: accepted, and later reported as an
    unknown recipient. BUSY: not taken for the moment, until a time. Without receipts SILENT and SLOW are GOOD."""

    GOOD = "good"
    REFUSES = "refuses"
    SILENT = "silent"
    SLOW = "slow"
    BOUNCES = "bounces"
    BUSY = "busy"


class Reply(StrEnum):
    """The answer to one hand-over."""

    ACCEPTED = "accepted"
    AWAY = "away"
    REFUSED = "refused"
    BUSY = "busy"


@dataclass(frozen=True)
class LaterReceipt:
    """What the provider reports of an accepted hand-over. bad: the recipient is unknown; else it was delivered."""

    at: datetime
    bad: bool


DELIVERED_AFTER = timedelta(minutes=2)
SLOWLY_AFTER = timedelta(minutes=40)
BOUNCED_AFTER = {EMAIL: timedelta(hours=3), WHATSAPP: timedelta(minutes=5)}


class World:
    """Answers by the world's facts."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self._outages = [each for each in facts if isinstance(each, Outage)]
        self._becomes: dict[str, list[AddressBecomes]] = {}
        for each in sorted((each for each in facts if isinstance(each, AddressBecomes)), key=lambda each: each.at):
            self._becomes.setdefault(each.address, []).append(each)

    def reply(self, channel: str, address: str, at: datetime) -> Reply:
        """What the provider answers at that moment."""
        if any(each.channel == channel and each.at <= at < each.until for each in self._outages):
            return Reply.AWAY
        match self._behaviour(address, at):
            case Behaviour.REFUSES:
                return Reply.REFUSED
            case Behaviour.BUSY:
                return Reply.BUSY
            case _:
                return Reply.ACCEPTED

    def receipt(self, channel: str, address: str, at: datetime) -> LaterReceipt | None:
        """What it reports later of a hand-over that it accepted at that moment; None: nothing, ever."""
        behaviour = self._behaviour(address, at)
        if behaviour is Behaviour.BOUNCES:
            return LaterReceipt(at + BOUNCED_AFTER[channel], bad=True)
        if channel == EMAIL or behaviour is Behaviour.SILENT:
            return None
        return LaterReceipt(at + (SLOWLY_AFTER if behaviour is Behaviour.SLOW else DELIVERED_AFTER), bad=False)

    def _behaviour(self, address: str, at: datetime) -> Behaviour:
        begun = [each for each in self._becomes.get(address, ()) if each.at <= at]
        if not begun:
            return Behaviour.GOOD
        latest = begun[-1]
        over = latest.until is not None and at >= latest.until
        return Behaviour.GOOD if over else Behaviour(latest.behaviour)
