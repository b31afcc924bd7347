"""What a table of an office is: its columns, with the words that offices write over them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class CellKind(StrEnum):
    """How a cell is read. LINE: text on one line; PROSE: text with line breaks; ID: an opaque id; YEAR; DAY; NUMBER: a
    decimal; LEVEL: a whole number from 0 to 3; CHOICE: one of `choices`; CHOICES: several, separated by `;` or `|`;
    YES_NO; NAMES: several texts, separated by `;` or `|`."""

    LINE = "line"
    PROSE = "prose"
    ID = "id"
    YEAR = "year"
    DAY = "day"
    NUMBER = "number"
    LEVEL = "level"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    NAMES = "names"


@dataclass(frozen=True)
class Choice:
    """One of a closed list. value: the stable slug; word: as forms show it; also: other words that offices write."""

    value: str
    word: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """key: our name; header: the column's title in templates and exports; synonyms: other titles, in any case and with
    any blanks and punctuation; width: in characters; help: a sentence for the
    template; rare: left out of the template."""

    key: str
    header: str
    kind: CellKind = CellKind.LINE
    synonyms: tuple[str, ...] = ()
    required: bool = False
    choices: tuple[Choice, ...] = ()
    width: int = 18
    help: str = ""
    rare: bool = False

    @cached_property
    def by_word(self) -> dict[str, str]:
        """Folded word → value of the choices."""
        words = {}
        for each in self.choices:
            for word in (each.value, each.word, *each.also):
                words[folded(word)] = each.value
        return words

    def value_of(self, word: str) -> str | None:
        """The value of the choice that this word stands for."""
        return self.by_word.get(folded(word))

    @cached_property
    def words(self) -> dict[str, str]:
        """Value → word of the choices."""
        return {each.value: each.word for each in self.choices}


@dataclass(frozen=True)
class Sheet:
    """key: our name, also in addresses; title: of the sheet in workbooks; synonyms: other titles."""

    key: str
    title: str
    columns: tuple[Column, ...]
    synonyms: tuple[str, ...] = ()

    @cached_property
    def by_key(self) -> dict[str, Column]:
        """Key → column."""
        return {each.key: each for each in self.columns}

    @cached_property
    def by_header(self) -> dict[str, Column]:
        """Folded title or synonym → column."""
        found: dict[str, Column] = {}
        for column in self.columns:
            for title in (column.header, column.key, *column.synonyms):
                found.setdefault(folded(title), column)
        return found

    @cached_property
    def titles(self) -> frozenset[str]:
        """Folded titles of the sheet."""
        return frozenset(folded(each) for each in (self.title, self.key, *self.synonyms))

    @cached_property
    def required(self) -> frozenset[str]:
        """The keys of the columns that must be there."""
        return frozenset(each.key for each in self.columns if each.required)


def folded(text: str) -> str:
    """Text for comparisons: lower case, letters and digits only, one blank between words; a note in brackets or after
    an asterisk at its end is dropped."""
    text = text.casefold().strip()
    cut = text.find("(", 1)
    text = text[:cut] if cut > 0 and text.endswith((")", ") *", ")*")) else text
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text).split())
