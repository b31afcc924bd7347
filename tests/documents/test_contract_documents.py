"""The generated contract documents: committed as generated, right by their own rules, and true of real events."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource

from shared.cli.event_page import PAGE, event_page
from shared.cli.generate import events, write
from shared.contracts.asyncapi import ASYNCAPI, ENVELOPE, documents
from shared.contracts.event_types import CONTRACTS
from shared.contracts.subscriptions import SUBSCRIPTIONS
from tests.support.paths import ROOT

COMMITTED = ROOT / "docs" / "events"
MUSEUM = ROOT / "tests" / "museum"
DOCUMENTS = documents()
SCHEMAS = [name for name in DOCUMENTS if name != ASYNCAPI]

# What AsyncAPI 3.0.0 lets an object have, from the specification's tables; extensions (x-…) come on top.
FIELDS: dict[str, tuple[set[str], set[str]]] = {  # object: (required, optional)
    "document": (
        {"asyncapi", "info"},
        {"id", "servers", "defaultContentType", "channels", "operations", "components"},
    ),
    "info": (
        {"title", "version"},
        {"description", "termsOfService", "contact", "license", "tags", "externalDocs"},
    ),
    "server": (
        {"host", "protocol"},
        {
            "protocolVersion",
            "pathname",
            "description",
            "title",
            "summary",
            "variables",
            "security",
            "tags",
            "externalDocs",
            "bindings",
        },
    ),
    "channel": (
        set(),
        {
            "address",
            "messages",
            "title",
            "summary",
            "description",
            "servers",
            "parameters",
            "tags",
            "externalDocs",
            "bindings",
        },
    ),
    "operation": (
        {"action", "channel"},
        {
            "title",
            "summary",
            "description",
            "security",
            "tags",
            "externalDocs",
            "bindings",
            "traits",
            "messages",
            "reply",
        },
    ),
    "message": (
        set(),
        {
            "headers",
            "payload",
            "correlationId",
            "contentType",
            "name",
            "title",
            "summary",
            "description",
            "tags",
            "externalDocs",
            "bindings",
            "examples",
            "traits",
        },
    ),
    "amqp channel": ({"is", "bindingVersion"}, {"exchange", "queue"}),
    "amqp exchange": ({"name", "type", "durable", "autoDelete"}, {"vhost"}),
    "amqp queue": ({"name", "durable", "exclusive", "autoDelete"}, {"vhost"}),
    "amqp operation": (
        {"bindingVersion"},
        {"expiration", "userId", "cc", "priority", "deliveryMode", "mandatory", "bcc", "timestamp", "ack"},
    ),
}


def test_the_page_of_the_events_is_as_generated_and_has_a_sample_of_each() -> None:
    committed = (COMMITTED / PAGE).read_text(encoding="utf-8")

    assert committed.endswith(event_page(ROOT))
    assert committed.count("A sample") == len(CONTRACTS)


def test_the_committed_documents_are_the_generated_ones() -> None:
    committed = {each.name: each.read_text(encoding="utf-8") for each in COMMITTED.iterdir() if each.name != PAGE}

    assert committed == events(), "run `make docs` and commit docs/events"


def test_writing_takes_away_what_is_no_longer_a_document(tmp_path: Path) -> None:
    (tmp_path / "weather.changed.1.json").write_text("{}")
    (tmp_path / "notes.txt").write_text("not ours")

    write(tmp_path, events(), alone=True)

    assert {each.name for each in tmp_path.iterdir()} == {*DOCUMENTS, "notes.txt"}


# --- The JSON Schemas ---


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(DOCUMENTS[name])


@pytest.mark.parametrize("type", CONTRACTS)
def test_every_sample_holds_against_the_envelope_and_its_own_schema(type: str) -> None:
    sample = _sample(type)

    _validator(ENVELOPE).validate(sample)
    _validator(f"{type}.{CONTRACTS[type].version}.json").validate(sample["data"])
    assert DOCUMENTS[f"{type}.{CONTRACTS[type].version}.json"]["$id"] == sample["dataschema"]


@pytest.mark.parametrize("type", CONTRACTS)
def test_a_reader_by_the_schema_lets_later_fields_through_and_misses_none_of_the_first(type: str) -> None:
    schema = _validator(f"{type}.{CONTRACTS[type].version}.json")
    data = _sample(type)["data"]

    schema.validate({**data, "added_later": 1})
    for required in schema.schema["required"]:
        with pytest.raises(ValidationError, match="required"):
            schema.validate({key: value for key, value in data.items() if key != required})


# --- AsyncAPI ---


def test_every_object_of_the_asyncapi_document_has_what_it_must_and_nothing_that_it_may_not() -> None:
    document = DOCUMENTS[ASYNCAPI]

    assert document["asyncapi"] == "3.0.0"
    for kind, place, found in _objects(document):
        required, optional = FIELDS[kind]
        assert required <= found.keys() <= required | optional, f"{kind} {place}"


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = DOCUMENTS[ASYNCAPI]
    references = list(_references(document))

    assert len(references) > len(CONTRACTS)
    for reference in references:
        target: Any = document
        for step in reference.removeprefix("#/").split("/"):
            assert step in target, reference
            target = target[step]


def test_names_in_the_asyncapi_document_are_of_the_allowed_letters() -> None:
    document = DOCUMENTS[ASYNCAPI]
    names = [*document["servers"], *document["channels"], *document["operations"]]
    names += [name for part in document["components"].values() for name in part]

    assert not [name for name in names if not re.fullmatch(r"[A-Za-z0-9._-]+", name)]


def test_an_operation_names_only_messages_of_its_own_channel() -> None:
    document = DOCUMENTS[ASYNCAPI]
    for operation in document["operations"].values():
        channel = operation["channel"]["$ref"]
        assert all(message["$ref"].startswith(f"{channel}/messages/") for message in operation["messages"])


def test_every_type_is_published_once_and_every_subscription_is_there() -> None:
    operations = DOCUMENTS[ASYNCAPI]["operations"]
    sends = [name.partition(".publishes.")[2] for name, each in operations.items() if each["action"] == "send"]
    receives = [each["channel"]["$ref"] for each in operations.values() if each["action"] == "receive"]

    assert sorted(sends) == sorted(CONTRACTS)
    assert receives == [f"#/channels/{each.name}" for each in SUBSCRIPTIONS]


@pytest.mark.parametrize("type", CONTRACTS)
def test_every_sample_holds_against_its_asyncapi_message(type: str) -> None:
    document = DOCUMENTS[ASYNCAPI]
    message = document["components"]["messages"][type]["payload"]
    schema = Draft202012Validator({**message, "components": document["components"]})

    schema.validate(_sample(type))
    with pytest.raises(ValidationError):
        schema.validate({**_sample(type), "source": "/somebody"})


def test_the_yaml_reads_back_as_the_document() -> None:
    assert yaml.safe_load(events()[ASYNCAPI]) == DOCUMENTS[ASYNCAPI]


def _sample(type: str) -> dict[str, Any]:
    text = (MUSEUM / f"{type}.{CONTRACTS[type].version}.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def _validator(name: str) -> Draft202012Validator:
    resources = [(each, Resource.from_contents(DOCUMENTS[each])) for each in SCHEMAS]
    return Draft202012Validator(DOCUMENTS[name], registry=Registry().with_resources(resources))


def _objects(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield "document", "", document
    yield "info", "", document["info"]
    yield from (("server", name, each) for name, each in document["servers"].items())
    for name, channel in document["channels"].items():
        yield "channel", name, channel
        binding = channel["bindings"]["amqp"]
        yield "amqp channel", name, binding
        part = {"routingKey": "exchange", "queue": "queue"}[binding["is"]]
        yield f"amqp {part}", name, binding[part]
    for name, operation in document["operations"].items():
        yield "operation", name, operation
        yield "amqp operation", name, operation["bindings"]["amqp"]
    yield from (("message", name, each) for name, each in document["components"]["messages"].items())


def _references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)
