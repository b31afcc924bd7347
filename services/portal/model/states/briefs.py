"""The fields of the larger events that the read model keeps, as they are in JSON: times are ISO texts, lists of closed
values their slugs, points numbers. Their producers validate them, and whoever shows them decodes them."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from shared.contracts.contract import Payload

Plain = dict[str, Any]


class InnovationBrief(Payload):
    """An innovation without its evidence. All that a draft does not have may be absent; see `InnovationState`."""

    id: str
    region: str
    agency: str
    year: int
    assignments: list[Plain]
    status: str = "draft"
    name: str = ""
    stage: str | None = None
    initiator: str | None = None
    classification: str | None = None
    nature: str | None = None
    form: str | None = None
    main_affair: str = ""
    related_affairs: list[str] = Field(default_factory=list)
    asta_cita: list[int] = Field(default_factory=list)
    cluster: str | None = None
    trial_on: str | None = None
    applied_on: str | None = None
    developed_on: str | None = None
    first_submitted_at: str | None = None
    submitted_at: str | None = None
    verified_at: str | None = None
    turn: int = 0
    status_since: str | None = None
    imported: bool = False
    continuation: Plain | None = None
    withdrawal_asked: bool = False
    withdrawal: Plain | None = None


class CardBrief(Payload):
    """A scorecard; see `InnovationScored`."""

    innovation: str
    innovation_sequence: int
    region: str
    agency: str
    year: int
    status: str
    catalogue: str
    claimed: int | float
    verified: int | float
    provable: int | float | None = None
    most: int | float
    eligible: bool | None = None
    rows: list[Plain]
    missing_mandatory: list[str]
    faults: list[Plain] = Field(default_factory=list)
