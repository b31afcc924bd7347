"""The rows of a submission as the curator checks them: the claim, its proofs, and the words of each level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.portal.answered.evidence import Evidence
from services.portal.curator.work.owner_answers.catalogue import Catalogue, Texts
from services.portal.curator.work.owner_answers.innovation import Innovation
from services.portal.curator.work.owner_answers.scorecard import Scorecard, ScoredRow

LEVELS = (1, 2, 3)


@dataclass(frozen=True)
class CheckedRow:
    """One indicator row.

    claimed: the level that the claim gives (0: none), None while scoring has not answered; why: its reason in words;
    texts: of levels 1 to 3, empty where they are unknown; verified_level: None: not checked yet; comment: of the last
    return; faults: what contradicts in the claim; weight: points of a level, None: unknown.
    """

    row: str
    name: str
    variable: str | None
    weight: Decimal | None
    mandatory: bool
    claimed: int | None
    why: str
    texts: Texts
    asked: str | None
    evidence: Evidence | None
    verified_level: int | None
    comment: str | None
    faults: tuple[str, ...]

    @property
    def can_be_judged(self) -> bool:
        """Whether the registry takes a level for it: only a row that the agency has filled in."""
        return self.evidence is not None

    @property
    def proofs(self) -> int:
        """How many files and links prove it."""
        return len(self.evidence.files) + len(self.evidence.links) if self.evidence else 0

    def text(self, level: int) -> str:
        """The words of a level; empty for level 0 and where they are unknown."""
        return self.texts[level - 1] if 0 < level <= len(self.texts) else ""


def rows_of(innovation: Innovation, scorecard: Scorecard | None, catalogue: Catalogue | None) -> tuple[CheckedRow, ...]:
    """All rows, in the catalogue's order. Without scorecard and catalogue (scoring does not answer), those only that
    the agency has filled in, without names and words of levels."""
    scored = scorecard.by_row if scorecard else {}
    faults: dict[str, list[str]] = {}
    for fault in scorecard.faults if scorecard else ():
        faults.setdefault(fault.row, []).append(fault.message)
    return tuple(
        _row(number, innovation, scored.get(number), catalogue, tuple(faults.get(number, ())))
        for number in _numbers(innovation, scored, catalogue)
    )


def _numbers(innovation: Innovation, scored: Mapping[str, ScoredRow], catalogue: Catalogue | None) -> tuple[str, ...]:
    known = [each.number for each in catalogue.indicators] if catalogue else list(scored)
    return tuple(dict.fromkeys([*known, *innovation.evidence]))


def _row(
    number: str,
    innovation: Innovation,
    scored: ScoredRow | None,
    catalogue: Catalogue | None,
    faults: tuple[str, ...],
) -> CheckedRow:
    evidence = innovation.evidence.get(number)
    indicator = catalogue.indicator(number) if catalogue else None
    basis = evidence.basis if evidence else None
    return CheckedRow(
        row=number,
        name=(scored.name if scored else None) or (indicator.name if indicator else ""),
        variable=indicator.variable if indicator else None,
        weight=scored.weight if scored else None,
        mandatory=scored.mandatory if scored else number in innovation.missing_mandatory,
        claimed=scored.level if scored else (evidence.level if evidence else None),
        why=scored.why if scored else "",
        texts=indicator.texts(innovation.profile.nature, basis) if indicator else (),
        asked=(scored.evidence.asked if scored else None) or (indicator.evidence if indicator else None),
        evidence=evidence,
        verified_level=evidence.verified_level if evidence else None,
        comment=innovation.comments.get(number),
        faults=faults,
    )
