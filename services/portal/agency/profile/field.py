"""One question of the profile form, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Kind(StrEnum):
    """What is entered, and as which JSON value the registry keeps it. LINE, TEXT: text; ONE: a slug; MANY: slugs;
    NUMBERS: whole numbers; YES_NO: a boolean; DAY: `2026-12-03`; PLACE: latitude and longitude; CERTIFICATE: number
    and date."""

    LINE = "line"
    TEXT = "text"
    ONE = "one"
    MANY = "many"
    NUMBERS = "numbers"
    YES_NO = "yes_no"
    DAY = "day"
    PLACE = "place"
    CERTIFICATE = "certificate"


Translate = Callable[[str], str]


@dataclass(frozen=True)
class Question:
    """name: of the profile's field; label, hint: msgids; required: the submission asks for it; options: value → msgid;
    most: characters; words: the least number of words of a submission, 0: any; rows: of a text area."""

    name: str
    label: str
    kind: Kind
    hint: str = ""
    required: bool = False
    options: Mapping[str, str] = field(default_factory=dict)
    most: int = 200
    words: int = 0
    rows: int = 6

    @property
    def input(self) -> str:
        """The name of its field in the form. A field named `form` would hide the property of that name of its form."""
        return "bentuk" if self.name == "form" else self.name

    def spoken(self, translate: Translate) -> Question:
        """The same question in the language of the page."""
        return replace(self, label=translate(self.label), hint=translate(self.hint) if self.hint else "")

    def choices(self, translate: Translate) -> list[tuple[str, str]]:
        """Its options: value and words in the language of the page."""
        return [(value, translate(words)) for value, words in self.options.items()]
