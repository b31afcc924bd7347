"""The facts of owners as the events that they publish."""

from __future__ import annotations

from decimal import Decimal

from shared.contracts.agency import AGENCY_REGISTERED, AGENCY_RETIRED, AgencyRegistered, AgencyRetired
from shared.contracts.contract import AnyContract, Origin, Payload, draft
from shared.contracts.deadline import DEADLINE_PASSED, DeadlinePassed
from shared.contracts.event import Event
from shared.contracts.event_types import CONTRACTS
from shared.contracts.innovation import INNOVATION_DRAFTED, Assignment, InnovationDrafted
from shared.contracts.region import REGION_REGISTERED, Deadline, PolicyRevision, RegionRegistered
from shared.contracts.scorecard import INNOVATION_SCORED, InnovationScored
from shared.contracts.vocabulary import (
    Classification,
    CountsWhen,
    Form,
    Initiator,
    InnovationStatus,
    Nature,
    Stage,
)
from tests.support.year.facts import (
    AgencySaid,
    Due,
    Fact,
    InnovationSaid,
    PassedSaid,
    Policy,
    RegionSaid,
    Scored,
)


def event_of(fact: Fact) -> Event | None:
    """None: the fact is no event of another service."""
    sequence = int(fact.at.timestamp() * 1000)
    match fact:
        case RegionSaid():
            return _event(fact, REGION_REGISTERED, _region(fact), fact.region, fact.region, sequence)
        case AgencySaid():
            return _agency(fact, sequence)
        case InnovationSaid():
            contract, payload = _innovation(fact)
            return _event(fact, contract, payload, fact.region, fact.id, fact.sequence)
        case Scored():
            return _event(fact, INNOVATION_SCORED, _card(fact), fact.region, fact.innovation, fact.sequence)
        case PassedSaid():
            return _event(fact, DEADLINE_PASSED, _passed(fact), fact.region, f"{fact.region}/{fact.year}", sequence)
        case _:
            return None


def _event(fact: Fact, contract: AnyContract, payload: Payload, region: str, id: str, sequence: int) -> Event:  # noqa: PLR0917 - the parts of an event
    return draft(contract, payload, region, Origin(fact.at)).stamp(contract.subject, id, sequence)


def _region(fact: RegionSaid) -> RegionRegistered:
    return RegionRegistered(
        code=fact.region,
        name=f"Kabupaten {fact.region}",
        zone=fact.zone,
        catalogue="2026.1",
        policies=tuple(_policy(each) for each in fact.policies),
        deadlines=tuple(_deadline(each) for each in fact.deadlines),
    )


def _policy(policy: Policy) -> PolicyRevision:
    return PolicyRevision(
        revision=policy.revision,
        from_year=policy.from_year,
        obliged_kinds=tuple(sorted(policy.kinds)),
        minimum=policy.minimum,
        minimum_by_kind=dict(policy.by_kind or {}),
        counts_when=CountsWhen.VERIFIED if policy.verified else CountsWhen.SUBMITTED,
        community_counts=policy.community,
    )


def _deadline(due: Due) -> Deadline:
    return Deadline(
        year=due.year,
        revision=due.revision,
        date=due.day,
        hour=due.hour,
        cancelled=due.cancelled,
        set_at=due.set_at,
        basis=due.basis,
    )


def _agency(fact: AgencySaid, sequence: int) -> Event:
    fields = {
        "id": fact.id,
        "region": fact.region,
        "name": f"Dinas {fact.id[:8]}",
        "kind": fact.kind,
        "retired": fact.retired_on is not None,
        "retired_on": fact.retired_on,
        "obliged_from": fact.obliged_from,
    }
    if fact.retired_on is not None:
        return _event(fact, AGENCY_RETIRED, AgencyRetired.model_validate(fields), fact.region, fact.id, sequence)
    return _event(fact, AGENCY_REGISTERED, AgencyRegistered.model_validate(fields), fact.region, fact.id, sequence)


def _innovation(fact: InnovationSaid) -> tuple[AnyContract, Payload]:
    former = [Assignment(agency=agency, year=year, present=False) for agency, year in fact.former]
    common = {
        "id": fact.id,
        "region": fact.region,
        "agency": fact.agency,
        "year": fact.year,
        "assignments": (*former, Assignment(agency=fact.agency, year=fact.year, present=True)),
        "status": InnovationStatus(fact.status),
        "turn": fact.turn,
        "status_since": fact.status_since,
    }
    if fact.status == "draft":
        return INNOVATION_DRAFTED, InnovationDrafted.model_validate(common)
    contract = CONTRACTS[f"innovation.{fact.status}"]
    more = {
        "name": f"Inovasi {fact.id[:8]}",
        "stage": Stage.PENERAPAN,
        "initiator": Initiator.OPD,
        "classification": Classification.MASYARAKAT if fact.community else Classification.PERANGKAT_DAERAH,
        "nature": Nature.DIGITAL,
        "form": Form.PELAYANAN_PUBLIK,
        "main_affair": "kesehatan",
        "first_submitted_at": fact.first_submitted_at,
        "submitted_at": fact.first_submitted_at,
        "verified_at": fact.verified_at,
        "imported": fact.imported,
    }
    return contract, contract.payload.model_validate({**common, **more})


def _card(fact: Scored) -> InnovationScored:
    return InnovationScored(
        innovation=fact.innovation,
        innovation_sequence=fact.innovation_sequence,
        region=fact.region,
        agency=fact.agency,
        year=fact.year,
        status=InnovationStatus.SUBMITTED,
        catalogue="2026.1",
        digest="0" * 64,
        claimed=Decimal(50),
        verified=Decimal(0),
        most=Decimal(111),
        rows=(),
        missing_mandatory=(),
    )


def _passed(fact: PassedSaid) -> DeadlinePassed:
    return DeadlinePassed(
        region=fact.region,
        year=fact.year,
        revision=fact.revision,
        date=fact.day,
        hour=fact.hour,
        submitted=dict(fact.submitted),
    )
