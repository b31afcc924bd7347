"""What a provider charges for a message, as dated files: `prices/*.json`. Without a file for the day nobody knows."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.notifications.contacts.channel_name import ChannelName

_FOLDER = Path(__file__).parent.parent / "prices"


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
