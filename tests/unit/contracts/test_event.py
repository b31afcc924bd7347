"""The envelope, checked with the SDK of the CloudEvents project."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cloudevents.core.bindings.rabbitmq import RabbitMQMessage, from_rabbitmq
from cloudevents.core.formats.json import JSONFormat
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.event import SEQUENCE_DIGITS, Draft, Event, schema_urn
from shared.faults import Unreadable
from tests.support.payloads import TEXT

WORDS = TEXT.filter(bool)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=10,
)


@st.composite
def events(draw: st.DrawFn) -> Event:
    type = draw(st.from_regex(r"[a-z]{1,9}\.[a-z]{1,9}", fullmatch=True))
    maybe = st.none() | WORDS
    draft = Draft(
        source=f"/{draw(st.sampled_from(['registry', 'scoring', 'notifications']))}",
        type=type,
        time=draw(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))),  # noqa: DTZ001
        dataschema=schema_urn(type, draw(st.integers(1, 99))),
        region=draw(WORDS),
        correlationid=draw(maybe),
        causationid=draw(maybe),
        traceparent=draw(maybe),
        data=draw(st.dictionaries(TEXT, JSON, max_size=4)),
    )
    return draft.stamp("innovation", draw(WORDS), draw(st.integers(0, 10**SEQUENCE_DIGITS - 1)))


def plain_event(**fields: object) -> dict[str, object]:
    return {
        "specversion": "1.0",
        "id": "agency/a/0000000000000005",
        "source": "/registry",
        "type": "agency.registered",
        "subject": "agency/a",
        "time": "2026-06-03T02:15:00Z",
        "dataschema": "urn:satu-inovasi:event:agency.registered:1",
        "sequence": "0000000000000005",
        "region": "61.12",
        "data": {},
        **fields,
    }


@given(events())
def test_the_sdk_reads_our_bytes_and_finds_the_same_attributes_and_data(event: Event) -> None:
    judged = JSONFormat().read(None, event.encode())

    ours = event.model_dump(exclude_none=True)
    assert judged.get_data() == ours.pop("data")
    assert judged.get_attributes() == ours


@given(events())
def test_an_event_that_the_sdk_writes_can_be_read(event: Event) -> None:
    judged = JSONFormat().read(None, event.encode())

    assert Event.decode(JSONFormat().write(judged)) == event


@given(events())
def test_on_rabbitmq_the_sdk_reads_it_as_a_structured_cloudevent(event: Event) -> None:
    message = RabbitMQMessage(headers={}, content_type="application/cloudevents+json", body=event.encode())

    assert from_rabbitmq(message, JSONFormat(), None).get_id() == event.id


@given(events())
def test_decoding_and_encoding_changes_no_byte(event: Event) -> None:
    assert Event.decode(event.encode()) == event
    assert Event.decode(event.encode()).encode() == event.encode()


@given(st.lists(st.integers(0, 10**SEQUENCE_DIGITS - 1), min_size=2))
def test_the_text_order_of_sequences_is_their_number_order(numbers: list[int]) -> None:
    draft = Draft(
        source="/registry",
        type="agency.registered",
        time=datetime(2026, 1, 1, tzinfo=UTC),
        dataschema=schema_urn("agency.registered", 1),
        region="61.12",
        data={},
    )

    stamped = [draft.stamp("agency", "a", number) for number in numbers]

    assert [each.number for each in sorted(stamped, key=lambda event: event.sequence)] == sorted(numbers)


def test_the_id_is_subject_and_sequence_so_the_same_change_always_has_the_same_id() -> None:
    draft = Draft.model_validate({**_draft(), "time": datetime(2026, 1, 1, tzinfo=UTC)})
    later = Draft.model_validate({**_draft(), "time": datetime(2026, 1, 2, tzinfo=UTC)})

    first, second = draft.stamp("obligation", "a/2026", 7), later.stamp("obligation", "a/2026", 7)

    assert first.id == second.id == "obligation/a/2026/0000000000000007"


def test_a_time_of_another_zone_is_the_same_instant() -> None:
    wib = timezone(timedelta(hours=7))
    draft = Draft.model_validate({**_draft(), "time": datetime(2026, 6, 3, 9, 15, tzinfo=wib)})

    event = Event.decode(draft.stamp("agency", "a", 1).encode())

    assert event.time == datetime(2026, 6, 3, 2, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"", "body"),
        (b"\xff\xfe", "body"),
        (b"[]", "body"),
        (b"null", "body"),
        (b"{", "body"),
        (json.dumps(plain_event(specversion="0.3")).encode(), "specversion"),
        (json.dumps(plain_event(id="")).encode(), "id"),
        (json.dumps(plain_event(sequence="5")).encode(), "sequence"),
        (json.dumps(plain_event(sequence=5)).encode(), "sequence"),
        (json.dumps(plain_event(time="yesterday")).encode(), "time"),
        (json.dumps(plain_event(time="2026-06-03T02:15:00")).encode(), "time"),
        (json.dumps(plain_event(data=[1])).encode(), "data"),
        (json.dumps(plain_event(datacontenttype="text/plain")).encode(), "datacontenttype"),
        (json.dumps({**plain_event(), "region": None}).encode(), "region"),
    ],
)
def test_bytes_that_are_no_event_are_unreadable_and_the_fault_names_the_place(body: bytes, place: str) -> None:
    with pytest.raises(Unreadable, match=f"^{place}:"):
        Event.decode(body)


def test_a_fault_never_repeats_the_input() -> None:
    with pytest.raises(Unreadable) as caught:
        Event.decode(json.dumps(plain_event(sequence="0812 3456 7890")).encode())

    assert "0812" not in str(caught.value)


def test_unknown_extensions_are_ignored() -> None:
    event = Event.decode(json.dumps(plain_event(partitionkey="x")).encode())

    assert "partitionkey" not in event.model_dump()


@pytest.mark.parametrize(
    "dataschema",
    [
        "urn:satu-inovasi:event:agency.retired:1",
        "urn:satu-inovasi:event:agency.registered:0",
        "urn:satu-inovasi:event:agency.registered:x",
        "https://example.org/schema",
        "",
    ],
)
def test_a_dataschema_that_is_not_the_types_own_has_no_version(dataschema: str) -> None:
    event = Event.decode(json.dumps(plain_event(dataschema=dataschema)).encode())

    with pytest.raises(Unreadable, match="dataschema"):
        _ = event.version


def _draft() -> dict[str, object]:
    return {
        "source": "/notifications",
        "type": "obligation.opened",
        "dataschema": schema_urn("obligation.opened", 1),
        "region": "61.12",
        "data": {},
    }
