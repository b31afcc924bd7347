"""The sample region's files, read and checked. See `examples/kubu-raya/README.md` for what in them is synthetic."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parents[2] / "examples" / "kubu-raya"


class _Room(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SampleDeadline(_Room):
    """The duty's last day."""

    year: int
    date: date
    basis: str


class SampleRegion(_Room):
    """The region as the registry takes it, and the one deadline of its sample policy."""

    code: str
    name: str
    zone: str
    catalogue: str
    policy: dict[str, Any]
    deadline: SampleDeadline


class SampleAgency(_Room):
    """key: the sample's own name for the agency, used by the other files."""

    key: str
    name: str
    kind: str
    verified: str


class SampleInnovation(_Room):
    """strength: which of the synthetic sets of evidence it gets."""

    name: str
    agency: str
    nature: str
    form: str
    affair: str
    strength: int


class SampleContact(_Room):
    """A synthetic contact; email may be empty."""

    key: str
    name: str
    email: str


class Sample(_Room):
    """All of it. profile: texts with `{name}` and `{agency}`; evidence: strength → row → what is claimed."""

    region: SampleRegion
    agencies: tuple[SampleAgency, ...]
    innovations: tuple[SampleInnovation, ...]
    contacts: tuple[SampleContact, ...]
    profile: dict[str, str]
    evidence: dict[int, dict[str, dict[str, Any]]]
    label: str


def load(folder: Path = FOLDER) -> Sample:
    """Read the folder. Raises pydantic's ValidationError or OSError."""

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
