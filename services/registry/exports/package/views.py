"""The answers of the check of the ready package."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict

from services.registry.evidence.form import FORM
from services.registry.exports.package.choice import Choice, Chosens
from services.registry.exports.package.finding import PackageFinding
from services.registry.exports.package.package import Checked
from services.registry.exports.package.window import age_window, is_stated

MOST_LEFT_OUT = 500


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class CheckedInnovation(_Answer):
    """number, folder: in the package; files, size: of the stored files, bytes; ready: without errors."""

    number: int
    folder: str
    id: str
    agency: str
    name: str | None
    files: int
    size: int
    errors: int
    hints: int
    ready: bool
    findings: tuple[PackageFinding, ...]

    @classmethod
    def of(cls, checked: Checked) -> Self:
        """As the check found it."""
        return cls(
            number=checked.chosen.number,
            folder=checked.folder,
            id=checked.chosen.id,
            agency=checked.chosen.agency,
            name=checked.chosen.name,
            files=checked.files,
            size=checked.size,
            errors=checked.errors,
            hints=checked.hints,
            ready=checked.innovation is not None and not checked.errors,
            findings=checked.findings,
        )


class CheckedInnovations(_Answer):
    """A page of the check, in the package's order."""

    items: list[CheckedInnovation]
    next: str | None


class PackageSummary(_Answer):
    """The check of a whole package. form: the catalogue that the evidence form is from; window_from, window_to: the age
    that the round takes; window_stated: whether a source states it, else it is inferred from the rule of 2026 (the two
    years before); taken: innovations; ready: of these without errors; left_out: how many the round does not take for
    their age, and left_out_ids: the first 500 of them; files, size: of the stored files, bytes; complete: whether
    `take=complete` gives the package."""

    region: str
    year: int
    form: str
    window_from: date
    window_to: date
    window_stated: bool
    taken: int
    ready: int
    left_out: int
    left_out_ids: tuple[str, ...]
    files: int
    size: int
    errors: int
    hints: int
    complete: bool


class Totals:
    """Adds up checked innovations."""

    def __init__(self) -> None:
        self._ready = self._files = self._size = self._errors = self._hints = 0

    def add(self, checked: Checked) -> None:
        """One more."""
        self._ready += checked.innovation is not None and not checked.errors
        self._files += checked.files
        self._size += checked.size
        self._errors += checked.errors
        self._hints += checked.hints

    def summary(self, choice: Choice, chosen: Chosens) -> PackageSummary:
        """The summary of all that were added."""
        window = age_window(choice.year)
        return PackageSummary(
            region=choice.region.code,
            year=choice.year,
            form=FORM.catalogue,
            window_from=window.first,
            window_to=window.last,
            window_stated=is_stated(choice.year),
            taken=len(chosen.taken),
            ready=self._ready,
            left_out=len(chosen.left_out),
            left_out_ids=chosen.left_out[:MOST_LEFT_OUT],
            files=self._files,
            size=self._size,
            errors=self._errors,
            hints=self._hints,
            complete=not self._errors,
        )
