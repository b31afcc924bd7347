"""The notifications service for tests: in one process, on a SQLite file, with a fixed clock and facts made by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid5

from pydantic import SecretStr

from services.notifications.application import Notifications
from services.notifications.contacts.address_record import Ask
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.directory import ContactDirectory
from services.notifications.contacts.repositories import contact_repository
from services.notifications.kinds import KINDS, MESSAGE, OBLIGATION
from services.notifications.main import compose
from services.notifications.messages.message import Message
from services.notifications.messages.repositories import message_repository
from services.notifications.obligations.document import ObligationDocument
from services.notifications.obligations.repositories import obligation_repository
from services.notifications.reminders.mode import MODE_ID, AlertingMode, Mode
from services.notifications.reminders.repositories import alerting_repository
from services.notifications.sending.channel import Channel, ChannelName
from services.notifications.settings import MailSettings
from services.notifications.state import replaced
from shared.adapters.folder import FolderFiles
from shared.adapters.sqlite.bus import SqliteBus
from shared.adapters.sqlite.store import SqliteStore
from shared.clock import Clock
from shared.contracts.agency import AGENCY_REGISTERED, AgencyRegistered
from shared.contracts.commitment import CommitmentSigned
from shared.contracts.contract import AnyContract, Origin, Payload, draft
from shared.contracts.deadline import DeadlinePassed
from shared.contracts.endpoint import EndpointChanged
from shared.contracts.event import Event
from shared.contracts.event_types import CONTRACTS
from shared.contracts.innovation import INNOVATION_DRAFTED, Assignment, InnovationDrafted
from shared.contracts.region import REGION_REGISTERED, Deadline, PolicyRevision, RegionRegistered
from shared.contracts.scorecard import InnovationScored
from shared.contracts.vocabulary import (
    AgencyKind,
    Classification,
    CountsWhen,
    Form,
    Initiator,
    InnovationStatus,
    Nature,
    Stage,
    Zone,
)
from shared.ports.store import AUDIT, Store
from shared.runtime.service import Resources, Service
from shared.settings import Settings
from shared.storage.repository import Versioned
from shared.storage.steps import without_event

REGION = "61.12"
YEAR = 2026
LAST_DAY = date(2026, 12, 31)
BEFORE = datetime(2026, 6, 1, 3, tzinfo=UTC)
WITHIN_30 = datetime(2026, 12, 5, 3, tzinfo=UTC)
AFTER = datetime(2027, 1, 2, 3, tzinfo=UTC)


def asked_nothing(contact: Contact) -> Contact:
    """As a contact of a release that asked nobody to confirm an address."""
    records = {name: replaced(getattr(contact, name), ask=Ask.NOT) for name in ("email_record", "phone_record")}
    return replaced(contact, **records)


def agency_id(name: str) -> str:
    return str(uuid5(UUID(int=1), name))


def innovation_id(name: str) -> str:
    return str(uuid5(UUID(int=2), name))


def person_id(name: str) -> str:
    return str(uuid5(UUID(int=3), name))


def deadline(day: date = LAST_DAY, *, year: int = YEAR, revision: int = 1) -> Deadline:
    return Deadline(year=year, revision=revision, date=day, set_at=BEFORE, basis="SE 1/2026")


def region(
    *deadlines: Deadline,
    minimum: int = 1,
    counts_when: CountsWhen = CountsWhen.SUBMITTED,
    community_counts: bool = True,
    kinds: Iterable[AgencyKind] = (AgencyKind.DINAS, AgencyKind.KECAMATAN),
    **policy: Any,  # noqa: ANN401 - fields by name
) -> RegionRegistered:
    return RegionRegistered(
        code=REGION,
        name="Kabupaten Kubu Raya",
        zone=Zone.WIB_PONTIANAK,
        catalogue="2026.1",
        policies=(
            PolicyRevision(
                revision=1,
                from_year=2000,
                obliged_kinds=tuple(kinds),
                minimum=minimum,
                counts_when=counts_when,
                community_counts=community_counts,
                **policy,
            ),
        ),
        deadlines=deadlines or (deadline(),),
    )


def agency(name: str = "Dinas Kesehatan", kind: AgencyKind = AgencyKind.DINAS, **more: Any) -> AgencyRegistered:  # noqa: ANN401 - fields by name
    return AgencyRegistered(**{"id": agency_id(name), "region": REGION, "name": name, "kind": kind, **more})


def innovation(
    name: str = "Spirit",
    *,
    by: str = "Dinas Kesehatan",
    status: InnovationStatus = InnovationStatus.SUBMITTED,
    first: datetime = BEFORE,
    verified: datetime | None = None,
    year: int = YEAR,
    formerly: Iterable[tuple[str, int]] = (),
    classification: Classification = Classification.PERANGKAT_DAERAH,
    turn: int = 0,
    since: datetime | None = None,
    imported: bool = False,
) -> Payload:
    assignments = (
        *(Assignment(agency=agency_id(who), year=when, present=False) for who, when in formerly),
        Assignment(agency=agency_id(by), year=year, present=True),
    )
    who: dict[str, Any] = {"id": innovation_id(name), "region": REGION, "agency": agency_id(by), "year": year}
    if status is InnovationStatus.DRAFT:
        return InnovationDrafted(**who, assignments=assignments, turn=turn, status_since=since)
    contract = CONTRACTS[f"innovation.{status.value}"]
    submitted: Payload = contract.payload(
        **who,
        assignments=assignments,
        status=status,
        name=name,
        stage=Stage.PENERAPAN,
        initiator=Initiator.OPD,
        classification=classification,
        nature=Nature.DIGITAL,
        form=Form.PELAYANAN_PUBLIK,
        main_affair="kesehatan",
        first_submitted_at=first,
        submitted_at=first,
        verified_at=verified,
        turn=turn,
        status_since=since,
        imported=imported,
    )
    return submitted


def passed(*innovations: str, by: str = "Dinas Kesehatan", revision: int = 1, **more: Any) -> DeadlinePassed:  # noqa: ANN401 - fields by name
    """What the registry found when a deadline had passed: the innovations that one agency had submitted in time."""
    submitted = {agency_id(by): tuple(sorted(innovation_id(each) for each in innovations))} if innovations else {}
    fields = {"region": REGION, "year": YEAR, "revision": revision, "date": LAST_DAY, "submitted": submitted}
    return DeadlinePassed(**{**fields, **more})


def contract_of(payload: Payload) -> AnyContract:
    if isinstance(payload, InnovationDrafted):
        return INNOVATION_DRAFTED
    contracts: list[AnyContract] = [REGION_REGISTERED, AGENCY_REGISTERED, *CONTRACTS.values()]
    return next(contract for contract in contracts if contract.payload is type(payload))


def subject_id(payload: Payload) -> str:
    match payload:
        case RegionRegistered():
            return payload.code
        case DeadlinePassed():
            return f"{payload.region}/{payload.year}"
        case InnovationScored():
            return payload.innovation
        case CommitmentSigned():
            return f"{payload.agency}/{payload.year}"
        case EndpointChanged():
            return payload.endpoint
        case _:
            return str(payload.id)  # type: ignore[attr-defined]


def event(payload: Payload, sequence: int) -> Event:
    contract = contract_of(payload)
    return draft(contract, payload, REGION, Origin(BEFORE)).stamp(contract.subject, subject_id(payload), sequence)


class FixedClock(Clock):
    """Business time does not pass by itself."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def move_to(self, moment: datetime) -> None:
        self.at = moment


