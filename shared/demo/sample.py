"""Loads and checks the files of the sample region. `examples/kubu-raya/README.md` says what in them is synthetic."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parents[2] / "examples" / "kubu-raya"


class _SampleModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SampleDeadline(_SampleModel):
    """The last day of the duty, and its legal basis."""

    year: int
    date: date
    basis: str


class SampleRegion(_SampleModel):
    """The region as the registry accepts it, and the one deadline of its policy."""

    code: str
    name: str
    zone: str
    catalogue: str
    policy: dict[str, Any]
    deadline: SampleDeadline


class SampleAgency(_SampleModel):
    """key: the name of the agency in the other files."""

    key: str
    name: str
    kind: str
    verified: str


class SampleInnovation(_SampleModel):
    """strength: which synthetic set of evidence it has."""

    name: str
    agency: str
    nature: str
    form: str
    affair: str
    strength: int


class SampleContact(_SampleModel):
    """A synthetic contact; email may be empty."""

    key: str
    name: str
    email: str


class Sample(_SampleModel):
    """The whole sample. profile: texts with `{name}` and `{agency}`; evidence: strength → row → the claim."""

    region: SampleRegion
    agencies: tuple[SampleAgency, ...]
    innovations: tuple[SampleInnovation, ...]
    contacts: tuple[SampleContact, ...]
    profile: dict[str, str]
    evidence: dict[int, dict[str, dict[str, Any]]]
    label: str


def load(folder: Path = FOLDER) -> Sample:
    """Load the folder. Raises pydantic's ValidationError or OSError."""

    def table(name: str) -> list[dict[str, str]]:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return Sample.model_validate(
        {
            "region": yaml.safe_load((folder / "region.yaml").read_text("utf-8")),
            "agencies": table("agencies.csv"),
            "contacts": table("contacts.csv"),
            **yaml.safe_load((folder / "innovations.yaml").read_text("utf-8")),
        }
    )
