"""The public contracts: what producers may write, what consumers read, and what no event may carry."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from shared.contracts.affairs import AFFAIR_GROUPS, AFFAIR_NAMES, BASIC_SERVICE_AFFAIRS, affair_by_name
from shared.contracts.agency import AGENCY_REGISTERED, AGENCY_RETIRED, AgencyRegistered
from shared.contracts.contract import AnyContract, Exact, Origin, Payload, draft, read
from shared.contracts.event import Event, schema_urn
from shared.contracts.event_types import CONTRACTS, decode_event, types_from, types_of
from shared.contracts.subscriptions import SUBSCRIPTIONS, TAKEN, Subscription, subscription
from shared.contracts.vocabulary import AgencyKind
from shared.faults import NewerSchema, Unreadable
from tests.support.payloads import TEXT, payloads

ORIGIN = Origin(datetime(2026, 6, 3, 2, 15, tzinfo=UTC), "request-1", "agency/a/0000000000000001", None)
DINAS = AgencyRegistered(id="a", region="61.12", name="Dinas Contoh", kind=AgencyKind.DINAS)
ALL = pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS.keys())


def event_of(contract: AnyContract, payload: Payload) -> Event:
    return draft(contract, payload, "61.12", ORIGIN).stamp(contract.subject, "a", 5)


@ALL
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_what_a_producer_drafts_is_what_a_consumer_reads(contract: AnyContract, data: st.DataObject) -> None:
    payload = data.draw(payloads(contract.payload))

    event, read_payload = decode_event(event_of(contract, payload).encode())

    assert read_payload == payload
    assert event.subject == f"{contract.subject}/a"


@given(digits=st.integers(-(10**15) + 1, 10**15 - 1), places=st.integers(0, 18))
def test_a_decimal_of_at_most_fifteen_digits_is_exact_after_the_wire(digits: int, places: int) -> None:
    value, exact = Decimal(digits).scaleb(-places), TypeAdapter(Exact)
    wire = exact.dump_json(value)
    assert exact.validate_json(wire) == value
    assert exact.validate_python(json.loads(wire)) == value


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, "x", None, []])
def test_what_is_no_finite_number_is_no_exact_decimal(value: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Exact).validate_python(value)


def in_two_passes(body: bytes) -> tuple[dict[str, Any], Payload] | str:
    """The attributes and the payload of an event, decoded one after the other; or why it is unreadable."""
    try:
        event = Event.decode(body)
        return event.model_dump(exclude={"data"}), read(CONTRACTS[event.type], event)
    except (Unreadable, NewerSchema) as fault:
        return fault.detail


def in_one_pass(body: bytes) -> tuple[dict[str, Any], Payload] | str:
    try:
        event, payload = decode_event(body)
        return event.model_dump(exclude={"data"}), payload
    except (Unreadable, NewerSchema) as fault:
        return fault.detail


@ALL
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_an_event_decoded_in_one_pass_is_the_same_as_in_two(contract: AnyContract, data: st.DataObject) -> None:
    event = event_of(contract, data.draw(payloads(contract.payload)))
    spoiled = dict(event.data)
    field = data.draw(st.sampled_from(sorted(spoiled)))
    spoiled[field] = data.draw(st.sampled_from([None, 0, -1, 1.5, True, "", "x", [], [1], {}, "2026-06-03"]))
    more = _with_extra(event.data, read(contract, event), "more")
    for body in (event, *(event.model_copy(update={"data": changed}) for changed in (spoiled, more))):
        assert in_one_pass(body.encode()) == in_two_passes(body.encode())


@pytest.mark.parametrize(
    "changes",
    [{"dataschema": "urn:other:1"}, {"sequence": "1"}, {"time": "today"}, {"region": ""}, {"specversion": "2.0"}],
)
def test_a_broken_envelope_is_unreadable_for_the_same_reason_in_one_pass(changes: dict[str, Any]) -> None:
    body = json.dumps({**json.loads(event_of(AGENCY_REGISTERED, DINAS).encode()), **changes}).encode()
    body = body.replace(b'": "', b'":"')  # as a producer writes it
    assert isinstance(in_one_pass(body), str)
    assert in_one_pass(body) == in_two_passes(body)


@ALL
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data(), extra=TEXT)
def test_a_consumer_ignores_unknown_fields_at_every_depth(
    contract: AnyContract, data: st.DataObject, extra: str
) -> None:
    payload = data.draw(payloads(contract.payload))
    event = event_of(contract, payload)

    read_payload = read(contract, event.model_copy(update={"data": _with_extra(event.data, payload, extra)}))

    assert read_payload == payload


@ALL
def test_a_producer_may_not_add_fields_to_its_contract(contract: AnyContract) -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        contract.payload.model_validate({"phone": "0812"})


@ALL
def test_a_payload_is_immutable(contract: AnyContract) -> None:
    for model in _models(contract.payload):
        assert model.model_config.get("frozen"), model
        assert model.model_config.get("extra") == "forbid", model


def test_a_payload_of_another_contract_is_refused() -> None:
    contract: AnyContract = AGENCY_RETIRED
    with pytest.raises(TypeError, match=r"agency\.retired carries AgencyRetired, not AgencyRegistered"):
        draft(contract, DINAS, "61.12", ORIGIN)


def test_a_draft_keeps_the_ids_of_its_cause() -> None:
    event = event_of(AGENCY_REGISTERED, DINAS)

    assert (event.correlationid, event.causationid) == ("request-1", "agency/a/0000000000000001")
    assert event.time == ORIGIN.time


# --- Reading ---


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"type": "agency.renamed"}, "unknown type"),
        ({"subject": "innovation/a", "id": "innovation/a/0000000000000005"}, "about"),
        ({"source": "/scoring"}, "from"),
        ({"source": "registry"}, "from"),
        ({"id": "agency/a/0000000000000004"}, "is not subject and sequence"),
        ({"dataschema": "urn:satu-inovasi:event:agency.retired:1"}, "does not name a schema"),
        ({"data": {"id": "a", "region": "61.12", "name": "x", "kind": "kerajaan"}}, r"^data\.kind:"),
        ({"data": {}}, r"^data\.id:"),
    ],
)
def test_an_event_that_breaks_its_contract_is_unreadable(changes: dict[str, Any], reason: str) -> None:
    event = event_of(AGENCY_REGISTERED, DINAS).model_copy(update=changes)

    with pytest.raises(Unreadable, match=reason):
        decode_event(event.encode())


def test_a_newer_schema_is_another_fault_than_an_unreadable_event() -> None:
    event = event_of(AGENCY_REGISTERED, DINAS).model_copy(update={"dataschema": schema_urn("agency.registered", 2)})

    with pytest.raises(NewerSchema):
        decode_event(event.encode())


def test_an_older_schema_is_lifted_version_by_version() -> None:
    contract = replace(
        AGENCY_REGISTERED,
        version=3,
        lifts={
            1: lambda old: {**old, "title": old["called"]},
            2: lambda old: {key: value for key, value in {**old, "name": old["title"]}.items() if key != "title"},
        },
    )
    first = event_of(AGENCY_REGISTERED, DINAS)
    first = first.model_copy(update={"data": {"id": "a", "region": "61.12", "called": "Dinas Contoh", "kind": "dinas"}})

    assert read(contract, first) == DINAS


def test_an_older_schema_without_a_lift_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="can no longer be read"):
        read(replace(AGENCY_REGISTERED, version=2), event_of(AGENCY_REGISTERED, DINAS))


# --- Publishers and subscriptions ---


def test_a_subject_has_one_owner() -> None:
    owners: dict[str, set[str]] = {}
    for contract in CONTRACTS.values():
        owners.setdefault(contract.subject, set()).add(contract.source)

    assert {subject: len(found) for subject, found in owners.items()} == dict.fromkeys(owners, 1)


@pytest.mark.parametrize("heard", SUBSCRIPTIONS, ids=lambda each: each.name)
def test_a_subscription_takes_all_types_of_its_subjects(heard: Subscription) -> None:
    subjects = {CONTRACTS[type].subject for type in heard.types}

    assert heard.types == types_of(*subjects)


@pytest.mark.parametrize("heard", [each for each in SUBSCRIPTIONS if not each.rebuilt], ids=lambda each: each.name)
def test_only_the_feed_which_passes_on_all_subscribes_to_its_own_events(heard: Subscription) -> None:
    assert not heard.types & types_from(heard.service)


def test_subscriptions_have_unique_names_and_an_unknown_name_is_an_error() -> None:
    names = [each.name for each in SUBSCRIPTIONS]

    assert len(set(names)) == len(names)
    assert [subscription(name) for name in names] == list(SUBSCRIPTIONS)
    assert frozenset(type for each in SUBSCRIPTIONS if not each.rebuilt for type in each.types) == TAKEN
    with pytest.raises(KeyError, match=r"scoring\.weather"):
        subscription("scoring.weather")


@ALL
def test_a_type_is_declared_in_the_module_of_its_subject(contract: AnyContract) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z]+", contract.type)
    assert contract.payload.__module__ == f"shared.contracts.{contract.subject}"
    assert contract.means.endswith(".")


# --- No personal data (UU 27/2022) ---

PERSONAL = re.compile(
    r"phone|telp|mobile|whatsapp|e?mail|address|alamat|birth|nik|nip\b|person_name|full_name|contact|recipient|author"
    r"|created_by|officer|official|signature|comment|note|remark|body|subject|file|photo|token|password|secret"
)
NUMBERS = {("address_revision", "integer")}
"""Fields that are named like personal data and hold none."""

WORDS_IN_EVENTS = {
    # Ids, codes and names of public things, and sentences that our own code writes.
    "agency.*": {"id", "region", "name", "successor", "parent"},
    "innovation.drafted": {
        "id",
        "region",
        "agency",
        "assignments.agency",
        "continuation.pipeline",
        "continuation.stage",
    },
    "innovation.state": {
        "id",
        "region",
        "agency",
        "assignments.agency",
        "name",
        "main_affair",
        "related_affairs",
        "evidence.row",
        "evidence.unit",
        "evidence.basis",
        "continuation.pipeline",
        "continuation.stage",
    },
    "commitment.*": {"region", "agency", "number", "promised.name", "promised.innovation"},
    "innovation.scored": {
        "innovation",
        "region",
        "agency",
        "catalogue",
        "digest",
        "rows.row",
        "missing_mandatory",
        "faults.row",
        "faults.code",
    },
    "obligation.*": {"agency", "region", "counted", "waiting", "ground"},
    "alert.*": {
        "person",
        "region",
        "alerts.id",
        "alerts.reason.what",
        "alerts.reason.region",
        "alerts.reason.agency",
        "alerts.reason.spell",
        "alerts.reason.innovation",
        "alerts.reason.person",
        "alerts.reason.week",
        "alerts.reason.endpoint",
        "alerts.reason.idea",
        "alerts.reason.channel",
        "channel",
        "code",
    },
    "endpoint.*": {"endpoint", "region"},
    "idea.*": {"id", "region", "agency", "innovation"},
    "deadline.*": {"region", "submitted.{key}", "submitted.{value}"},
    "region.indexed": {"region", "predicate"},
    "region.*": {"code", "name", "catalogue", "policies.decree", "deadlines.basis"},
}


@ALL
def test_no_field_is_named_like_personal_data(contract: AnyContract) -> None:
    fields = {(path.rpartition(".")[2], kind) for path, kind in _leaves(contract.payload)}

    assert not {(name, kind) for name, kind in fields if PERSONAL.search(name) and (name, kind) not in NUMBERS}


@ALL
def test_every_free_text_of_an_event_is_in_the_reviewed_list(contract: AnyContract) -> None:
    family = f"{contract.type.partition('.')[0]}.*"
    known = WORDS_IN_EVENTS.get(contract.type) or WORDS_IN_EVENTS.get(family) or WORDS_IN_EVENTS["innovation.state"]

    assert {path for path, kind in _leaves(contract.payload) if kind == "string"} == known, (
        "a new text in an event: make sure that no person can be in it, then add it here"
    )


# --- The closed lists ---


def test_there_are_38_affairs_in_four_groups() -> None:
    counted = {group: list(AFFAIR_GROUPS.values()).count(group) for group in AFFAIR_GROUPS.values()}

    assert list(counted.values()) == [6, 18, 8, 6]
    assert len(BASIC_SERVICE_AFFAIRS) == 6
    assert {affair_by_name(f" {name.upper()} ") for name in AFFAIR_NAMES.values()} == AFFAIR_NAMES.keys()
    assert affair_by_name("Sihir") is None


def _with_extra(data: Any, value: object, extra: str) -> Any:  # noqa: ANN401 - any JSON
    """The JSON form of `value` with one more field in every model; the keys of a dict are values, not fields."""
    if isinstance(value, BaseModel):
        fields = {name: _with_extra(data[name], getattr(value, name), extra) for name in data}
        return {**fields, f"x-{extra}": extra}
    if isinstance(value, tuple):
        return [_with_extra(inner, each, extra) for inner, each in zip(data, value, strict=True)]
    return data


def _models(model: type[Payload]) -> Iterator[type[Payload]]:
    """The payload and every payload inside it."""
    definitions = model.model_json_schema().get("$defs", {})
    known = {each.__name__: each for each in _subclasses(Payload)}
    yield model
    yield from (known[name] for name in definitions if name in known)


def _subclasses(root: type[Payload]) -> Iterator[type[Payload]]:
    for each in root.__subclasses__():
        yield each
        yield from _subclasses(each)


def _leaves(model: type[Payload]) -> Iterator[tuple[str, str]]:
    """(dotted path, JSON type) of everything in a payload; texts with a format or a closed list are no "string"."""
    schema = model.model_json_schema()
    yield from _walk(schema, schema.get("$defs", {}), "")


def _walk(schema: dict[str, Any], definitions: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    for part in schema.get("anyOf", []):
        yield from _walk(part, definitions, path)
    if "items" in schema:
        yield from _walk(schema["items"], definitions, path)
    elif isinstance(schema.get("additionalProperties"), dict):
        yield from _walk(schema.get("propertyNames", {"type": "string"}), definitions, f"{path}.{{key}}")
        yield from _walk(schema["additionalProperties"], definitions, f"{path}.{{value}}")
    elif "properties" in schema:
        for name, inner in schema["properties"].items():
            yield from _walk(inner, definitions, f"{path}.{name}" if path else name)
    elif "type" in schema:
        closed = any(word in schema for word in ("format", "pattern", "enum", "const"))
        yield path, "closed" if closed else schema["type"]
    elif "anyOf" not in schema:
        raise AssertionError(f"{path}: no type in {json.dumps(schema)}")
