"""Events for tests of the pipeline: agencies, the simplest subject."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from shared.contracts.agency import AGENCY_REGISTERED, AgencyRegistered
from shared.contracts.contract import Origin, draft
from shared.contracts.event import Draft, Event, schema_urn
from shared.contracts.vocabulary import AgencyKind

AGENCY = "agency.registered"


def agency_draft(id: str, name: str = "Dinas") -> Draft:
    payload = AgencyRegistered(id=id, region="61.12", name=name, kind=AgencyKind.DINAS)
    return draft(AGENCY_REGISTERED, payload, "61.12", Origin(datetime(2026, 11, 2, tzinfo=UTC)))


def agency_event(id: str, sequence: int = 1, name: str = "Dinas") -> Event:
    return agency_draft(id, name).stamp("agency", id, sequence)


def altered(event: Event, **changes: str) -> bytes:
    """The bytes of the event with some top-level attributes changed."""
    return json.dumps({**json.loads(event.encode()), **changes}).encode()


def newer(event: Event) -> bytes:
    """The same event in an unknown, newer schema."""
    return altered(event, dataschema=schema_urn(event.type, 99))
