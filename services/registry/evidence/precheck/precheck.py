"""The pre-check of one document: what its text says of the letter that was declared. A hint, never a verdict."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from services.registry.evidence.precheck import wording
from services.registry.evidence.precheck.dates import find_date, stated_date
from services.registry.evidence.precheck.hit import Found
from services.registry.evidence.precheck.numbers import find_number, stated_number
from services.registry.evidence.precheck.phrases import find_subject, find_title, stated_subject
from services.registry.evidence.precheck.text import DocumentText, Quote, TextState
from services.registry.evidence.precheck.years import find_year
from services.registry.evidence.window import BY_PLANNED_YEAR, YearWindow
from shared import indonesian


class Item(StrEnum):
    """What is looked for: nomor, tanggal, perihal, nama inovasi, tahun."""

    NUMBER = "number"
    DATED = "dated"
    SUBJECT = "subject"
    TITLE = "title"
    YEARS = "years"


class Outcome(StrEnum):
    """FOUND: where a letter states it of itself; ELSEWHERE: in the text, but the letter states something else of
    itself; OTHER: not in the text, and the letter states something else; MISSING: not in the text; UNDECLARED: nothing
    was declared, what the letter states is shown."""

    FOUND = "found"
    ELSEWHERE = "elsewhere"
    OTHER = "other"
    MISSING = "missing"
    UNDECLARED = "undeclared"


class Declared(BaseModel):
    """What the agency has declared. row: the indicator, for the years; window: from which the evidence must be."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    row: str | None = None
    number: str | None = None
    dated: date | None = None
    subject: str | None = None
    title: str | None = None
    window: YearWindow | None = None


class Words(BaseModel):
    """Words of the document, and the page that they are on, from 1."""

    model_config = ConfigDict(frozen=True)

    text: str
    page: int


class Finding(BaseModel):
    """One item. declared: what was looked for; found: the words where it stands; stated: what the letter states
    instead; message: in Bahasa Indonesia."""

    model_config = ConfigDict(frozen=True)

    item: Item
    outcome: Outcome
    declared: str | None
    found: Words | None
    stated: Words | None
    message: str


class Precheck(BaseModel):
    """state: how much was read; pages: of the document; pages_read: from the first on; pages_without_text: of these;
    findings: empty without text; doubtful: the items that a person should look at; note: what this is, and is not."""

    model_config = ConfigDict(frozen=True)

    state: TextState
    pages: int
    pages_read: int
    pages_without_text: tuple[int, ...]
    findings: tuple[Finding, ...]
    doubtful: tuple[Item, ...]
    message: str
    note: str = wording.NOTE


_CERTAIN = frozenset({Outcome.FOUND, Outcome.UNDECLARED})


def precheck(document: DocumentText, declared: Declared) -> Precheck:
    """Look for everything that was declared."""
    findings = tuple(_findings(document, declared)) if document.state is TextState.READ else ()
    return Precheck(
        state=document.state,
        pages=document.pages,
        pages_read=len(document.read),
        pages_without_text=document.without_text,
        findings=findings,
        doubtful=tuple(each.item for each in findings if each.outcome not in _CERTAIN),
        message=wording.of_state(document),
    )


def _findings(document: DocumentText, declared: Declared) -> list[Finding]:
    number, dated, subject, title = declared.number, declared.dated, declared.subject, declared.title
    findings = [
        _finding(Item.NUMBER, number, find_number(document, number))
        if number
        else _undeclared(Item.NUMBER, stated_number(document)),
        _finding(Item.DATED, indonesian.day(dated), find_date(document, dated))
        if dated
        else _undeclared(Item.DATED, stated_date(document)),
        _finding(Item.SUBJECT, subject, find_subject(document, subject))
        if subject
        else _undeclared(Item.SUBJECT, stated_subject(document)),
    ]
    if title:
        findings.append(_finding(Item.TITLE, title, find_title(document, title)))
    if declared.window is not None:
        years = f"{declared.window.first} sampai {declared.window.last}"
        found = find_year(document, declared.window, planned=declared.row in BY_PLANNED_YEAR)
        findings.append(_finding(Item.YEARS, years, found))
    return findings


def _finding(item: Item, declared: str, found: Found) -> Finding:
    outcome = _outcome(found)
    stated = None if outcome is Outcome.FOUND else found.instead
    message = wording.of_finding(item.value, outcome.value, declared, found.here, stated)
    return Finding(
        item=item,
        outcome=outcome,
        declared=declared,
        found=_words(found.here),
        stated=_words(stated),
        message=message,
    )


def _undeclared(item: Item, stated: Quote | None) -> Finding:
    message = wording.of_finding(item.value, Outcome.UNDECLARED.value, "", None, stated)
    return Finding(
        item=item, outcome=Outcome.UNDECLARED, declared=None, found=None, stated=_words(stated), message=message
    )


def _outcome(found: Found) -> Outcome:
    if found.here is None:
        return Outcome.MISSING if found.instead is None else Outcome.OTHER
    return Outcome.FOUND if found.own else Outcome.ELSEWHERE


def _words(quote: Quote | None) -> Words | None:
    return None if quote is None else Words(text=quote.text, page=quote.page)
