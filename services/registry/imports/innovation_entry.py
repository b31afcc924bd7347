"""What a row of the sheet `innovations` says about an innovation, apart from which one it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.registry.evidence.evidence import Claim, Evidence, in_order
from services.registry.innovation.profile import Profile
from shared.contracts.vocabulary import InnovationStatus
from shared.tables.values import Read
from shared.web.validation import invalid_of

_PROFILE = (
    *("name", "stage", "initiator", "initiator_name", "classification", "nature", "form", "cluster", "programme"),
    *("main_affair", "related_affairs", "trial_on", "applied_on", "developed", "developed_on"),
    *("design", "purpose", "benefit", "outcome", "asta_cita"),
)
_ORIGIN = (
    *("origin", "training", "training_decision", "training_decided_on", "training_reason"),
    *("replicated_region", "replicated_name"),
)
_PAIRS = {
    "coordinates": {"latitude": "latitude", "longitude": "longitude"},
    "intellectual_property": {"number": "property_number", "dated": "property_dated"},
    "award": {"number": "award_number", "dated": "award_dated"},
}
"""Fields of a profile that have two columns each."""


class WrongEntry(Exception):
    """A row that does not fit. key: of the column; code: stable; reason: a sentence."""

    def __init__(self, key: str, code: str, reason: str) -> None:
        super().__init__(reason)
        self.key = key
        self.code = code
        self.reason = reason


class InnovationEntry(BaseModel):
    """profile: what is given of the form, by our names; claims: by row, what is given of level, value, unit and basis;
    verified: the curator's levels; origin: what is given of where it comes from, by column. first_submitted_on,
    decided_on: local days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agency: str
    year: int
    status: InnovationStatus | None = None
    first_submitted_on: date | None = None
    decided_on: date | None = None
    reason: str | None = Field(default=None, max_length=2_000)
    profile: dict[str, Any] = Field(default_factory=dict)
    claims: dict[str, dict[str, Any]] = Field(default_factory=dict)
    verified: dict[str, int] = Field(default_factory=dict)
    origin: dict[str, Any] = Field(default_factory=dict)

    @classmethod
    def of(cls, values: dict[str, Read], agency: str) -> InnovationEntry:
        """The entry of a row. agency: the id. Raises ValidationError."""
        profile: dict[str, Any] = {key: values[key] for key in _PROFILE if key in values}
        if "asta_cita" in profile:
            profile["asta_cita"] = [int(each) for each in profile["asta_cita"]]
        for field, columns in _PAIRS.items():
            given = {name: values[key] for name, key in columns.items() if key in values}
            if given:
                profile[field] = given
        claims: dict[str, dict[str, Any]] = {}
        verified: dict[str, int] = {}
        for key, value in values.items():
            name, _, row = key.partition(".")
            if name == "verified":
                verified[row] = int(value)  # type: ignore[arg-type]
            elif row and (name != "level" or value):  # a claimed level of 0 is none
                claims.setdefault(row, {})[name] = value
        more = {key: values[key] for key in ("status", "first_submitted_on", "decided_on", "reason") if key in values}
        return cls.model_validate(
            {
                "agency": agency,
                "year": values["year"],
                "profile": profile,
                "claims": claims,
                "verified": verified,
                "origin": {key: values[key] for key in _ORIGIN if key in values},
                **more,
            }
        )

    def profile_after(self, before: Profile) -> Profile:
        """The profile with what is given. Raises WrongEntry."""
        state = before.model_dump()
        for field, value in self.profile.items():
            state[field] = {**(state[field] or {}), **value} if field in _PAIRS else value
        try:
            return Profile.model_validate(state)
        except ValidationError as error:
            raise _wrong(error, self._key) from None

    def evidence_after(self, before: dict[str, Evidence]) -> dict[str, Evidence]:
        """The rows with what is given; letters, links and files stay. Raises WrongEntry."""
        after = dict(before)
        for row, given in self.claims.items():
            known = before.get(row, Evidence())
            state = {**known.model_dump(include=set(Claim.model_fields)), **given}
            try:
                after[row] = known.claimed(Claim.model_validate(state))
            except ValidationError as error:
                raise _wrong(error, lambda path, row=row: f"{path[0]}.{row}") from None  # type: ignore[misc]
        return in_order(after)

    @staticmethod
    def _key(path: tuple[str, ...]) -> str:
        pair = _PAIRS.get(path[0])
        if pair is None:
            return path[0]
        return pair[path[1]] if len(path) > 1 and path[1] in pair else next(iter(pair.values()))


def _wrong(error: ValidationError, key: Callable[[tuple[str, ...]], str]) -> WrongEntry:
    first = error.errors()[0]
    path = tuple(str(each) for each in first["loc"])
    flaw = invalid_of([first]).flaws[0]
    return WrongEntry(key(path), flaw.code, flaw.message)
