"""The form that imagines other levels of one innovation, and the search for the innovation. Sent by GET."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from services.portal.curator.work.index.what_if_form import FIGURES, LEVELS
from services.portal.curator.work.owner_answers.scorecard import ScoredRow
from services.portal.model.views.innovation import InnovationQuery, InnovationView
from services.portal.model.views.listed import Listed
from shared.contracts.vocabulary import InnovationStatus

MOST_READ = 2_000
"""Innovations that one search reads at most, to find those whose name has the words."""

_PAGE = 200
_SCORED = (InnovationStatus.SUBMITTED, InnovationStatus.VERIFIED)


@dataclass(frozen=True)
class LevelRow:
    """A row with its present level by the figure that is asked about, and the imagined one, None: it stays."""

    row: str
    name: str
    level: int
    imagined: int | None


@dataclass(frozen=True)
class LevelsForm:
    """year: of the national round; figure: `claimed` or `verified`; levels: row → other level than the present one;
    wrong: rows whose level cannot be read, or that the scorecard does not have."""

    year: int
    figure: str = FIGURES[0]
    levels: Mapping[str, int] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()

    @classmethod
    def sent(cls, fields: Mapping[str, str], year: int, known: Sequence[ScoredRow]) -> LevelsForm:
        """Read the query. known: the rows of the innovation's scorecard."""
        figure = fields.get("hitungan", FIGURES[0])
        figure = figure if figure in FIGURES else FIGURES[0]
        present = {each.row: _level(each, figure) for each in known}
        prefix = "level-"
        given = {name.removeprefix(prefix): text.strip() for name, text in fields.items() if name.startswith(prefix)}
        given = {row: text for row, text in given.items() if text}
        wrong = tuple(row for row, text in given.items() if text not in LEVELS or row not in present)
        levels = {row: int(text) for row, text in given.items() if row not in wrong and int(text) != present[row]}
        return cls(year, figure, levels, wrong if known else ())

    def rows(self, known: Sequence[ScoredRow]) -> list[LevelRow]:
        """The rows of the form."""
        return [LevelRow(each.row, each.name, _level(each, self.figure), self.levels.get(each.row)) for each in known]

    def question(self, region: str, innovation: str) -> dict[str, Any]:
        """The body for scoring."""
        return {"region": region, "year": self.year, "figure": self.figure, "levels": {innovation: dict(self.levels)}}


def _level(row: ScoredRow, figure: str) -> int:
    return row.verified_level if figure == "verified" else row.level


class Innovations(Protocol):
    """Lists innovations."""

    async def innovations(
        self, query: InnovationQuery, after: str | None = None, limit: int = 25
    ) -> Listed[InnovationView]:
        """A page."""


async def found_by(model: Innovations, region: str, words: str, most: int) -> tuple[list[InnovationView], bool]:
    """Submitted and verified innovations of the region whose name has all words, the newest first; and whether there
    are, or may be, more. Reads MOST_READ at most."""
    wanted = words.casefold().split()
    found: list[InnovationView] = []
    after: str | None = None
    for _ in range(MOST_READ // _PAGE):
        page = await model.innovations(InnovationQuery(region=region, statuses=_SCORED), after=after, limit=_PAGE)
        found += [each for each in page.items if all(word in each.name.casefold() for word in wanted)]
        after = page.after
        if len(found) > most or after is None:
            break
    return found[:most], len(found) > most or after is not None
