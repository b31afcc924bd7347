"""The `/alert-policies` routes: when a region reminds, whom, and when nobody may be disturbed; with its history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Self

from fastapi import Body, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from services.notifications.known import KnownFacts
from services.notifications.obligations.deadlines import local_date
from services.notifications.reminders.policy.alert_policy import (
    DEFAULT,
    AgencyRole,
    AlertPolicies,
    AlertPolicy,
    ReportRole,
)
from services.notifications.reminders.policy.rules import flaws_of
from services.notifications.reminders.repositories import alert_policy_repository
from shared.auth.policy import Role
from shared.clock import Clock
from shared.contracts.fields import LINE, LocalHour, RegionCode
from shared.contracts.vocabulary import Zone
from shared.faults import Invalid, NotFound, Stale
from shared.ports.store import Store
from shared.storage.steps import without_event
from shared.web.preconditions import IfMatch, etag
from shared.web.routes import Routes, Who, get, put

RegionInPath = Annotated[RegionCode, Path(description="The region's code.", examples=["61.12"])]
_NONE = 0  # the version of a policy that was never set
_EXAMPLE: dict[str, Any] = {
    "policy": {
        "summary": "Reminders 30, 7 and 1 days before the deadline; no messages at weekends",
        "value": {
            "decree": "SE 000.9/12/2026",
            "before": [30, 7, 1],
            "after": [1, 8, 15],
            "quiet_from": "18:00",
            "quiet_until": "07:30",
            "quiet_days": [6, 7],
        },
    }
}


class AlertPolicyBody(BaseModel):
    """What is left out has the default of this system. from_day: the local day on which it begins, by default today;
    the other fields are those of the answer."""

    model_config = ConfigDict(extra="forbid")

    from_day: date | None = None
    decree: str = Field(default="", max_length=120, pattern=LINE)
    before: tuple[int, ...] = Field(default=DEFAULT.before, max_length=50)
    after: tuple[int, ...] = Field(default=DEFAULT.after, max_length=50)
    roles: tuple[AgencyRole, ...] = Field(default=DEFAULT.roles, max_length=10)
    report_roles: tuple[ReportRole, ...] = Field(default=DEFAULT.report_roles, max_length=10)
    quiet_from: LocalHour = DEFAULT.quiet_from
    quiet_until: LocalHour = DEFAULT.quiet_until
    quiet_days: tuple[int, ...] = Field(default=DEFAULT.quiet_days, max_length=20)
    holidays_are_quiet: bool = DEFAULT.holidays_are_quiet
    person_cap: int = DEFAULT.person_cap
    region_cap: int = DEFAULT.region_cap
    report_weekday: int = DEFAULT.report_weekday


class AlertPolicyAnswer(BaseModel):
    """revision: 0 for the default; before, after: days before and after the deadline on which a reminder begins; roles:
    told in this order, each only when the one before cannot be reached; report_roles: who gets the weekly report;
    quiet_from, quiet_until, quiet_days: local times and ISO weekdays at which nobody is disturbed; person_cap,
    region_cap: messages a day; report_weekday: ISO; by: the account that set it."""

    revision: int
    from_day: date
    decree: str
    before: list[int]
    after: list[int]
    roles: list[AgencyRole]
    report_roles: list[ReportRole]
    quiet_from: LocalHour
    quiet_until: LocalHour
    quiet_days: list[int]
    holidays_are_quiet: bool
    person_cap: int
    region_cap: int
    report_weekday: int
    by: str
    set_at: datetime | None

    @classmethod
    def of(cls, policy: AlertPolicy) -> Self:
        """From the stored revision."""
        return cls.model_validate(policy.model_dump())


class AlertPoliciesAnswer(BaseModel):
    """in_force: of the region's today; revisions: its whole history, oldest first."""

    region: str
    in_force: AlertPolicyAnswer
    revisions: list[AlertPolicyAnswer]


class AlertPolicyRoutes(Routes):
    """A changed policy is followed by the next sweep."""

    prefix = "/alert-policies/{region}"
    tag = "alert-policies"

    def __init__(self, store: Store, known_facts: KnownFacts, clock: Clock) -> None:
        self._policies = alert_policy_repository(store)
        self._known_facts = known_facts
        self._clock = clock

    @get("", Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR)
    async def read_policy(self, *, who: Who, response: Response, region: RegionInPath) -> AlertPoliciesAnswer:
        """Read the alert policy in force and its history."""
        who.require_region(region)
        today = await self._today(region)
        found = await self._policies.find(region)
        etag(response, found.sequence if found else _NONE)
        return _answer(found.value if found else AlertPolicies(region=region), today)

    @put("", Role.CURATOR)
    async def set_policy(
        self,
        *,
        who: Who,
        response: Response,
        region: RegionInPath,
        expected: IfMatch,
        body: Annotated[AlertPolicyBody, Body(openapi_examples=_EXAMPLE)],
    ) -> AlertPoliciesAnswer:
        """Set a new revision. A repeat changes nothing. Nothing can be muted: a policy can only defer."""
        who.require_region(region)
        today = await self._today(region)
        values = body.model_dump() | {"from_day": body.from_day or today, "by": who.id, "set_at": self._clock.now()}
        policy = AlertPolicy(**values)
        flaws = flaws_of(policy, today)
        if flaws:
            raise Invalid(flaws)

        def add(before: AlertPolicies | None) -> AlertPolicies | None:
            if expected == _NONE and before is not None:
                raise Stale("Kebijakan pengingat sudah ditetapkan; muat ulang, lalu ulangi.")
            return (before or AlertPolicies(region=region)).with_revision(policy)

        after = await self._policies.change(region, without_event(add), expected=expected or None)
        etag(response, after.sequence)
        return _answer(after.value, today)

    async def _today(self, region: str) -> date:
        known = await self._known_facts.region(region)
        if known is None:
            raise NotFound("Daerah ini tidak dikenal.")
        return local_date(self._clock.now(), Zone(known.value.zone))


def _answer(policies: AlertPolicies, today: date) -> AlertPoliciesAnswer:
    return AlertPoliciesAnswer(
        region=policies.region,
        in_force=AlertPolicyAnswer.of(policies.in_force(today)),
        revisions=[AlertPolicyAnswer.of(each) for each in policies.revisions],
    )
