"""Invented facts for every kind of text, to check the templates at start and to show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from decimal import Decimal

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.texts.details import (
    AgencyLine,
    AlertDetails,
    Attention,
    ContactDetails,
    DeadlineDetails,
    DutyDetails,
    EndpointDetails,
    Forecast,
    IdeaDetails,
    InnovationDetails,
    Office,
    QuestionDetails,
    RegionDetails,
    ReportDetails,
    YearTotals,
)
from shared.contracts.continuation import RightsKind
from shared.contracts.message import ON_REQUEST, Alert, Reason
from shared.contracts.vocabulary import CountsWhen, ReasonKind, Zone

TODAY = date(2026, 11, 19)
REGION = RegionDetails(code="61.12", name="Kabupaten Kubu Raya", zone=Zone.WIB_PONTIANAK)
OFFICE = Office(
    name="Bappedalitbang Kabupaten Kubu Raya",
    telephone="(0561) 000000",
    reply_to="kurator@kuburaya.example",
    public_url="https://inovasi.kuburaya.example",
)
DEADLINE = date(2026, 12, 3)
AGENCY = "Dinas Kesehatan"
AGENCIES = (AGENCY, "Dinas Sosial", "RSUD", "Kecamatan Sungai Raya", "Inspektorat")
INNOVATION = "Teman Sehat"
DECREE = "400.10.11/1887/2026"
SAMPLE_NAME = "Nama Penerima"
SAMPLE_ADDRESSES = {ChannelName.EMAIL: "penerima@dinas.example", ChannelName.WHATSAPP: "+6281200000000"}
STAGES = (
    *("before-60", "before-30", "before-14", "before-7", "before-1"),
    *("overdue", "overdue-8", "overdue-15", "overdue-22", "overdue-29"),
)
DECISIONS = ("withdrawal-asked", "withdrawal-declined", "withdrawn")
CAUSES = ("returned", "withdrawn", "moved", "exemption", "")


def samples() -> Mapping[str, AlertDetails]:
    """Name → facts. Together they reach every sentence."""
    return {
        **_duties(),
        **_innovations(),
        **_deadlines(),
        **_contacts(),
        **_reports(),
        **_endpoints(),
        **_questions(),
        **_ideas(),
    }


def sample_alert(kind: ReasonKind, what: str) -> Alert:
    """An alert of this kind with the fields that all kinds have."""
    return Alert(id=f"{kind.value}-{what}", reason=Reason(kind=kind, what=what, region=REGION.code))


def _duty(what: str, deadline: date = DEADLINE) -> DutyDetails:
    alert = sample_alert(ReasonKind.DUTY, what)
    return DutyDetails(alert=alert, agency=AGENCY, year=2026, deadline=deadline, basis=DECREE)


def _duties() -> dict[str, AlertDetails]:
    days = {"before-60": 60, "before-30": 30, "before-14": 14, "before-7": 7, "before-1": 1}
    late = {"overdue": 1, "overdue-8": 8, "overdue-15": 15, "overdue-22": 22, "overdue-29": 29}
    left = {**days, **{what: -count for what, count in late.items()}}
    duties = {f"duty {what}": _duty(what, _after(left[what])) for what in STAGES}
    ahead, hour = _duty("before-1", _after(1)), time(14, 5)
    return {
        **duties,
        **{f"duty opened-again {cause or 'unknown'}": _opened(cause) for cause in CAUSES},
        "duty opened-again overdue": replace(_opened("withdrawn"), deadline=_after(-3), innovation=""),
        "duty on-request": _duty(ON_REQUEST, _after(40)),
        "duty on-request tomorrow": _duty(ON_REQUEST, _after(1)),
        "duty on-request overdue": _duty(ON_REQUEST, _after(-3)),
        "duty today": replace(ahead, deadline=TODAY),
        "duty today with hour": replace(ahead, deadline=TODAY, hour=hour),
        "duty hour passed": replace(_duty("overdue", TODAY), hour=hour),
        "duty with hour": replace(ahead, hour=hour, decree="188.45/12/2026", previous=_after(-6)),
        **{
            f"duty with {progress}": replace(ahead, progress=progress) for progress in ("draft", "returned", "verified")
        },
        "duty with submitted": replace(ahead, progress="submitted", counts_when=CountsWhen.VERIFIED),
        "duty of two": replace(ahead, progress="submitted", counted=1, minimum=2),
    }


def _opened(cause: str) -> DutyDetails:
    return replace(_duty("opened-again"), opened_by=cause, innovation=INNOVATION)


def _innovations() -> dict[str, AlertDetails]:
    def of(what: str) -> InnovationDetails:
        alert = sample_alert(ReasonKind.INNOVATION, what)
        return InnovationDetails(alert=alert, agency=AGENCY, year=2026, name=INNOVATION, on=TODAY)

    scored = replace(of("scored"), claimed=Decimal("80.5"), verified=Decimal(72), most=Decimal(111))
    return {
        "innovation returned": replace(of("returned"), deadline=DEADLINE),
        "innovation returned without a name": replace(of("returned"), name="", on=None),
        "innovation verified": of("verified"),
        "innovation scored": scored,
        "innovation scored without points": of("scored"),
    }


def _deadlines() -> dict[str, AlertDetails]:
    def of(what: str) -> DeadlineDetails:
        alert = sample_alert(ReasonKind.DEADLINE, what)
        return DeadlineDetails(alert=alert, year=2026, agencies=AGENCIES[:4], old=DEADLINE, basis=DECREE)

    return {
        "deadline moved": replace(of("moved"), new=date(2026, 12, 17)),
        "deadline moved to an hour": replace(of("moved"), new=DEADLINE, new_hour=time(12), basis="", agencies=()),
        "deadline moved from an unknown one": replace(of("moved"), old=None, new=date(2026, 12, 17)),
        "deadline moved to an unknown one": of("moved"),
        "deadline cancelled": of("cancelled"),
        "deadline cancelled from an unknown one": replace(of("cancelled"), old=None, basis=""),
        "deadline registry-behind": replace(of("registry-behind"), new=DEADLINE, missing=("inovasi-1", "inovasi-2")),
        "deadline registry-behind by many": replace(of("registry-behind"), missing=tuple(map(str, range(60)))),
        "deadline registry-behind unheard": replace(of("registry-behind"), old=None),
    }


def _contacts() -> dict[str, AlertDetails]:
    def of(what: str, channel: str) -> ContactDetails:
        return ContactDetails(alert=sample_alert(ReasonKind.CONTACT, what), agencies=(AGENCY,), channel=channel)

    path = "/notifications/v1/confirm/contoh"
    lost = of("unreachable", "email")
    return {
        "contact confirm": replace(of("confirm", "email"), path=path),
        "contact confirm of a number": replace(of("confirm", "whatsapp"), path=path),
        "contact confirm without a link": replace(of("confirm", "email"), agencies=()),
        "contact unreachable": replace(lost, masked="b•••@dinas.example", code="5.1.1"),
        "contact unreachable by number": replace(lost, channel="whatsapp", masked="+62•••78", code="131026"),
        "contact unreachable without reason": lost,
    }


def _reports() -> dict[str, AlertDetails]:
    alert = sample_alert(ReasonKind.REPORT, "weekly")
    empty = ReportDetails(alert=alert, week="2026-W47", first=date(2026, 11, 16), last=date(2026, 11, 22))
    line = AgencyLine(agency=AGENCY, year=2026, since=TODAY)
    totals = YearTotals(2026, DEADLINE, fulfilled=10, open=4, waiting=3, overdue=2, exempted=1)
    notes = ("fulfilled", "late", "open", "opened-again", "waiting", "registry", "overdue", "exempted")
    full = replace(
        empty,
        totals=(totals,),
        changes=tuple(replace(line, note=note) for note in notes),
        late=(line, replace(line, since=None)),
        waiting=tuple(replace(line, agency=name) for name in AGENCIES * 7),
        untold=tuple(replace(line, note=note) for note in ("no-contact", "closed", "undelivered", "not-told", "")),
        forecast=Forecast(messages=120, persons=80, cost=Decimal(40_800)),
        attention=Attention(2, 5, TODAY, fostered=1, questions=12, lapsed=3, staffing=1, rights=2),
    )
    return {
        "report weekly": full,
        "report weekly of nothing": empty,
        "report weekly without a price": replace(full, forecast=Forecast(messages=120)),
        "report weekly in dollars": replace(full, forecast=Forecast(messages=120, cost=Decimal("2.4"), currency="USD")),
    }


def _endpoints() -> dict[str, AlertDetails]:
    alert = sample_alert(ReasonKind.ENDPOINT, "endpoint-disabled")
    disabled = EndpointDetails(alert, "7b1c9a54-0000-4000-8000-000000000001", 1, TODAY)
    return {
        "endpoint endpoint-disabled": disabled,
        "endpoint endpoint-disabled again": replace(disabled, times=2),
        "endpoint endpoint-disabled as gone": replace(disabled, gone=True),
    }


def _questions() -> dict[str, AlertDetails]:
    def of(what: str, right: RightsKind | None = None) -> QuestionDetails:
        alert = sample_alert(ReasonKind.QUESTION, what)
        return QuestionDetails(
            alert=alert, agency=AGENCY, year=2025, name=INNOVATION, times=1, on=_after(30), right=right
        )

    return {
        "question follow-up": of("follow-up"),
        "question follow-up again": replace(of("follow-up"), times=2),
        "question follow-up without a name": replace(of("follow-up"), name=""),
        **{f"question right-ends of {kind.value}": of("right-ends", kind) for kind in RightsKind},
        "question follow-up-lapsed": replace(of("follow-up-lapsed"), on=TODAY),
        "question staff-leaves": of("staff-leaves"),
        "question staff-leaves since": replace(of("staff-leaves"), on=TODAY),
        **{f"question {what}": replace(of(what), on=TODAY) for what in DECISIONS},
    }


def _ideas() -> dict[str, AlertDetails]:
    received = IdeaDetails(sample_alert(ReasonKind.IDEA, "ideas-received"), 2026, TODAY, count=3, waiting=3)
    alert = sample_alert(ReasonKind.IDEA, "idea-handed-over")
    reason = alert.reason.model_copy(update={"idea": "7b1c9a54-0000-4000-8000-000000000002"})
    return {
        "idea ideas-received": received,
        "idea ideas-received among others": replace(received, count=1, waiting=7),
        "idea idea-handed-over": IdeaDetails(alert.model_copy(update={"reason": reason}), 2026, TODAY, AGENCY),
    }


def _after(days: int) -> date:
    return date.fromordinal(TODAY.toordinal() + days)
