"""An innovation as a ranking sees it, and which of them a ranking includes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from shared.contracts.contract import Exact
from shared.contracts.vocabulary import AgencyKind, Classification, Form, InnovationStatus, Nature


class Ranked(BaseModel):
    """The base of all models of a ranking: frozen; stored ones may carry more fields than this version reads."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Measure(StrEnum):
    """VERIFIED: what the curator has accepted; CLAIMED: a forecast, never shown to the public."""

    VERIFIED = "verified"
    CLAIMED = "claimed"


class Entry(Ranked):
    """An innovation with a scorecard. affair: the slug of its main affair; claimed, verified, most: points;
    agency_name, agency_kind: None while the agency is not known."""

    innovation: str
    name: str
    region: str
    agency: str
    agency_name: str | None
    agency_kind: AgencyKind | None
    year: int
    status: InnovationStatus
    form: Form
    affair: str
    nature: Nature
    classification: Classification
    catalogue: str
    claimed: Exact
    verified: Exact
    most: Exact
    first_submitted_at: datetime

    def points(self, measure: Measure) -> Decimal:
        """Its maturity by this measure."""
        return self.verified if measure is Measure.VERIFIED else self.claimed

    def ranked_by(self, measure: Measure) -> bool:
        """Whether a ranking includes it: verified ones, and in a forecast submitted ones too."""
        if measure is Measure.VERIFIED:
            return self.status is InnovationStatus.VERIFIED
        return self.status in {InnovationStatus.VERIFIED, InnovationStatus.SUBMITTED}


class Filter(Ranked):
    """Which entries; None: any."""

    kind: AgencyKind | None = None
    form: Form | None = None
    affair: str | None = None
    nature: Nature | None = None

    def takes(self, entry: Entry) -> bool:
        """Whether the entry is one of these."""
        return (
            self.kind in {None, entry.agency_kind}
            and self.form in {None, entry.form}
            and self.affair in {None, entry.affair}
            and self.nature in {None, entry.nature}
        )
