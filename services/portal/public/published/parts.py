"""What a page shows of a ranking's groups and categories: the first places of several, or one in pages. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.portal.answered.ranking import Cell, Place

_CELLS, _FIRST, _PLACES = 6, 10, 50  # of a page: groups and categories; places of each; places of one alone
_DIGITS = 6


@dataclass(frozen=True)
class Part:
    """Some places of one cell. all: the address of a page with all of them, None if these are all."""

    cell: Cell
    places: Sequence[Place]
    all: str | None = None

    @property
    def title(self) -> str:
        """Group and category."""
        return f"{self.cell.group_name} · {self.cell.category_name}"

    @property
    def last_awarded(self) -> int:
        """The rank of the last place that is awarded; 0: none is."""
        return self.cell.places[self.cell.awarded - 1].rank if 0 < self.cell.awarded <= len(self.cell.places) else 0


@dataclass(frozen=True)
class Parts:
    """alone: one cell of several, so that there is a way back to all; following, first: addresses of pages."""

    shown: Sequence[Part]
    alone: bool = False
    following: str | None = None
    first: str | None = None

    @property
    def innovations(self) -> list[str]:
        """The ids of those that are shown."""
        return [each.innovation for part in self.shown for each in part.places]

    @property
    def compared(self) -> bool:
        """Whether any of them was compared with an earlier freeze."""
        return any(each.movement for part in self.shown for each in part.places)


def parts_of(cells: Sequence[Cell], path: str, parameters: Mapping[str, str]) -> Parts:
    """Those of a page. path: of the page; parameters: `bagian`, the number of a cell, counted from 1 among those that
    have places, and `sesudah`, how many places or cells come before. Other values are left out."""
    filled = [each for each in cells if each.places]
    chosen, start = _number(parameters.get("bagian")), _number(parameters.get("sesudah"))
    if len(filled) == 1 or 0 < chosen <= len(filled):
        number = max(chosen, 1) if chosen <= len(filled) else 1
        return _one(filled[number - 1], start, path, f"bagian={number}" if len(filled) > 1 else "")
    return _several(filled, start, path)


def _one(cell: Cell, start: int, path: str, chosen: str) -> Parts:
    end = start + _PLACES
    return Parts(
        [Part(cell, cell.places[start:end])],
        alone=bool(chosen),
        following=_address(path, chosen, f"sesudah={end}") if end < len(cell.places) else None,
        first=_address(path, chosen) if start else None,
    )


def _several(cells: Sequence[Cell], start: int, path: str) -> Parts:
    end = start + _CELLS
    shown = [
        Part(cell, cell.places[:_FIRST], _address(path, f"bagian={number}") if len(cell.places) > _FIRST else None)
        for number, cell in enumerate(cells[start:end], start + 1)
    ]
    following = _address(path, f"sesudah={end}") if end < len(cells) else None
    return Parts(shown, following=following, first=path if start else None)


def _address(path: str, *parameters: str) -> str:
    chosen = "&".join(each for each in parameters if each)
    return f"{path}?{chosen}" if chosen else path


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= _DIGITS else 0
