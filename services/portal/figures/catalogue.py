"""What charts need of an indicator catalogue: the group of each row, its weight, and the predicates of the index.

It is asked of scoring without a token, since catalogues are public, and kept: a revision of a catalogue never changes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.portal.figures.kept import Kept

LEVELS = 3
_KEPT = 600.0  # seconds


class CatalogueAway(Exception):
    """Scoring does not answer, or not with this catalogue."""


AsksCatalogue = Callable[[str], Awaitable[Mapping[str, Any]]]
"""Fetches a catalogue by its name from scoring. Raises CatalogueAway."""


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class IndicatorRow(_Shown):
    """An indicator of innovations. variable: its group; weight: points for each level."""

    number: str
    variable: str
    name: str
    weight: Decimal

    @property
    def most(self) -> Decimal:
        """The points of the highest level."""
        return self.weight * LEVELS


class Predicate(_Shown):
    """A predicate and its least index."""

    name: str
    least: Decimal = Field(alias="from")


class _Constants(_Shown):
    predicates: tuple[Predicate, ...] = ()


class _Answer(_Shown):
    name: str
    year: int
    most: Decimal
    notice: str | None = None
    indicators: tuple[IndicatorRow, ...]
    constants: _Constants = _Constants()


@dataclass(frozen=True)
class CatalogueFacts:
    """most: points that an innovation can have; notice: what a reader must know, empty for a verified catalogue; rows:
    in the order of the form; predicates: from the lowest up."""

    name: str
    year: int
    most: Decimal
    notice: str
    rows: tuple[IndicatorRow, ...]
    predicates: tuple[Predicate, ...]

    @property
    def groups(self) -> dict[str, tuple[IndicatorRow, ...]]:
        """The rows of each group, groups in the order of the form."""
        grouped: dict[str, list[IndicatorRow]] = {}
        for row in self.rows:
            grouped.setdefault(row.variable, []).append(row)
        return {group: tuple(rows) for group, rows in grouped.items()}


class CatalogueReader:
    """Reads catalogues, each once in a while: a revision of a catalogue never changes, but its notice may."""

    def __init__(self, ask: AsksCatalogue) -> None:
        self._ask = ask
        self._kept = Kept[CatalogueFacts](_KEPT)

    async def find(self, name: str) -> CatalogueFacts | None:
        """A catalogue by its name, `2026.1`; None while scoring does not answer."""

        async def ask() -> CatalogueFacts | None:
            try:
                return facts_of(await self._ask(name))
            except CatalogueAway:
                return None

        return await self._kept.get(name, ask)


def facts_of(answer: Mapping[str, Any]) -> CatalogueFacts:
    """Read scoring's answer. Raises CatalogueAway for one that is no catalogue."""
    try:
        read = _Answer.model_validate(_with_text(answer))
    except ValidationError as error:
        raise CatalogueAway from error
    predicates = tuple(sorted(read.constants.predicates, key=lambda each: each.least))
    return CatalogueFacts(read.name, read.year, read.most, read.notice or "", read.indicators, predicates)


def _with_text(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers of rows as text, and points by their shortest decimal: JSON's numbers are floats."""
    rows = [
        {**each, "number": str(each.get("number")), "weight": str(each.get("weight"))}
        for each in answer.get("indicators", ())
    ]
    constants = answer.get("constants") or {}
    predicates = [{**each, "from": str(each.get("from"))} for each in constants.get("predicates", ())]
    return {**answer, "most": str(answer.get("most")), "indicators": rows, "constants": {"predicates": predicates}}
