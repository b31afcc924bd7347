"""The contracts as documents for other systems: a JSON Schema for the envelope and for each payload, and one AsyncAPI.

Source: JSON Schema 2020-12; AsyncAPI 3.0.0 with the AMQP bindings 0.3.0. The schemas are for
consumers: they require what every event of the version has, and allow fields that are added later.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from shared.contracts.contract import AnyContract
from shared.contracts.event import Event
from shared.contracts.event_types import CONTRACTS
from shared.contracts.subscriptions import SUBSCRIPTIONS, TAKEN, Subscription
from shared.contracts.topology import EVENTS

Document = dict[str, Any]

CONTENT_TYPE = "application/cloudevents+json"
ENVELOPE = "envelope.json"
ASYNCAPI = "asyncapi.yaml"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PERSISTENT = 2  # AMQP 0-9-1, delivery-mode
_BINDING = "0.3.0"


def documents() -> dict[str, Document]:
    """File name → document: the content of `docs/events`."""
    made = {ENVELOPE: {"$schema": _DIALECT, "$id": "urn:satu-inovasi:event-envelope", **_for_consumers(envelope())}}
    for contract in CONTRACTS.values():
        made[schema_name(contract)] = payload_schema(contract)
    made[ASYNCAPI] = asyncapi()
    return made


def schema_name(contract: AnyContract) -> str:
    """The file of a contract's payload: `innovation.submitted.1.json`."""
    return f"{contract.type}.{contract.version}.json"


def envelope() -> Document:
    """The schema of the event around every payload."""
    return Event.model_json_schema()


def payload_schema(contract: AnyContract) -> Document:
    """The JSON Schema of a payload: the one that the event's `dataschema` names."""
    schema = _for_consumers(contract.payload.model_json_schema())
    return {"$schema": _DIALECT, "$id": contract.urn, **schema, "title": contract.type, "description": contract.means}


def asyncapi() -> Document:
    """All channels, operations and messages: one channel per routing key, one per service's queue."""
    return {
        "asyncapi": "3.0.0",
        "id": "urn:satu-inovasi:events",
        "info": {
            "title": "Satu Inovasi: events",
            "version": "1.0.0",
            "description": (
                "Every event is a CloudEvents 1.0 JSON document that carries the whole public state of its subject and "
                "the subject's sequence: keep the newer, and a duplicate, a delay or a reordering changes nothing. "
                "No event carries personal data."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {
            "broker": {
                "host": "rabbitmq:5672",
                "protocol": "amqp",
                "protocolVersion": "0-9-1",
                "description": "RabbitMQ of the deployment; every subscriber has a user and queues of its own.",
                "security": [{"$ref": "#/components/securitySchemes/user"}],
            }
        },
        "channels": {
            **{contract.type: _routing_key(contract) for contract in CONTRACTS.values()},
            **{each.name: _queue(each) for each in SUBSCRIPTIONS},
        },
        "operations": {
            **{f"{each.source}.publishes.{each.type}": _send(each) for each in CONTRACTS.values()},
            **{f"{each.service}.takes.{each.purpose}": _receive(each) for each in SUBSCRIPTIONS},
        },
        "components": {
            "securitySchemes": {"user": {"type": "userPassword"}},
            "messages": {contract.type: _message(contract) for contract in CONTRACTS.values()},
            "schemas": _schemas(),
        },
    }


def _routing_key(contract: AnyContract) -> Document:
    exchange = {"name": EVENTS, "type": "topic", "durable": True, "autoDelete": False, "vhost": "/"}
    return {
        "address": contract.type,
        "description": contract.means,
        "messages": {contract.type: {"$ref": f"#/components/messages/{contract.type}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": _BINDING}},
    }


def _queue(subscription: Subscription) -> Document:
    queue = {"name": subscription.name, "durable": True, "exclusive": False, "autoDelete": False, "vhost": "/"}
    return {
        "address": subscription.name,
        "description": f"The events about {subscription.purpose} that {subscription.service} consumes.",
        "messages": {type: {"$ref": f"#/components/messages/{type}"} for type in sorted(subscription.types)},
        "bindings": {"amqp": {"is": "queue", "queue": queue, "bindingVersion": _BINDING}},
    }


def _send(contract: AnyContract) -> Document:
    amqp = {"deliveryMode": _PERSISTENT, "mandatory": contract.type in TAKEN, "bindingVersion": _BINDING}
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{contract.type}"},
        "summary": f"{contract.source} publishes: {contract.means}",
        "messages": [{"$ref": f"#/channels/{contract.type}/messages/{contract.type}"}],
        "bindings": {"amqp": amqp},
    }


def _receive(subscription: Subscription) -> Document:
    name = subscription.name
    return {
        "action": "receive",
        "channel": {"$ref": f"#/channels/{name}"},
        "summary": f"{subscription.service} keeps the newest copy of what it needs of {subscription.purpose}.",
        "messages": [{"$ref": f"#/channels/{name}/messages/{type}"} for type in sorted(subscription.types)],
        "bindings": {"amqp": {"ack": True, "bindingVersion": _BINDING}},
    }


def _message(contract: AnyContract) -> Document:
    own = {
        "type": "object",
        "properties": {
            "type": {"const": contract.type},
            "source": {"const": f"/{contract.source}"},
            "dataschema": {"const": contract.urn},
            "subject": {"type": "string", "pattern": f"^{contract.subject}/"},
            "data": {"$ref": f"#/components/schemas/{contract.payload.__name__}"},
        },
    }
    return {
        "name": contract.type,
        "title": contract.type,
        "summary": contract.means,
        "contentType": CONTENT_TYPE,
        "correlationId": {
            "location": "$message.payload#/correlationid",
            "description": "The request that caused it.",
        },
        "payload": {"allOf": [{"$ref": f"#/components/schemas/{Event.__name__}"}, own]},
    }


def _schemas() -> Document:
    """Every model once, under the name that references use."""
    found: Document = {}
    models: list[type[BaseModel]] = [Event, *(contract.payload for contract in CONTRACTS.values())]
    for model in models:
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        found.update(schema.pop("$defs", {}))
        found[model.__name__] = schema
    return {name: _for_consumers(found[name]) for name in sorted(found)}


def _for_consumers(schema: Any) -> Any:  # noqa: ANN401 - a JSON Schema is any JSON
    """The schema without `additionalProperties: false`, which binds producers only."""
    if isinstance(schema, dict):
        kept = ((key, value) for key, value in schema.items() if (key, value) != ("additionalProperties", False))
        return {key: _for_consumers(value) for key, value in kept}
    return [_for_consumers(each) for each in schema] if isinstance(schema, list) else schema
