"""What a form shows where it asks for an agency. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from services.portal.pages.forms import Errors
from services.portal.pages.language import _

TYPED = "-cari"  # behind the name of the field: what is looked for
FOUND = "/perangkat-daerah/temuan"


@dataclass(frozen=True)
class AgencyOption:
    """An agency that can be chosen. retired: it is closed, and chosen for what was before."""

    id: str
    name: str
    retired: bool = False


@dataclass(frozen=True)
class AgencyFound:
    """What a search found. name: of the field; typed: what is looked for; options: the first of those that match;
    count: how many match; picked: the id of the one that is marked."""

    name: str
    typed: str = ""
    options: Sequence[AgencyOption] = ()
    count: int = 0
    picked: str = ""


@dataclass(frozen=True)
class AgencyChoice:
    """One field of a form. id: of the chosen agency, empty for none; label: its name; options: all that can be chosen,
    None where they are too many and searched for; problem: why the choice cannot be taken; address: where a search is
    answered."""

    name: str
    id: str = ""
    label: str = ""
    options: Sequence[AgencyOption] | None = ()
    found: AgencyFound = AgencyFound("")
    problem: str = ""
    address: str = ""

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Id and name of the options, for a list."""
        return [(each.id, each.name) for each in self.options or ()]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to choose from."""
        return self.options is not None and not self.options

    @property
    def errors(self) -> Errors:
        """The problem at the field, for a filter."""
        return Errors({self.name: self.problem} if self.problem else {})

    def check(self, errors: Errors, *, required: bool = True, sentence: str = "") -> None:
        """Add what is wrong with the choice to a form's errors. sentence: for none, where one is required."""
        if self.problem:
            errors[self.name] = self.problem
        elif required and not self.id:
            errors.setdefault(self.name, sentence or _("Wajib diisi."))


def address_of(name: str, region: str, *, retired: bool, without: str = "") -> str:
    """Where a search of this field is answered."""
    query = {"isian": name, "daerah": region, "tutup": "ya" if retired else "", "bukan": without}
    return f"{FOUND}?{urlencode({key: value for key, value in query.items() if value})}"
