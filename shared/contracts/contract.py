"""A contract of an event type, and how to draft and read an event by it.

Producers forbid extra fields, consumers ignore them. A breaking change is a new version with an upcast at the
consumer; consumers are deployed before producers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, PlainSerializer, ValidationError, WithJsonSchema

from shared.contracts.event import Draft, Event, schema_urn
from shared.faults import NewerSchema, Unreadable


class Payload(BaseModel):
    """The base of every payload: frozen, and strict about what a producer writes."""

    # defer_build: a process builds the validators of those events only that it reads or writes, when it first does.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def json_number(value: Decimal) -> int | float:
    """The JSON form of an `Exact`."""
    return int(value) if value == value.to_integral_value() else float(value)


EXACT = (PlainSerializer(json_number, return_type=int | float), WithJsonSchema({"type": "number"}))
"""What makes a `Decimal` an `Exact`."""

Exact = Annotated[Decimal, *EXACT]
"""A decimal that is exact in code and a JSON number on the wire (at most 15 digits, so the text is exact too). A float
is read by its shortest text: 0.1 is 0.1."""

Lift = Callable[[dict[str, Any]], dict[str, Any]]
P = TypeVar("P", bound=Payload)
B = TypeVar("B", bound=Payload)
PayloadClass = type[P]


@dataclass(frozen=True)
class Contract(Generic[P]):
    """One event type. subject: the kind of document that it is about; source: the service that owns that kind; means: a
    sentence for the documents; version: of `payload`'s schema; lifts: for each older version, the function that turns
    its data into the next version's."""

    type: str
    subject: str
    source: str
    payload: PayloadClass[P]
    means: str
    version: int = 1
    lifts: Mapping[int, Lift] = field(default_factory=dict)

    @property
    def urn(self) -> str:
        """The dataschema of the present version."""
        return schema_urn(self.type, self.version)


AnyContract = Contract[Any]


@dataclass(frozen=True)
class Origin:
    """The origin of a change. time: business time; the ids tie it to the request or event that caused it."""

    time: datetime
    correlationid: str | None = None
    causationid: str | None = None
    traceparent: str | None = None


def draft(contract: Contract[P], payload: P, region: str, origin: Origin) -> Draft:
    """Make the draft of an event; nothing else makes drafts. Raises TypeError for the payload of another contract."""
    if type(payload) is not contract.payload:
        raise TypeError(f"{contract.type} carries {contract.payload.__name__}, not {type(payload).__name__}")
    return draft_of_data(contract, payload.model_dump(mode="json"), region, origin)


def draft_of_data(contract: AnyContract, data: dict[str, Any], region: str, origin: Origin) -> Draft:
    """A draft of data that have the payload's JSON form already. For a producer that caches parts of it, and holds the
    result to that of `draft` by a test: nothing is validated here."""
    return Draft(
        source=f"/{contract.source}",
        type=contract.type,
        time=origin.time,
        dataschema=contract.urn,
        region=region,
        correlationid=origin.correlationid,
        causationid=origin.causationid,
        traceparent=origin.traceparent,
        data=data,
    )


def read(contract: Contract[P], event: Event, brief: PayloadClass[B] | None = None) -> P | B:
    """The payload of an event, lifted to the present version. brief: a class with some of the contract's fields, which
    is read instead; the others are not looked at. Raises NewerSchema, Unreadable."""
    if event.version > contract.version:
        raise NewerSchema(f"{event.type} version {event.version}; this process knows {contract.version}")
    data = dict(event.data)
    for version in range(event.version, contract.version):
        if version not in contract.lifts:
            raise Unreadable(f"{event.type} version {version} can no longer be read")
        data = contract.lifts[version](data)
    try:
        return (brief or contract.payload).model_validate(data, extra="ignore")
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Unreadable(f"data.{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error
