"""What the check of the ready package says of an innovation, in Bahasa Indonesia."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Severity(StrEnum):
    """ERROR: the national form would refuse it or give no points for it; HINT: a person looks at it."""

    ERROR = "error"
    HINT = "hint"


class PackageFinding(BaseModel):
    """row: the indicator's number, empty for the profile; file: the beginning of the file's name in the package
    (`16-01`), empty when it is about no file; code: a stable slug; reason: a sentence."""

    model_config = ConfigDict(frozen=True)

    severity: Severity
    code: str
    row: str = ""
    file: str = ""
    reason: str

    @property
    def line(self) -> str:
        """As people read it: where, how grave, why."""
        place = f"Indikator {self.row}" if self.row else "Profil"
        grave = "SALAH" if self.severity is Severity.ERROR else "PERHATIKAN"
        return f"{grave}: {place}{f', berkas {self.file}' if self.file else ''}: {self.reason}"


def error(code: str, reason: str, *, row: str = "", file: str = "") -> PackageFinding:
    """A finding that stops the package."""
    return PackageFinding(severity=Severity.ERROR, code=code, row=row, file=file, reason=reason)


def hint(code: str, reason: str, *, row: str = "", file: str = "") -> PackageFinding:
    """A finding that stops nothing."""
    return PackageFinding(severity=Severity.HINT, code=code, row=row, file=file, reason=reason)


def count(findings: Iterable[PackageFinding], severity: Severity) -> int:
    """How many are of that severity."""
    return sum(each.severity is severity for each in findings)
