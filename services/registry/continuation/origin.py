"""The origin of an innovation: an own idea, the community, a training project, or another region's innovation.

Training projects (PKP, PKA, CPNS, akademi inovator) tend to end with the course: whether it goes on is a decision with
a date (Pontianak).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from services.registry.fields import Day, Remark
from shared.contracts.continuation import OriginKind
from shared.contracts.fields import Id, Name, RegionCode
from shared.faults import Flaw, Invalid


class Training(StrEnum):
    """The training that a project was made in."""

    PKP = "pkp"
    PKA = "pka"
    CPNS = "cpns"
    ACADEMY = "akademi_inovator"


class TrainingDecision(StrEnum):
    """Whether a training project goes on."""

    CONTINUE = "continue"
    STOP = "stop"


class Replicated(BaseModel):
    """Another region's innovation. region: its code, if it is known here; innovation: its id, if it is registered
    here."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    region_name: Name
    name: Name
    region: RegionCode | None = None
    innovation: Id | None = None


class InnovationOrigin(BaseModel):
    """kind decides which others are given. fostering_agency: of the community's, by default the innovation's own
    agency; idea: the public idea that it came of; training with decision, decided_on and reason: of a training
    project; replicated: of a replication."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: OriginKind
    fostering_agency: Id | None = None
    idea: Id | None = None
    training: Training | None = None
    decision: TrainingDecision | None = None
    decided_on: Day | None = None
    reason: Remark | None = None
    replicated: Replicated | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        own = {
            OriginKind.OWN: set[str](),
            OriginKind.COMMUNITY: {"fostering_agency", "idea"},
            OriginKind.TRAINING: {"training", "decision", "decided_on", "reason"},
            OriginKind.REPLICATION: {"replicated"},
        }[self.kind]
        strange = [name for name in type(self).model_fields if name not in {"kind", *own} and getattr(self, name)]
        if strange:
            raise ValueError(f"asal {self.kind.value} tidak mempunyai isian {', '.join(strange)}")
        if self.kind is OriginKind.TRAINING and self.training is None:
            raise ValueError("asal training memerlukan isian training")
        if self.kind is OriginKind.REPLICATION and self.replicated is None:
            raise ValueError("asal replication memerlukan isian replicated")
        if (self.decision is None) != (self.decided_on is None):
            raise ValueError("keputusan dan tanggalnya diisi bersama")
        if self.decision is TrainingDecision.STOP and self.reason is None:
            raise ValueError("keputusan berhenti memerlukan alasan")
        return self

    def require_decided(self, today: date) -> None:
        """Raise Invalid for a decision of a later day."""
        if self.decided_on is not None and self.decided_on > today:
            raise Invalid([Flaw("decided_on", "future", "tanggal keputusan tidak boleh di masa depan")])
