"""Loads and checks the files of the sample region. `examples/kubu-raya/README.md` says what in them is synthetic."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any, Literal

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


class SampleOffice(_SampleModel):
    """The curator's office as messages name it."""

    name: str
    telephone: str
    reply_to: str


class SampleRegion(_SampleModel):
    """The region as the registry accepts it, its first deadline, and the one that it is moved to."""

    code: str
    name: str
    zone: str
    catalogue: str
    policy: dict[str, Any]
    deadline: SampleDeadline
    moved_deadline: SampleDeadline
    office: SampleOffice


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
    """A synthetic contact, with the words that a table of contacts has. key: of the agency, empty for a contact of the
    region; phone: a mobile number, whose owner has agreed to WhatsApp; mailbox: `gone`: mail to it is refused."""

    key: str
    role: Literal["petugas", "kepala", "kurator", "pimpinan"]
    name: str
    email: str
    phone: str
    landline: str
    channel: Literal["surel", "whatsapp"]
    mailbox: Literal["exists", "gone", ""]

    @property
    def address(self) -> str:
        """Where this contact is told: an e-mail address, a number in E.164, or empty: nowhere."""
        if self.phone and self.channel == "whatsapp":
            return "+62" + self.phone.replace("-", "").removeprefix("0")
        return self.email


class Sample(_SampleModel):
    """The whole sample. late, unfinished: drafts, of which the first is submitted after the deadline; profile: texts
    with `{name}` and `{agency}`; evidence: strength → row → the claim."""

    region: SampleRegion
    agencies: tuple[SampleAgency, ...]
    innovations: tuple[SampleInnovation, ...]
    late: SampleInnovation
    unfinished: SampleInnovation
    contacts: tuple[SampleContact, ...]
    profile: dict[str, str]
    evidence: dict[int, dict[str, dict[str, Any]]]
    label: str

    def name_of(self, key: str) -> str:
        """Of the agency."""
        return next(agency.name for agency in self.agencies if agency.key == key)

    def told(self, key: str) -> str:
        """The address at which an agency is told: its officer's, or its head's when the officer's mailbox is gone;
        empty: it cannot be told."""
        people = [each for each in self.contacts if each.key == key and each.mailbox != "gone"]
        return next((each.address for each in people if each.address), "")

    def address_of(self, role: str) -> str:
        """Of the region's contact with that role."""
        return next(each.address for each in self.contacts if each.role == role)


def load(folder: Path = FOLDER) -> Sample:
    """Load the folder. Raises pydantic's ValidationError or OSError."""

    def table(name: str) -> list[dict[str, str]]:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def data(name: str) -> Any:  # noqa: ANN401 - checked by the model
        return yaml.safe_load((folder / name).read_text("utf-8"))

    return Sample.model_validate(
        {
            "region": data("region.yaml"),
            "agencies": table("agencies.csv"),
            "contacts": table("contacts.csv"),
            **data("drafts.yaml"),
            **data("innovations.yaml"),
        }
    )