class NotificationsService:
    """The service without its loops: a test says what runs when."""

    def __init__(
        self,
        store: SqliteStore,
        clock: FixedClock,
        world: Resources,
        service: Service,
        channels: Mapping[ChannelName, Channel] | None = None,
    ) -> None:
        self.store = store
        self.clock = clock
        self.world = world
        self.service = service
        self.parts = Notifications(world, channels)
        self._sequence = 0
        self.known: list[str] = []

    async def receive(
        self,
        payload: Payload,
        sequence: int | None = None,
        *,
        parts: Notifications | None = None,
        catch_up: bool = True,
    ) -> None:
        """Handle an event with this payload, and what its handler leaves to a loop if `catch_up`. parts: of another
        process on the same store."""
        self._sequence += 1
        received = event(payload, sequence or self._sequence)
        subject = received.subject.partition("/")[0]
        purpose = {"agency": "agencies"}.get(subject, f"{subject}s")
        handlers = (parts or self.parts).handlers.by_purpose()[purpose]
        await handlers[received.type](received, payload)
        if catch_up:
            await (parts or self.parts).catching_up.run()

    async def set_contact(
        self,
        name: str = "Budi",
        *,
        of: Iterable[str] = ("Dinas Kesehatan",),
        email: str | None = "budi@dinkes.example",
        to_confirm: bool = False,
        **more: Any,  # noqa: ANN401 - fields by name
    ) -> str:
        """Create or replace a contact; returns its id. to_confirm: it is asked to confirm its address."""
        contact = Contact.of(region=REGION, agencies=[agency_id(each) for each in of], name=name, email=email, **more)
        if not to_confirm:
            contact = asked_nothing(contact)
        await ContactDirectory(self.store).register(person_id(name), contact)
        await contact_repository(self.store).change(person_id(name), lambda _: (contact, None))
        return person_id(name)

    async def knows(self, name: str) -> bool:
        """Whether there is a contact of that name."""
        return await contact_repository(self.store).find(person_id(name)) is not None

    async def name_of(self, person: str) -> str:
        """The name of a contact."""
        return (await contact_repository(self.store).get(person)).value.name

    async def obligation(self, name: str = "Dinas Kesehatan", year: int = YEAR) -> ObligationDocument:
        return (await obligation_repository(self.store).get(f"{agency_id(name)}/{year}")).value

    async def obligations(self) -> dict[str, ObligationDocument]:
        page = await obligation_repository(self.store).list({}, limit=1000, after=None)
        return {each.id: each.value for each in page.items}

    async def message(self, name: str = "Budi", number: int = 1) -> Message:
        return (await message_repository(self.store).get(f"{person_id(name)}/{number}")).value

    async def messages(self) -> list[Versioned[Message]]:
        return (await message_repository(self.store).list({}, limit=1000, after=None)).items

    async def owed_events(self) -> list[Event]:
        """All events owed so far, oldest first per document; the store goes on owing them."""
        events = []
        for kind in (OBLIGATION, MESSAGE):
            async for stored in self.store.dump(kind.name):
                events += [Event.decode(_bytes(each["body"])) for each in stored["outbox"] if each["type"] != AUDIT]
        return events

    async def make_due(self, name: str = "Budi", number: int = 1) -> None:
        """The message's wait is over: its next attempt is due."""
        await message_repository(self.store).amend(
            f"{person_id(name)}/{number}", None, without_event(lambda message: replaced(message, due=0))
        )

    async def remind(self) -> None:
        """One sweep and one run of the sender."""
        await self.parts.sweep.run()
        await self.parts.sender.run()


