from __future__ import annotations

from datetime import date, time, timedelta

from shared import indonesian


def test_days_and_hours_are_written_as_people_write_them() -> None:
    assert indonesian.day(date(2026, 12, 3)) == "3 Desember 2026"
    assert indonesian.weekday(date(2026, 12, 3)) == "Kamis"
    assert indonesian.hour(time(14, 5)) == "14.05"
    assert indonesian.hour(time(0, 0, 59)) == "00.00"


def test_a_week_has_seven_different_days_from_monday() -> None:
    monday = date(2026, 11, 30)
    days = [indonesian.weekday(monday + timedelta(days=each)) for each in range(7)]

    assert days == ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]
