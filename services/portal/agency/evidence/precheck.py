"""The pre-check of a file as the registry answers it."""

from __future__ import annotations

from services.portal.answered.answered import Answered


class Finding(Answered):
    """One item that was looked for. outcome: `found`, `elsewhere`, `other`, `missing` or `undeclared`; message: a
    sentence in Bahasa Indonesia."""

    item: str
    outcome: str
    message: str

    @property
    def is_doubtful(self) -> bool:
        """Whether a person should look at it."""
        return self.outcome in {"elsewhere", "other", "missing"}


class Precheck(Answered):
    """state: how much was read; message: that in words; note: what this is, and is not."""

    state: str
    findings: tuple[Finding, ...] = ()
    message: str
    note: str
