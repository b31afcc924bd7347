"""Documents that an earlier release stored are found by the queries of this one, on every kind of engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.notifications.contacts.carry import carry_contacts
from services.notifications.kinds import KINDS
from services.notifications.messages.message import NEVER, UNSETTLED, MessageStatus
from services.notifications.messages.repositories import alert_log_repository, message_repository
from services.notifications.reminders.repositories import restore_hold_repository
from shared.contracts.vocabulary import ObligationStatus
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
    return sum(all(state[name] == value for name, value in values.items()) for state in states)


PEOPLE = sorted({stored["state"]["person"] for stored in documents_of("message")})
AGENCY = documents_of("obligation")[0]["state"]["agency"]
STATUSES = [status.value for status in ObligationStatus]
QUERIES = [
    Query("contact", {"region": REGION, "erased": 0}, count("contact", erased=0)),
    Query("contact", {"region": REGION, "email": "budi@dinkes.example"}, 1),
    Query("contact", {"erased": 0}, count("contact", erased=0)),
    Query("contact", {"region": REGION, "phone": "+6281234567891"}, 1),
    Query("contact", {"region": REGION, "erased": 0, "role": "officer"}, count("contact", erased=0)),
    Query("contact", {"region": REGION, "erased": 0, "closed": 1}, count("contact", flagged=True)),
    Query(
        "membership", {"agency": AGENCY}, sum(AGENCY in each["state"]["agencies"] for each in documents_of("contact"))
    ),
    Query("membership", {"region": REGION, "agency": ""}, 0),
    Query("contact_import", {"status": "applying"}, count("contact_import", status="applying")),
    Query("exemption", {"region": REGION}, 2),
    Query("known_agency", {"region": REGION}, count("known_agency")),
    Query("post", {"unwritten": Range(least=1)}, 1),
    Query("post", {"region": REGION}, count("post")),
    Query("message", {"status": OneOf([each.value for each in UNSETTLED]), "due": Range(most=NEVER - 1)}, 6),
    Query("message", {"due": Range(below=NEVER)}, 6),
    Query("message", {"status": MessageStatus.HELD.value}, 1),
    Query("message", {"release": 1}, 1),
    Query("message", {"region": REGION}, count("message")),
    Query("message", {"region": REGION, "person": OneOf(PEOPLE[:2])}, 4),
    Query("obligation", {"region": REGION, "stands": "overdue", "deadline": Range(below="2027-01-02")}, 8),
    Query(
        "obligation", {"region": REGION, "stands": OneOf(("open", "overdue")), "deadline": Range(most="2027-02-01")}, 8
    ),
    Query("obligation", {"stands": "unknown"}, 1),
    Query("obligation", {"region": REGION, "year": YEAR}, count("obligation", year=YEAR)),
    Query("obligation", {"agency": AGENCY}, count("obligation", agency=AGENCY)),
    Query("obligation", {"agency": OneOf([AGENCY]), "region": REGION, "status": OneOf(STATUSES), "year": YEAR}, 1),
    Query("obligation", {"status": OneOf(("open", "overdue"))}, count("obligation", status="overdue")),
]


def test_every_index_is_queried() -> None:
    declared = {(kind.name, path) for kind in KINDS for index in kind.indexes for path in index.fields}

    assert {(query.kind, path) for query in QUERIES for path in query.where} == declared


@pytest.fixture
async def former(either: Engine) -> Store:
    """A store of this release with the documents of the earlier one."""
    store = await either.open(*KINDS)
    await load_all(store)
    await carry_contacts(store)
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
    assert by_status.keys() == set(MessageStatus)
    message = by_status[MessageStatus.SENT]
    assert (message.settled_at, message.as_of) == (datetime(2027, 1, 2, 3, tzinfo=UTC), date(2027, 1, 2))
    hold = await restore_hold_repository(former).get("restore")
    assert (hold.value.active, hold.value.restored_at) == (True, AFTER)


async def test_a_sweep_over_former_documents_finishes_what_was_interrupted_and_repeats_nothing(tmp_path: Path) -> None:
    async with notifications_service(tmp_path, at=AFTER) as service:
        await load_all(service.store)
        obligations = await service.obligations()
        sent = {alert.id for each in await service.messages() for alert in each.value.alerts}

        await service.parts.sweep.run()

        assert await service.obligations() == obligations
        messages = [each.value for each in await service.messages()]
        assert len(messages) == count("message") + 1, "the unwritten one"
        logs = alert_log_repository(service.store)
        assert (await logs.list({"unwritten": Range(least=1)}, limit=10, after=None)).items == []
        queued = [alert.id for message in messages for alert in message.alerts]
        assert sent <= set(queued)
        assert len(queued) == len(set(queued))
        imports = await service.store.find("contact_import", {"status": "applying"})
        assert imports.documents == []
