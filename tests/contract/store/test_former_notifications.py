"""Documents that an earlier release stored are found by the queries of this one, on every kind of engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.notifications.contacts.carry import carry_contacts
from services.notifications.kinds import KINDS
from services.notifications.messages.carry import carry_messages
from services.notifications.messages.message import NEVER, UNSETTLED, MessageStatus
from services.notifications.messages.repositories import alert_log_repository, message_repository
from services.notifications.obligations.document import RULES
from services.notifications.obligations.entries import EntryRepository
from services.notifications.obligations.entry import Entry
from services.notifications.obligations.entry_index import group_of
from services.notifications.obligations.migration import LedgerMigration
from services.notifications.reminders.repositories import restore_hold_repository
from services.notifications.state import replaced
from shared.contracts.vocabulary import InnovationStatus, ObligationStatus
from shared.ports.store import OneOf, Range, Store, Where
from tests.museum.former_documents import MODELS, SAMPLES, documents, documents_of, kind_of, load_all, rewritten
from tests.support.notifications_service import AFTER, REGION, YEAR, notifications_service
from tests.support.store_engines import Engine


@dataclass(frozen=True)
class Query:
    """A query of the service and how many of the former documents it finds."""

    kind: str
    where: Where
    finds: int


def count(kind: str, **values: object) -> int:
    """How many former documents have these values."""
    states = [stored["state"] for stored in documents_of(kind)]
    return sum(all(state.get(name) == value for name, value in values.items()) for state in states)


def with_what(place: int, what: str) -> int:
    """How many former messages have this reason at that place, in the order of their names."""
    alerts = [stored["state"]["alerts"] for stored in documents_of("message")]
    whats = [
        sorted({each["reason"]["what"] if "reason" in each else each["stage"] for each in some}) for some in alerts
    ]
    return sum(each[place : place + 1] == [what] for each in whats)


def with_more_than_two() -> int:
    """How many former messages have more reasons than places for them."""
    alerts = [stored["state"]["alerts"] for stored in documents_of("message")]
    return sum(
        len({each["reason"]["what"] if "reason" in each else each["stage"] for each in some}) > 2 for some in alerts
    )


def through(channel: str) -> int:
    """How many former messages went through this channel only."""
    attempts = [stored["state"]["attempts"] for stored in documents_of("message")]
    return sum({each["channel"] for each in some} == {channel} for some in attempts)


PEOPLE = sorted({stored["state"]["person"] for stored in documents_of("message")})
AGENCY = documents_of("obligation")[0]["state"]["agency"]
STATUSES = [status.value for status in ObligationStatus]
SPIRIT = documents_of("entry")[0]["state"]["agency"]
LATE = sum((stored["state"]["public"] or {}).get("on_time") is False for stored in documents_of("obligation"))
GROUPS = [
    group_of(status, community=community, filled=filled)
    for status in (InnovationStatus.SUBMITTED, InnovationStatus.VERIFIED)
    for community in (False, True)
    for filled in (False, True)
]
QUERIES = [
    Query("contact", {"region": REGION, "erased": 0}, count("contact", erased=0)),
    Query("contact", {"region": REGION, "email": "budi@dinkes.example"}, 1),
    Query("contact", {"erased": 0}, count("contact", erased=0)),
    Query("contact", {"region": REGION, "phone": "+6281234567891"}, 1),
    Query("contact", {"region": REGION, "erased": 0, "role": "officer"}, count("contact", erased=0) - 1),
    Query("contact", {"region": REGION, "erased": 0, "closed": 1}, count("contact", flagged=True)),
    Query("contact", {"valid_from": "2026-12-01"}, 0),
    Query("contact", {"valid_to": "2026-12-31"}, 0),
    Query(
        "membership", {"agency": AGENCY}, sum(AGENCY in each["state"]["agencies"] for each in documents_of("contact"))
    ),
    Query("membership", {"region": REGION, "agency": ""}, count("membership", agency="")),
    Query("contact_import", {"status": "applying"}, count("contact_import", status="applying")),
    Query("exemption", {"region": REGION}, 2),
    Query("known_agency", {"region": REGION}, count("known_agency")),
    Query("known_endpoint", {"region": REGION, "status": "disabled"}, 1),
    Query("known_region", {"behind": 1}, 0),
    Query("known_deadline", {"behind": 1}, 0),
    Query("post", {"unwritten": Range(least=1)}, 1),
    Query("post", {"region": REGION}, count("post")),
    Query("message", {"status": OneOf([each.value for each in UNSETTLED]), "due": Range(most=NEVER - 1)}, 6),
    Query("message", {"due": Range(below=NEVER)}, 7),
    Query("message", {"status": MessageStatus.HELD.value}, 1),
    Query("message", {"release": 1}, 1),
    Query("message", {"region": REGION}, count("message")),
    Query("message", {"region": REGION, "person": OneOf(PEOPLE[:2])}, 2),
    Query("obligation", {"region": REGION, "stands": "overdue", "deadline": Range(below="2027-01-02")}, 8),
    Query(
        "obligation", {"region": REGION, "stands": OneOf(("open", "overdue")), "deadline": Range(most="2027-02-01")}, 8
    ),
    Query("obligation", {"stands": "unknown"}, 1),
    Query("obligation", {"region": REGION, "year": YEAR}, count("obligation", year=YEAR)),
    Query("obligation", {"agency": AGENCY}, count("obligation", agency=AGENCY)),
    Query("obligation", {"agency": OneOf([AGENCY]), "region": REGION, "status": OneOf(STATUSES), "year": YEAR}, 1),
    Query("obligation", {"status": OneOf(("open", "overdue"))}, count("obligation", status="overdue")),
    Query("message", {"mail": "none"}, 0),
    Query("message", {"provider_id": "none"}, 0),
    Query("message", {"taken_at": Range(least=0)}, count("message")),
    Query("message", {"due_since": Range(least=0)}, count("message")),
    Query("message", {"region": REGION, "what_1": "before-30"}, with_what(0, "before-30")),
    Query("message", {"region": REGION, "what_2": "+"}, with_more_than_two()),
    Query("message", {"region": REGION, "through": "whatsapp"}, through("whatsapp")),
    Query("message", {"region": REGION, "through": "email"}, through("email")),
    Query("body", {"kept_until": Range(least=0)}, count("body")),
    Query("channel_notice", {"channel": "whatsapp", "at": Range(least=0)}, count("channel_notice", channel="whatsapp")),
    Query("receipt", {"applied": Range(least=0)}, count("receipt")),
    Query("receipt", {"kept_until": Range(least=0)}, count("receipt")),
    Query("obligation", {"region": REGION, "look": Range(most="2027-01-02")}, count("obligation")),
    Query("obligation", {"region": REGION, "late": 1}, LATE),
    Query("obligation", {"stands": "overdue", "closes": Range(most=0)}, count("obligation", stands="overdue")),
    Query("entry", {"agency": SPIRIT, "year": YEAR, "index.live": 1, "index.first": Range(least=1)}, 2),
    Query("entry", {"agency": SPIRIT, "year": YEAR, "index.group": "submitted-own-unfilled"}, 1),
    Query("entry", {"agency": SPIRIT, "year": YEAR, "index.group": OneOf(GROUPS), "index.verified": Range(least=1)}, 2),
    Query("entry", {"agency": SPIRIT, "year": YEAR, "index.rank": "2-returned", "index.since": Range(least=1)}, 1),
    Query("entry", {"agency": SPIRIT, "here": 1, "status": "verified"}, 1),
    Query("entry", {"region": REGION, "tell": Range(least=" ")}, 3),
    Query("entry", {"tell": "returned"}, 1),
    Query("exemption", {"region": REGION, "year": YEAR}, 2),
    Query("exemption", {"region": REGION, "year": YEAR, "stands": 1}, 1),
    Query(
        "known_question", {"agency": documents_of("known_question")[0]["state"]["agency"], "opens": Range(least=0)}, 1
    ),
    Query("known_question", {"region": REGION, "look": Range(least=0)}, 1),
    Query("known_question", {"region": REGION, "asks": 1}, 0),
    Query("known_idea", {"agency": documents_of("known_idea")[0]["state"]["agency"], "opens": Range(least=0)}, 1),
    Query("known_idea", {"region": REGION, "look": Range(least=0)}, 2),
    Query("known_idea", {"region": REGION, "status": "new"}, 1),
    Query("known_commitment", {"region": REGION, "year": YEAR}, count("known_commitment", region=REGION, year=YEAR)),
    Query("contact_succession", {"status": "done"}, count("contact_succession", status="done")),
    Query("contact_succession", {"region": REGION}, count("contact_succession", region=REGION)),
    Query("contact_table", {"status": "done"}, count("contact_table", status="done")),
    Query("contact_table", {"region": REGION, "at": Range(least=" ")}, count("contact_table", region=REGION)),
    Query("contact_table_report", {"run": documents_of("contact_table_report")[0]["state"]["run"]}, 1),
    Query("erasure", {"region": REGION}, count("erasure", region=REGION)),
    Query("audit", {"region": REGION}, count("audit", region=REGION)),
    Query("reminder_request", {"region": REGION, "day": Range(least="2026-09-01")}, count("reminder_request")),
    Query("reminder_request", {"waiting": 1}, count("reminder_request", waiting=1)),
    Query("audit", {"document": documents_of("audit")[0]["state"]["document"]}, 1),
]


def test_every_index_is_queried() -> None:
    declared = {(kind.name, path) for kind in KINDS for index in kind.indexes for path in index.fields}

    assert {(query.kind, path) for query in QUERIES for path in query.where} == declared


@pytest.fixture
async def former(either: Engine) -> Store:
    """A store of this release with the documents of the earlier one, after the start."""
    store = await either.open(*KINDS)
    await load_all(store)
    await carry_contacts(store)
    await carry_messages(store)
    await LedgerMigration(store).run()
    return store


async def found(store: Store, query: Query) -> list[str]:
    page = await store.find(query.kind, query.where, limit=200)
    scanned = [row.id async for row in store.scan(query.kind, query.where, ())]
    assert sorted(document.id for document in page.documents) == scanned
    return scanned


async def test_former_documents_are_found_by_every_index_before_and_after_they_are_rewritten(former: Store) -> None:
    before = [await found(former, query) for query in QUERIES]
    assert [len(ids) for ids in before] == [query.finds for query in QUERIES]

    for sample in SAMPLES:
        kind = kind_of(sample)
        for stored in documents(sample):
            written = await former.change(kind, stored["_id"], lambda state, kind=kind: (rewritten(kind, state), None))
            assert written.changed

    assert [await found(former, query) for query in QUERIES] == before


async def test_former_documents_load_as_typed_values(former: Store) -> None:
    for kind, model in MODELS.items():
        for stored in documents_of(kind):
            document = await former.get(kind, stored["_id"])
            assert document is not None
            model.model_validate(document.state)

    sent = (await message_repository(former).list({"region": REGION}, limit=100, after=None)).items
    by_status = {each.value.status: each.value for each in sent}
    assert by_status.keys() == set(MessageStatus) - {
        MessageStatus.DELIVERED,
        MessageStatus.READ,
        MessageStatus.UNDELIVERED,
    }
    message = by_status[MessageStatus.SENT]
    assert (message.settled_at, message.as_of) in {
        (datetime(2027, 1, 2, 3, tzinfo=UTC), date(2027, 1, 2)),
        (datetime(2026, 12, 5, 3, tzinfo=UTC), date(2026, 12, 5)),
    }
    hold = await restore_hold_repository(former).get("restore")
    assert (hold.value.active, hold.value.restored_at) == (True, AFTER)


async def entries_of(store: Store) -> dict[str, Entry]:
    page = await EntryRepository(store).list({}, limit=200, after=None)
    return {each.id: each.value for each in page.items}


async def test_the_innovations_of_former_obligations_become_entries_without_events(either: Engine) -> None:
    store = await either.open(*KINDS)
    former = documents_of("obligation")
    await store.load("obligation", former)

    assert await LedgerMigration(store).run() == len(former)

    kept = {
        (stored["state"]["agency"], stored["state"]["year"], fact["id"]): fact
        for stored in former
        for fact in stored["state"]["facts"]["innovations"]
    }
    entries = await entries_of(store)
    assert {(each.agency, each.year, each.innovation) for each in entries.values()} == kept.keys()
    for entry in entries.values():
        fact = kept[(entry.agency, entry.year, entry.innovation)]
        assert (entry.sequence, entry.here, entry.status, entry.tell) == (
            fact["heard"],
            fact["here"],
            fact["status"],
            "",
        )
    async for row in store.scan("obligation", {}, ("facts.innovations", "look")):
        assert (row["facts.innovations"], row["look"]) == ([], "")
    assert await store.owed_depth() == 0
    assert await LedgerMigration(store).run() == 0


async def test_a_migration_that_was_interrupted_is_finished_by_the_next_start(
    either: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given one that ends after the first entry, before its obligation is emptied
    store = await either.open(*KINDS)
    await store.load("obligation", documents_of("obligation"))
    change = store.change

    async def cut(kind: str, id: str, decide, **more):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN202
        if kind == "obligation" and await entries_of(store):
            raise ConnectionError("killed")
        return await change(kind, id, decide, **more)

    monkeypatch.setattr(store, "change", cut)
    with pytest.raises(ConnectionError):
        await LedgerMigration(store).run()
    monkeypatch.undo()
    done = await entries_of(store)
    assert done

    # When the next start runs, and a newer event of that innovation was entered meanwhile
    id, entry = next(iter(done.items()))
    newer = entry.model_copy(update={"sequence": entry.sequence + 1, "status": InnovationStatus.WITHDRAWN}).indexed()
    await EntryRepository(store).change(id, lambda _: (newer, None))
    await LedgerMigration(store).run()

    # Then everything is there, and the newer event is kept
    count = sum(len(stored["state"]["facts"]["innovations"]) for stored in documents_of("obligation"))
    entries = await entries_of(store)
    assert len(entries) == count
    assert entries[id] == newer
    assert await LedgerMigration(store).run() == 0


async def test_what_an_earlier_release_found_overdue_stays_so_and_everything_is_derived_by_the_present_rules(
    tmp_path: Path,
) -> None:
    async with notifications_service(tmp_path, at=AFTER) as service:
        for kind in ("known_region", "known_agency", "obligation", "exemption"):
            await service.store.load(kind, documents_of(kind))
        before = {stored["_id"]: stored["state"] for stored in documents_of("obligation")}
        assert service.service.start is not None

        await service.service.start()
        await service.parts.reconciliation.run()

        after = await service.obligations()
        assert {id: each.status for id, each in after.items()} == {id: each["status"] for id, each in before.items()}
        assert {each.rules for each in after.values()} == {RULES}
        assert await service.owed_events() == []


async def test_a_sweep_over_former_documents_finishes_what_was_interrupted_and_repeats_nothing(tmp_path: Path) -> None:
    async with notifications_service(tmp_path, at=AFTER) as service:
        await load_all(service.store)
        await service.parts.migration.run()
        await service.parts.reconciliation.run()
        obligations = await service.obligations()
        sent = {alert.id for each in await service.messages() for alert in each.value.alerts}

        await service.parts.sweep.run()

        looked = {id: replaced(each, look="") for id, each in (await service.obligations()).items()}
        assert looked == {id: replaced(each, look="") for id, each in obligations.items()}
        messages = [each.value for each in await service.messages()]
        assert len(messages) == count("message") + 1, "the unwritten one"
        logs = alert_log_repository(service.store)
        assert (await logs.list({"unwritten": Range(least=1)}, limit=10, after=None)).items == []
        queued = [alert.id for message in messages for alert in message.alerts]
        assert sent <= set(queued)
        assert len(queued) == len(set(queued))
        imports = await service.store.find("contact_import", {"status": "applying"})
        assert imports.documents == []
