from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.reminders.prices import cost_of, price_on, prices

DAY = date(2026, 12, 7)
EMAIL, WHATSAPP = ChannelName.EMAIL, ChannelName.WHATSAPP


def write(folder: Path, name: str, **fields: str) -> None:
    price = {"channel": "whatsapp", "currency": "IDR", "price": "330", "first": "2026-10-01"}
    more = {"source": "test", "status": "transcribed"}
    (folder / f"{name}.json").write_text(json.dumps(price | more | fields), "utf-8")


def test_without_a_price_for_the_day_the_cost_is_unknown() -> None:
    assert cost_of([(EMAIL, DAY)]) == (Decimal(0), "IDR")
    assert cost_of([(EMAIL, DAY), (WHATSAPP, DAY)]) == (None, "IDR")


def test_a_dated_price_is_that_of_its_days_and_the_newest_counts(tmp_path: Path) -> None:
    write(tmp_path, "old", last="2026-12-31")
    write(tmp_path, "new", first="2026-12-08", price="350")
    assert cost_of([(WHATSAPP, DAY), (WHATSAPP, date(2026, 12, 8))], tmp_path) == (Decimal(680), "IDR")
    assert cost_of([(WHATSAPP, date(2026, 9, 30))], tmp_path) == (None, "IDR")


def test_two_currencies_make_no_sum(tmp_path: Path) -> None:
    write(tmp_path, "one", last="2026-12-07")
    write(tmp_path, "two", first="2026-12-08", currency="USD", price="0.02")
    assert cost_of([(WHATSAPP, date(2026, 12, 8))], tmp_path) == (Decimal("0.02"), "USD")
    assert cost_of([(WHATSAPP, DAY), (WHATSAPP, date(2026, 12, 8))], tmp_path)[0] is None


def test_the_shipped_prices_are_dated_and_none_is_of_today() -> None:
    assert prices()
    assert price_on(WHATSAPP, DAY) is None
    assert price_on(WHATSAPP, date(2024, 6, 1)) is not None
