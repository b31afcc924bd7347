"""How the office's clerks type what is true: other titles, letter case, blanks, days and words, drawn from a seed."""

from __future__ import annotations

import random
from datetime import date

from shared import indonesian
from shared.tables.columns import SHEETS
from shared.tables.sheet import Column, folded


class Clerk:
    """Types cells. Whatever it types is a correct way to write the value."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def title(self, sheet: str, key: str) -> str:
        """A title of a column, as some office writes it."""
        known = SHEETS[sheet]
        column = known.by_key[key]
        titles = [each for each in (column.header, *column.synonyms) if known.by_header[folded(each)].key == key]
        return self._in_some_case(self.dice.choice(titles)) + self.dice.choice(("", "", " *", " (wajib)"))

    def name(self, text: str) -> str:
        """A name in another case, with blanks too many."""
        return self.dice.choice((text, text, text.upper(), f" {text}  ", text.replace(" ", "  ")))

    def day(self, iso: str) -> object:
        """A day as Excel has it, or as text."""
        day = date.fromisoformat(iso)
        return self.dice.choice((day, day, f"{day:%d/%m/%Y}", f"{day.day}-{day.month}-{day.year}", indonesian.day(day)))

    def word(self, column: Column, value: str) -> str:
        """One of the words for a value of a closed list."""
        choice = next(each for each in column.choices if each.value == value)
        return self._in_some_case(self.dice.choice((choice.word, choice.word, *choice.also)))

    def number(self, value: int) -> object:
        """A whole number, as a number or as text."""
        return self.dice.choice((value, value, str(value), float(value)))

    def level(self, value: int) -> object:
        """A level, as a number or with the word of the form."""
        return self.dice.choice((value, value, value, str(value), f"Parameter {value}", f"P{value}"))

    def phone(self, digits: str) -> object:
        """A mobile number; as a number it has lost its zero."""
        inner = digits.removeprefix("0")
        return self.dice.choice((digits, f"+62{inner}", f"{digits[:4]}-{digits[4:8]}-{digits[8:]}", int(inner)))

    def _in_some_case(self, text: str) -> str:
        return self.dice.choice((text, text, text.upper(), text.lower()))