async def set_mode(store: SqliteStore, mode: Mode, *, allowed: Iterable[str] = (), stopped: bool = False) -> None:
    """As an operator has set it, long ago."""
    state = AlertingMode(
        mode=mode, allowed=tuple(allowed), stopped=stopped, by="test", since=datetime(2020, 1, 1, tzinfo=UTC)
    )
    await alerting_repository(store).change(MODE_ID, lambda _: (state, None))


def _bytes(body: Any) -> bytes:  # noqa: ANN401 - stored form
    return body if isinstance(body, bytes) else str(body).encode()


@asynccontextmanager
async def notifications_service(
    folder: Path,
    *,
    at: datetime = BEFORE,
    smtp_url: str = "",
    mode: Mode = Mode.LIVE,
    channels: Mapping[ChannelName, Channel] | None = None,
    own_store: Store | None = None,
    **settings: Any,  # noqa: ANN401 - fields by name
) -> AsyncIterator[NotificationsService]:
    """An open service with an empty store. Without smtp_url it has no channel. mode: who may be
    reached; channels: instead of those of the settings; own_store: another engine than SQLite, not open yet."""
    store = cast("SqliteStore", own_store) if own_store else SqliteStore(folder / "notifications.sqlite")
    clock = FixedClock(at)
    world = Resources(
        store=store,
        files=FolderFiles(folder / "files"),
        bus=SqliteBus(folder / "bus.sqlite"),
        clock=clock,
        settings=Settings(
            data_dir=folder,
            services=(
                MailSettings(
                    smtp_url=SecretStr(smtp_url),
                    mail_from="Satu Inovasi <satu@kuburaya.example>",
                    mail_reply_to="kurator@kuburaya.example",
                    **settings,
                ),
            ),
        ),
    )
    service = compose(world)
    await store.open(KINDS)
    await set_mode(store, mode)
    running = NotificationsService(store, clock, world, service, channels)
    try:
        yield running
    finally:
        await running.parts.close()
        await store.close()
