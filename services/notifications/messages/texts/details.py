"""The facts that the text of each kind of reason needs. Pure data, filled in by `sending/preparation.py`.

An empty text or None means: not known. Every text can be written without it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from shared.contracts.continuation import RightsKind
from shared.contracts.message import Alert
from shared.contracts.vocabulary import CountsWhen, Zone


@dataclass(frozen=True)
class Office:
    """The curator's office of a region, as messages name it. telephone: as it is to be read; reply_to: the address
    that answers reach; public_url: where readers open this system (`https://inovasi.example`), without a slash at the
    end. Each is empty when it is not known."""

    name: str = ""
    telephone: str = ""
    reply_to: str = ""
    public_url: str = ""


@dataclass(frozen=True)
class RegionDetails:
    """code: of Kemendagri; name: of the regional government; zone: of all times in the text."""

    code: str
    name: str
    zone: Zone


@dataclass(frozen=True)
class DutyDetails:
    """A duty of one agency and year, for a stage of the ladder or `opened-again`.

    agency: its name; deadline, hour: in force, hour None: the whole day; basis: the number of the circular or decree
    that sets the deadline; decree: of the duty policy; counted, minimum: innovations; progress: the furthest state that
    one of its innovations is in (`none`, `draft`, `submitted`, `returned`, `verified`); opened_by: what opened a
    fulfilled duty again (`returned`, `withdrawn`, `moved`, `exemption`); innovation: the name of the one that did;
    previous: the date of the deadline that this one replaced.
    """

    alert: Alert
    agency: str
    year: int
    deadline: date
    hour: time | None = None
    basis: str = ""
    decree: str = ""
    counted: int = 0
    minimum: int = 1
    counts_when: CountsWhen = CountsWhen.SUBMITTED
    progress: str = "none"
    opened_by: str = ""
    innovation: str = ""
    previous: date | None = None


@dataclass(frozen=True)
class InnovationDetails:
    """An innovation that was returned, verified or scored.

    name: of the innovation; agency: the name of its agency; on: the local day on which it happened; claimed, verified:
    points of `most`, for `scored`; deadline, hour: of the year's duty, while it still lies ahead and the duty is not
    fulfilled without this innovation.
    """

    alert: Alert
    agency: str
    year: int
    name: str = ""
    on: date | None = None
    claimed: Decimal | None = None
    verified: Decimal | None = None
    most: Decimal | None = None
    deadline: date | None = None
    hour: time | None = None


@dataclass(frozen=True)
class DeadlineDetails:
    """The deadline of a region's year was moved or cancelled, or the registry is behind with reporting it.

    agencies: names of those that the reader answers for; old, old_hour: what was in force before; new, new_hour: what
    is in force now (None when it is cancelled); basis: the number of the circular or decree; missing: for
    `registry-behind`, the ids of the innovations that were not heard of yet.
    """

    alert: Alert
    year: int
    agencies: tuple[str, ...] = ()
    old: date | None = None
    old_hour: time | None = None
    new: date | None = None
    new_hour: time | None = None
    basis: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class ContactDetails:
    """An address is to be confirmed by its owner, or could not be reached.

    agencies: names of the contact's agencies; path: of the confirmation link, below the public URL, with a slash at the
    start (`confirm`); channel: `email` or `whatsapp`; masked: the address as lists show it (`unreachable`); code: why
    it was closed (`unreachable`).
    """

    alert: Alert
    agencies: tuple[str, ...]
    channel: str
    path: str = ""
    masked: str = ""
    code: str = ""


@dataclass(frozen=True)
class YearTotals:
    """How many agencies of a region are in each state of the duty of `year`."""

    year: int
    deadline: date
    hour: time | None = None
    fulfilled: int = 0
    open: int = 0
    waiting: int = 0
    overdue: int = 0
    exempted: int = 0


@dataclass(frozen=True)
class AgencyLine:
    """One agency in a list of the weekly report. agency: its name; since: the local day since when; note: what became
    of its duty (`fulfilled`, `late`, `open`, `opened-again`, `waiting`, `registry`, `overdue`, `exempted`), or why
    nobody could be told: `no-contact`, `no-address`, `closed`, `undelivered` or `not-told`."""

    agency: str
    year: int
    since: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Forecast:
    """What the coming `days` days are expected to bring. messages, persons: None: unknown; cost: of those that a
    provider charges for, None: no price is known for these days; currency: of the cost (`IDR`, `USD`)."""

    days: int = 7
    messages: int | None = None
    persons: int | None = None
    cost: Decimal | None = None
    currency: str = "IDR"


@dataclass(frozen=True)
class Attention:
    """What else waits for somebody. withdrawals: that agencies ask for; ideas: of the public, undecided, the oldest of
    them since ideas_since; fostered: handed to an agency and not taken up; questions: whether an innovation is still in
    use, that are open; lapsed: of the days of the report, that nobody has answered; staffing: innovations of which
    nobody of the team is left, or will be soon; rights: that end within half a year."""

    withdrawals: int = 0
    ideas: int = 0
    ideas_since: date | None = None
    fostered: int = 0
    questions: int = 0
    lapsed: int = 0
    staffing: int = 0
    rights: int = 0


@dataclass(frozen=True)
class ReportDetails:
    """The weekly list for curator, head of region and secretary. week: ISO (`2027-W01`); first, last: its local days;
    changes, late, waiting, untold: agencies whose duty changed in the week before, is overdue, waits for verification,
    or about which nobody could be told; attention: what else waits."""

    alert: Alert
    week: str
    first: date
    last: date
    totals: tuple[YearTotals, ...] = ()
    changes: tuple[AgencyLine, ...] = ()
    late: tuple[AgencyLine, ...] = ()
    waiting: tuple[AgencyLine, ...] = ()
    untold: tuple[AgencyLine, ...] = ()
    forecast: Forecast = field(default_factory=Forecast)
    attention: Attention = field(default_factory=Attention)


@dataclass(frozen=True)
class EndpointDetails:
    """A webhook endpoint was disabled. endpoint: its id; times: how often it was until now; since: the local day; gone:
    the receiver has said that it exists no more, else five days passed without any success."""

    alert: Alert
    endpoint: str
    times: int
    since: date
    gone: bool = False


@dataclass(frozen=True)
class QuestionDetails:
    """The agency is asked whether an innovation is still in use, nobody has answered, one of its rights ends, nobody of
    its team is left, or the curator has decided on a request to withdraw it; or the curator is asked to. agency, name:
    of agency and innovation; times: the n-th question; on: the last day to answer or of protection, the first one
    without anybody, or the day on which it happened; right: its kind."""

    alert: Alert
    agency: str
    year: int
    name: str
    times: int
    on: date
    right: RightsKind | None = None


@dataclass(frozen=True)
class IdeaDetails:
    """Public ideas wait for the curators: count: of those that came in on the day `on`, waiting: of all; or one was
    handed to an agency on that day: agency: its name."""

    alert: Alert
    year: int
    on: date
    agency: str = ""
    count: int = 0
    waiting: int = 0


AlertDetails = (
    DutyDetails
    | InnovationDetails
    | DeadlineDetails
    | ContactDetails
    | ReportDetails
    | EndpointDetails
    | QuestionDetails
    | IdeaDetails
)
