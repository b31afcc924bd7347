"""`satu alerts`: the mode of alerting, the stop switch, and what going live would send."""

from __future__ import annotations

from services.notifications.application import Notifications
from services.notifications.cli.remind import RemindCommand
from services.notifications.reminders.alerting import ModeInForce
from services.notifications.reminders.going_live import Effect
from services.notifications.reminders.mode import AlertingMode, Mode

BY = "satu"  # in place of an account: the command runs with the rights of the machine


class AlertsCommand:
    """Each method returns the lines to print."""

    def __init__(self, parts: Notifications) -> None:
        self._parts = parts
        self._alerting = parts.reminders.alerting
        self._going_live = parts.reminders.going_live

    async def status(self) -> list[str]:
        """The mode, and what going live would send."""
        in_force = await self._alerting.in_force()
        effect = await self._going_live.effect(AlertingMode(mode=Mode.LIVE))
        return [_mode_line(in_force), _effect_line(effect)]

    async def preview(self) -> list[str]:
        """What going live would send: a line for each person, and the numbers to confirm."""
        live = AlertingMode(mode=Mode.LIVE)
        lines = await RemindCommand(self._parts).dry_run(None, live)
        return [*lines, _effect_line(await self._going_live.effect(live))]

    async def set_mode(self, mode: Mode, allowed: tuple[str, ...], confirmed: tuple[int, int] | None) -> list[str]:
        """Another mode."""
        return [_mode_line(await self._going_live.change(mode, allowed, BY, confirmed))]

    async def switch(self, *, stopped: bool) -> list[str]:
        """The stop switch."""
        return [_mode_line(await self._alerting.switch(stopped=stopped, by=BY))]


def _mode_line(in_force: ModeInForce) -> str:
    mode = in_force.mode
    since = f" since {mode.since:%Y-%m-%d %H:%M}Z" if mode.since else ""
    allowed = f", {len(mode.allowed)} persons allowed" if mode.mode is Mode.ALLOW_LIST else ""
    forced = " (CHANNEL=log, whatever is stored)" if in_force.forced else ""
    stopped = "; STOPPED: nothing is sent (satu alerts start)" if mode.stopped else ""
    return f"mode {mode.mode.value}{forced}{since} by {mode.by or 'nobody'}{allowed}{stopped}"


def _effect_line(effect: Effect) -> str:
    return (
        f"live would send at once: {effect.messages} messages to {effect.persons} persons, {effect.waiting} of them "
        f"written already; to confirm: satu alerts live --confirm {effect.persons}:{effect.messages}"
    )
