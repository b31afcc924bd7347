"""What one reason says, before a channel gives it its form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from shared.contracts.message import Alert

HOME = "/"
"""The path that works for every reader: the start page, from which those who may sign in."""


class Urgency(IntEnum):
    """The order of reasons in one message, the most urgent first."""

    TODAY = 0
    OVERDUE = 1
    OPENED_AGAIN = 2
    RETURNED = 3
    MOVED = 4
    BEFORE = 5
    QUESTION = 6
    DECISION = 7
    BEHIND = 8
    UNREACHABLE = 9
    ENDPOINT = 10
    REPORT = 11
    CONFIRM = 12
    NEWS = 13


@dataclass(frozen=True)
class Table:
    """A list in a message. rows: as many cells as columns; rest: how many rows were left out; empty: the sentence that
    stands in for no rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    rest: int = 0
    empty: str = ""


@dataclass(frozen=True)
class Statement:
    """The text of one reason.

    days: until its deadline, sorts within one urgency; subject: one line; paragraphs: whole sentences; template: of
    WhatsApp; variables: of that template, without the last two: what else there is to say (`brief`), and where to learn
    more; facts: labels and values; action, path: the words of the link and where it leads, empty: nowhere.
    """

    alert: Alert
    urgency: Urgency
    days: int
    subject: str
    heading: str
    paragraphs: tuple[str, ...]
    template: str
    variables: tuple[str, ...]
    brief: str
    facts: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()
    action: str = "Buka Satu Inovasi"
    path: str = HOME
