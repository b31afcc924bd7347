"""The `/mode` and `/stop` routes: whether alerts leave this system."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import Body
from pydantic import BaseModel, ConfigDict, Field

from services.notifications.reminders.alerting import Alerting, ModeInForce
from services.notifications.reminders.going_live import Effect, GoingLive
from services.notifications.reminders.mode import AlertingMode, Mode
from shared.auth.policy import Role
from shared.contracts.fields import Id
from shared.web.routes import Routes, Who, get, put

_EXAMPLE: dict[str, Any] = {
    "log": {"summary": "Nothing leaves this system", "value": {"mode": "log"}},
    "live": {
        "summary": "Going live, with the numbers that GET /mode/effect gives",
        "value": {"mode": "live", "confirm": {"persons": 38, "messages": 41}},
    },
}


class Confirmation(BaseModel):
    """How many persons get how many messages at once."""

    model_config = ConfigDict(extra="forbid")

    persons: int = Field(ge=0)
    messages: int = Field(ge=0)


class ModeBody(BaseModel):
    """allowed: opaque ids of contacts, for `allow-list`; confirm: needed to go live."""

    model_config = ConfigDict(extra="forbid")

    mode: Mode
    allowed: list[Id] = Field(default_factory=list, max_length=1_000)
    confirm: Confirmation | None = None


class StopBody(BaseModel):
    """stopped: true stops all sending at once, in every process; the mode is kept."""

    model_config = ConfigDict(extra="forbid")

    stopped: bool


class ModeAnswer(BaseModel):
    """forced: the service runs with CHANNEL=log, whatever is stored; by: the account that changed it last, or
    `upgrade`."""

    mode: Mode
    allowed: list[str]
    stopped: bool
    by: str
    since: datetime | None
    forced: bool

    @classmethod
    def of(cls, in_force: ModeInForce) -> Self:
        """From the mode in force."""
        mode = in_force.mode
        return cls(
            mode=mode.mode,
            allowed=list(mode.allowed),
            stopped=mode.stopped,
            by=mode.by,
            since=mode.since,
            forced=in_force.forced,
        )


class EffectAnswer(BaseModel):
    """What going live would send at once. waiting: of the messages, those that are written already."""

    persons: int
    messages: int
    waiting: int

    @classmethod
    def of(cls, effect: Effect) -> Self:
        """From the count."""
        return cls(persons=effect.persons, messages=effect.messages, waiting=effect.waiting)


class ModeRoutes(Routes):
    """Both switches concern all regions and all processes, within a second."""

    tag = "mode"

    def __init__(self, alerting: Alerting, going_live: GoingLive) -> None:
        self._alerting = alerting
        self._going_live = going_live

    @get("/mode", Role.CURATOR, Role.OPERATOR)
    async def read_mode(self) -> ModeAnswer:
        """Read the mode and the stop switch."""
        return ModeAnswer.of(await self._alerting.in_force())

    @get("/mode/effect", Role.OPERATOR)
    async def read_effect(self) -> EffectAnswer:
        """Count what going live would send at once: the numbers to confirm."""
        return EffectAnswer.of(await self._going_live.effect(AlertingMode(mode=Mode.LIVE)))

    @put("/mode", Role.OPERATOR)
    async def set_mode(self, *, who: Who, body: Annotated[ModeBody, Body(openapi_examples=_EXAMPLE)]) -> ModeAnswer:
        """Set the mode. Going live needs `confirm` with the numbers of now; else 409 (`alerting-not-confirmed`) names
        them."""
        confirmed = (body.confirm.persons, body.confirm.messages) if body.confirm else None
        return ModeAnswer.of(await self._going_live.change(body.mode, tuple(body.allowed), who.id, confirmed))

    @put("/stop", Role.OPERATOR)
    async def switch(self, *, who: Who, body: StopBody) -> ModeAnswer:
        """Stop all sending at once, or go on. It needs no `If-Match`: whoever stops must not lose a race."""
        return ModeAnswer.of(await self._alerting.switch(stopped=body.stopped, by=who.id))
