from __future__ import annotations

from datetime import UTC, datetime

from services.notifications.reminders.mode import AlertingMode, Mode

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def test_a_store_without_a_mode_reaches_nobody() -> None:
    assert AlertingMode().silent
    assert not AlertingMode().reaches("p")


def test_an_allow_list_reaches_only_those_on_it() -> None:
    mode = AlertingMode().set(Mode.ALLOW_LIST, ("p",), by="a", since=NOW)

    assert mode is not None
    assert mode.reaches("p")
    assert not mode.reaches("q")
    assert not mode.reaches_everybody


def test_the_stop_switch_silences_every_mode_and_keeps_it() -> None:
    live = AlertingMode(mode=Mode.LIVE)
    stopped = live.switched(stopped=True, by="a", since=NOW)

    assert stopped is not None
    assert stopped.silent
    assert not stopped.reaches("p")
    assert stopped.mode is Mode.LIVE
    again = stopped.switched(stopped=False, by="b", since=NOW)
    assert again is not None
    assert again.reaches_everybody


def test_setting_the_same_again_changes_nothing() -> None:
    assert AlertingMode(mode=Mode.LIVE).set(Mode.LIVE, (), by="a", since=NOW) is None
    assert AlertingMode().switched(stopped=False, by="a", since=NOW) is None


def test_the_list_of_another_mode_is_forgotten() -> None:
    listed = AlertingMode(mode=Mode.ALLOW_LIST, allowed=("p",))
    live = listed.set(Mode.LIVE, ("p",), by="a", since=NOW)

    assert live is not None
    assert live.allowed == ()
