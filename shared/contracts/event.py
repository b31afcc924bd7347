"""The envelope of every event: a CloudEvents 1.0 JSON document.

The same bytes are in the outbox, on RabbitMQ, on the embedded bus and in test fixtures. Source: CloudEvents 1.0.2, JSON
event format; the tests also check events with the SDK of the CloudEvents project.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from shared.faults import Unreadable

SEQUENCE_DIGITS = 16
_SCHEMA = re.compile(r"^urn:satu-inovasi:event:(?P<type>[a-z.]+):(?P<version>[1-9][0-9]*)$")


class Event(BaseModel):
    """An event as it is published.

    id: ``<subject>/<sequence>``; subject: ``<kind>/<id of the document>``; type: the plain name
    (`innovation.submitted`); dataschema: ``urn:satu-inovasi:event:<type>:<version>``; sequence: the document's
    sequence as 16 digits, so that text order is number order; region: Kemendagri's code; correlationid: of the
    request that caused it; causationid: the id of the event that caused it; traceparent: W3C trace context.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(min_length=1)
    source: str = Field(min_length=1)
    type: str = Field(min_length=1)
    subject: str = Field(min_length=1)
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str
    sequence: str = Field(pattern=rf"^[0-9]{{{SEQUENCE_DIGITS}}}$")
    region: str = Field(min_length=1)
    correlationid: str | None = None
    causationid: str | None = None
    traceparent: str | None = None
    data: dict[str, Any]  # of an event from `decode_event` perhaps the payload in its contract's class

    @property
    def number(self) -> int:
        """The sequence as a number; within one subject, greater is newer."""
        return int(self.sequence)

    @property
    def version(self) -> int:
        """The version of the payload's schema. Raises Unreadable when `dataschema` does not name one."""
        match = _SCHEMA.match(self.dataschema)
        if match is None or match["type"] != self.type:
            raise Unreadable(f"dataschema {self.dataschema!r} does not name a schema of {self.type}")
        return int(match["version"])

    def encode(self) -> bytes:
        """The bytes that are published: UTF-8 JSON, without absent extensions."""
        return self.model_dump_json(exclude_none=True).encode()

    @classmethod
    def decode(cls, body: bytes) -> Self:
        """Decode an event. Raises Unreadable."""
        try:
            return cls.model_validate_json(body)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(str(part) for part in first["loc"]) or "body"
            raise Unreadable(f"{place}: {first['msg']}") from error


class Envelope(Event):
    """An event whose payload is left unread, whatever it is: `data` is empty."""

    data: dict[str, Any] = Field(default_factory=dict, validation_alias="(unread)")


class Draft(BaseModel):
    """An event before the store adds its document's sequence, its id and its subject.

    data: the payload as plain JSON values. `shared.contracts.contract.draft` makes drafts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    type: str
    time: datetime
    dataschema: str
    region: str
    correlationid: str | None = None
    causationid: str | None = None
    traceparent: str | None = None
    data: dict[str, Any]

    def stamp(self, kind: str, id: str, sequence: int) -> Event:
        """The event of document `kind/id` at `sequence`."""
        subject = f"{kind}/{id}"
        digits = f"{sequence:0{SEQUENCE_DIGITS}d}"
        return Event(id=f"{subject}/{digits}", subject=subject, sequence=digits, **self.__dict__)


def schema_urn(type: str, version: int) -> str:
    """The dataschema of `type` in `version`."""
    return f"urn:satu-inovasi:event:{type}:{version}"
