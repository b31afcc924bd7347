"""What a provider charges for a message, as dated files: `price_lists/*.json`. Without one for the day nobody knows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.notifications.contacts.channel_name import ChannelName

DEFAULT_CURRENCY = "IDR"

_FOLDER = Path(__file__).parent / "price_lists"


class Price(BaseModel):
    """Of one message through a channel on the days from `first` to `last`, both included, None: until further notice.
    price: in units of the currency (`USD`, `IDR`); status: `transcribed` until somebody has checked it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    channel: ChannelName
    currency: str = Field(pattern="^[A-Z]{3}$")
    price: Decimal = Field(ge=0)
    first: date
    last: date | None = None
    source: str = Field(min_length=1)
    status: Literal["transcribed", "verified"]

    def holds_on(self, day: date) -> bool:
        """Whether it is the price of that day."""
        return self.first <= day and (self.last is None or day <= self.last)


@cache
def prices(folder: Path = _FOLDER) -> tuple[Price, ...]:
    """All known prices. Raises ValueError for a file that cannot be read."""
    return tuple(Price.model_validate(json.loads(path.read_text("utf-8"))) for path in sorted(folder.glob("*.json")))


def price_on(channel: ChannelName, day: date, folder: Path = _FOLDER) -> Price | None:
    """The newest price of that day; None when no file has one."""
    holding = [each for each in prices(folder) if each.channel is channel and each.holds_on(day)]
    return max(holding, key=lambda each: each.first, default=None)


def cost_of(
    messages: Iterable[tuple[ChannelName, date]], folder: Path = _FOLDER
) -> tuple[Decimal, str] | tuple[None, str]:
    """What messages through these channels on these days cost, and in which currency; (None, …) when a price is not
    known, or there are several currencies. E-mail costs nothing: it goes through the region's own server."""
    cost, currencies = Decimal(0), set[str]()
    for channel, day in messages:
        if channel is ChannelName.EMAIL:
            continue
        price = price_on(channel, day, folder)
        if price is None:
            return None, DEFAULT_CURRENCY
        cost += price.price
        currencies.add(price.currency)
    if len(currencies) > 1:
        return None, DEFAULT_CURRENCY
    return cost, next(iter(currencies), DEFAULT_CURRENCY)
