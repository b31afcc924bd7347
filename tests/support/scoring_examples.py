"""Test data of scoring: the shipped catalogue, innovations, regions, and the events that carry them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import HealthCheck, settings

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.files import SHIPPED, read_catalogue
from shared.contracts import event_types as contracts
from shared.contracts.contract import AnyContract, Origin, Payload, draft
from shared.contracts.event import Event
from shared.contracts.innovation import INNOVATION_DRAFTED, InnovationDrafted, InnovationState, RowEvidence
from shared.contracts.region import REGION_REGISTERED, PolicyRevision, RegionRegistered
from shared.contracts.vocabulary import AgencyKind, InnovationStatus, Nature, Stage, Zone

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Settings of property tests without time limits: the machine may be busy."""

KUBU_RAYA = "61.12"
MOMENT = datetime(2025, 12, 1, 2, tzinfo=UTC)
ORIGIN = Origin(MOMENT, correlationid="c" * 32)


@cache
def catalogue(name: str = "2026.1") -> Catalogue:
    return read_catalogue(SHIPPED / f"{name}.yaml")


def entry(row: str, **fields: Any) -> RowEvidence:  # noqa: ANN401 - any field of RowEvidence
    if isinstance(fields.get("value"), str):
        fields["value"] = Decimal(fields["value"])
    return RowEvidence(row=row, **{"proofs": 1, **fields})


def everything(level: int, *, verified: int | None = None) -> tuple[RowEvidence, ...]:
    return tuple(entry(row, level=level, verified_level=verified) for row in catalogue().by_number)


def innovation(
    id: str = "inovasi-1",
    *,
    status: InnovationStatus = InnovationStatus.SUBMITTED,
    evidence: Iterable[RowEvidence] = (),
    nature: Nature = Nature.DIGITAL,
    stage: Stage = Stage.PENERAPAN,
    agency: str = "bappedalitbang",
    region: str = KUBU_RAYA,
    year: int = 2025,
) -> InnovationState:
    return InnovationState.model_validate(
        {
            "id": id,
            "region": region,
            "agency": agency,
            "year": year,
            "assignments": [{"agency": agency, "year": year, "present": True}],
            "status": status,
            "name": "Spirit",
            "stage": stage,
            "initiator": "opd",
            "classification": "perangkat_daerah",
            "nature": nature,
            "form": "tata_kelola",
            "main_affair": "penelitian_dan_pengembangan",
            "first_submitted_at": MOMENT,
            "submitted_at": MOMENT,
            "evidence": [each.model_dump() for each in evidence],
        }
    )


_BY_STATUS = {
    InnovationStatus.SUBMITTED: "innovation.submitted",
    InnovationStatus.RETURNED: "innovation.returned",
    InnovationStatus.VERIFIED: "innovation.verified",
    InnovationStatus.WITHDRAWN: "innovation.withdrawn",
}


def innovation_event(state: InnovationState, sequence: int) -> Event:
    contract = contracts.CONTRACTS[_BY_STATUS[state.status]]
    return _event(contract, contract.payload(**state.model_dump()), state.id, state.region, sequence)


def drafted(id: str = "inovasi-1") -> InnovationDrafted:
    return InnovationDrafted(id=id, region=KUBU_RAYA, agency="bappedalitbang", year=2025, assignments=())


def draft_event(id: str, sequence: int) -> Event:
    return _event(INNOVATION_DRAFTED, drafted(id), id, KUBU_RAYA, sequence)


def region(code: str = KUBU_RAYA, *, catalogue: str = "2026.1") -> RegionRegistered:
    return RegionRegistered(
        code=code,
        name="Kabupaten Kubu Raya",
        zone=Zone.WIB_PONTIANAK,
        catalogue=catalogue,
        policies=(PolicyRevision(revision=1, from_year=2000, obliged_kinds=(AgencyKind.DINAS,)),),
    )


def region_event(payload: RegionRegistered, sequence: int) -> Event:
    return _event(REGION_REGISTERED, payload, payload.code, payload.code, sequence)


def _event(contract: AnyContract, payload: Payload, id: str, region: str, sequence: int) -> Event:
    event = draft(contract, payload, region, ORIGIN).stamp(contract.subject, id, sequence)
    return contracts.decode_event(event.encode())[0]
