"""Which regions a restore holds, and that another restore lets nothing go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.reminders.restore_hold import RestoreHold

FIRST, SECOND = datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)
DAY = timedelta(days=1)


def after(before: RestoreHold | None, at: datetime, region: str | None) -> RestoreHold:
    return RestoreHold.after(before, backup_at=at - DAY, restored_at=at, region=region)


def test_a_restore_of_one_region_holds_that_one() -> None:
    hold = after(None, FIRST, "61.12")

    assert (hold.concerns("61.12"), hold.concerns("61.71")) == (True, False)


def test_a_restore_of_everything_holds_every_region() -> None:
    assert after(None, FIRST, None).concerns("61.71")


@pytest.mark.parametrize(("one", "other"), [("61.12", "61.71"), ("61.12", None), (None, "61.12"), ("61.12", "61.12")])
def test_what_is_held_stays_held_after_another_restore(one: str | None, other: str | None) -> None:
    hold = after(after(None, FIRST, one), SECOND, other)

    assert hold.concerns(one or "61.01")
    assert hold.concerns(other or "61.01")
    assert (hold.backup_at, hold.restored_at) == (FIRST - DAY, SECOND)
    assert hold.concerns("12.01") == (None in (one, other))


def test_a_hold_that_has_ended_is_forgotten() -> None:
    ended = after(None, FIRST, None).model_copy(update={"active": False})
    hold = after(ended, SECOND, "61.12")

    assert (hold.active, hold.concerns("61.71"), hold.backup_at) == (True, False, SECOND - DAY)
