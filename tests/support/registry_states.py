"""Builds regions, agencies and innovations in a given state, for unit tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from services.registry.agencies import agency as agencies
from services.registry.agencies.agency import Agency, NewAgency
from services.registry.evidence.evidence import Claim
from services.registry.innovation import drafting, submission, verification
from services.registry.innovation.innovation import Innovation, Placement
from services.registry.innovation.profile import Profile
from services.registry.innovation.verification import Return, Verification
from services.registry.regions import region
from services.registry.regions.deadline import NewDeadline
from services.registry.regions.region import NewRegion, Region
from shared.contracts.contract import Origin
from shared.contracts.names import folded
from tests.support.registry_samples import valid_evidence, valid_profile

AGENCY, CURATOR = "account-agency", "account-curator"


def at(text: str) -> Origin:
    """An origin at this ISO 8601 time."""
    return Origin(datetime.fromisoformat(text).astimezone(UTC), "correlation")


JUNE = at("2026-06-01T09:00:00+07:00")
JULY = at("2026-07-01T09:00:00+07:00")


def a_region(zone: str = "Asia/Pontianak", **deadlines: str) -> Region:
    """A region; `deadlines` are given as `y2026="2026-12-31"` or, with an hour, `y2026="2026-12-31 16:00"`."""
    policy = {"obliged_kinds": ["dinas"]}
    terms = {"code": "61.12", "name": "Kabupaten Kubu Raya", "zone": zone, "catalogue": "2026.1", "policy": policy}
    made, _ = region.register(NewRegion.model_validate(terms), "fingerprint", CURATOR, JUNE)
    for year, last in deadlines.items():
        day, _, hour = last.partition(" ")
        new = NewDeadline.model_validate({"year": int(year[1:]), "date": day, "hour": hour or None, "basis": "SE 1"})
        change = region.set_deadline(made, new, CURATOR, JUNE)
        assert change is not None
        made = change[0]
    return made


def an_agency(id: str = "a1", **changed: object) -> Agency:
    terms = {"region": "61.12", "name": "Dinas Kesehatan", "kind": "dinas", "obliged_from": None}
    made, _ = agencies.register(id, NewAgency.model_validate(terms), "fingerprint", CURATOR, JUNE, year=2026)
    return made.model_copy(update={"key": folded(str(changed.get("name", made.name))), **changed})


def a_draft(
    profile: dict[str, Any] | None = None, evidence: dict[str, dict[str, Any]] | None = None, year: int = 2026
) -> Innovation:
    made, _ = drafting.begin(
        "i1",
        "61.12",
        Placement(agency="a1", year=year),
        Profile.model_validate(valid_profile() if profile is None else profile),
        fingerprint="fingerprint",
        by=AGENCY,
        origin=JUNE,
    )
    for row, claim in (valid_evidence() if evidence is None else evidence).items():
        change = drafting.claim(made, row, Claim.model_validate(claim), AGENCY, JUNE)
        if change is not None:
            made = change[0]
    return made


def submitted(innovation: Innovation | None = None, origin: Origin = JUNE) -> Innovation:
    return submission.submit(innovation or a_draft(), a_region(), an_agency(), AGENCY, origin)[0]


def verified(rows: dict[str, int] | None = None) -> Innovation:
    decision = Verification.model_validate({"rows": rows or {"16": 2}})
    return verification.verify(submitted(), decision, CURATOR, JULY)[0]


def returned(rows: dict[str, int] | None = None, innovation: Innovation | None = None) -> Innovation:
    decision = Return.model_validate({"comments": {"profile": "Lengkapi hasil."}, "rows": rows or {}})
    return verification.send_back(innovation or submitted(), decision, CURATOR, JULY)[0]
