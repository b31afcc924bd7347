"""What a report says of a table, row by row, in Bahasa Indonesia."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

LONGEST_VALUE = 200  # characters of a cell that a report quotes
MOST_FINDINGS = 20_000
"""Findings that one report lists; the others are counted."""


class Finding(BaseModel):
    """One thing that is said of a row. sheet: its key; title: as written in the workbook; row: the line in the file, 0
    for the whole sheet; column: the column's title, empty for the whole row; value: what the cell holds, shortened;
    code: a stable slug; reason: a sentence; note: it stops nothing."""

    model_config = ConfigDict(frozen=True)

    sheet: str
    row: int
    column: str = ""
    value: str = ""
    code: str
    reason: str
    note: bool = False
    title: str = ""


class Findings:
    """Findings as they are made: the first MOST_FINDINGS are kept. errors, notes: how many there are of each."""

    def __init__(self, most: int = MOST_FINDINGS) -> None:
        self.kept: list[Finding] = []
        self.errors = 0
        self.notes = 0
        self._most = most

    def add(self, finding: Finding) -> None:
        """Keep and count a finding."""
        if finding.note:
            self.notes += 1
        else:
            self.errors += 1
        if len(self.kept) < self._most:
            self.kept.append(finding)

    def extend(self, findings: list[Finding]) -> None:
        """Each of them."""
        for each in findings:
            self.add(each)

    def in_order(self) -> list[Finding]:
        """Those that are kept, by row."""
        return sorted(self.kept, key=lambda each: each.row)


def quoted(value: str) -> str:
    """A cell's text as a finding quotes it."""
    return value if len(value) <= LONGEST_VALUE else f"{value[: LONGEST_VALUE - 1]}…"
