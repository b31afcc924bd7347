"""Dates, times and numbers in the language of the page: the filters of templates."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from services.portal.pages.language import DEFAULT, current
from shared import indonesian
from shared.contracts.vocabulary import Zone

ZONES = {Zone.WIB: "WIB", Zone.WIB_PONTIANAK: "WIB", Zone.WITA: "WITA", Zone.WIT: "WIT"}


def day(value: date | datetime | str, zone: str = Zone.WIB) -> str:
    """`3 Desember 2026`. A datetime is taken in the zone; a text must be ISO 8601."""
    local = _local(value, zone)
    return indonesian.day(local) if current() == DEFAULT else format_date(local, "d MMMM yyyy", locale=current())


def moment(value: datetime | str, zone: str = Zone.WIB) -> str:
    """`3 Desember 2026, 14.05 WIB`."""
    return f"{day(value, zone)}, {hour(value, zone)}"


def hour(value: datetime | str, zone: str = Zone.WIB) -> str:
    """`14.05 WIB`."""
    local = _parsed(value).astimezone(ZoneInfo(zone))
    shown = indonesian.hour(local.time()) if current() == DEFAULT else format_datetime(local, "HH:mm", locale=current())
    return f"{shown} {zone_name(zone)}"


def zone_name(zone: str) -> str:
    """`WIB`, `WITA` or `WIT`; any other as it is."""
    return ZONES[Zone(zone)] if zone in list(Zone) else zone


def number(value: Decimal | float | str, places: int | None = None) -> str:
    """`1.234,5`; places: as many after the comma, also if they are zeros."""
    exact = Decimal(str(value))
    if places is not None:
        exact = round(exact, places)
    if current() == DEFAULT:
        return indonesian.number(exact, as_printed=places is not None)
    return str(format_decimal(exact, f"#,##0.{'0' * places}" if places else None, locale=current()))


def iso(value: date | datetime | str) -> str:
    """As the attribute `datetime` of HTML's `time`."""
    return value if isinstance(value, str) else value.isoformat()


def _parsed(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _local(value: date | datetime | str, zone: str) -> date:
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return value.astimezone(ZoneInfo(zone)).date() if isinstance(value, datetime) else value
