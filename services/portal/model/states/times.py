"""Days, moments and numbers in stored form. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment: str | None) -> int:
    """Whole microseconds since the epoch of an ISO time with a zone: they sort as times do; 0 for None."""
    if moment is None:
        return 0
    since = datetime.fromisoformat(moment) - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def moment(text: str | None) -> datetime | None:
    """An ISO time with a zone."""
    return None if text is None else datetime.fromisoformat(text)


def day(text: str | None) -> date | None:
    """An ISO day."""
    return None if text is None else date.fromisoformat(text)


def hour(text: str | None) -> time | None:
    """A local hour, `14:00`."""
    return None if text is None else time.fromisoformat(text)


def exact(number: float | None) -> Decimal:
    """A number as it was written; 0 for None."""
    return Decimal(0) if number is None else Decimal(str(number))


def exact_or_none(number: float | None) -> Decimal | None:
    """A number as it was written."""
    return None if number is None else Decimal(str(number))
