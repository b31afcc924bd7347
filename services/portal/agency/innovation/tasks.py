"""The task list of an innovation: which steps and indicators are done, which lack something. Pure.

Complete is not sent: the list says what is filled in, and never whether it was submitted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from services.portal.agency.evidence.catalogue import Indicator
from services.portal.agency.innovation.detail import Flawed, Innovation
from services.portal.agency.profile.steps import STEPS, Step, step_of
from services.portal.pages.language import N_


class State(StrEnum):
    """DONE: filled in; MISSING: the submission asks for something that is empty; WRONG: something must be corrected;
    STARTED: begun, a proof or a level lacks; WANTED: empty and mandatory in the national round; OPTIONAL: empty, may
    stay so."""

    DONE = "done"
    MISSING = "missing"
    WRONG = "wrong"
    STARTED = "started"
    WANTED = "wanted"
    OPTIONAL = "optional"


STATE_WORDS = {
    State.DONE: N_("Terisi"),
    State.MISSING: N_("Belum lengkap"),
    State.WRONG: N_("Perlu diperbaiki"),
    State.STARTED: N_("Belum lengkap"),
    State.WANTED: N_("Wajib, belum diisi"),
    State.OPTIONAL: N_("Boleh kosong"),
}


@dataclass(frozen=True)
class StepTask:
    """A step of the profile. flaws: what the submission objects to."""

    step: Step
    state: State
    flaws: tuple[Flawed, ...] = ()


@dataclass(frozen=True)
class RowTask:
    """An indicator. comment: the curator's, empty without one."""

    indicator: Indicator
    state: State
    comment: str = ""
    flaws: tuple[Flawed, ...] = ()


@dataclass(frozen=True)
class TaskList:
    """other: flaws that belong to no step and no indicator."""

    steps: tuple[StepTask, ...]
    rows: tuple[RowTask, ...]
    other: tuple[Flawed, ...] = field(default=())

    @property
    def blocking(self) -> int:
        """How many things block the submission."""
        of_steps = sum(len(each.flaws) for each in self.steps)
        return of_steps + sum(len(each.flaws) for each in self.rows) + len(self.other)

    @property
    def steps_done(self) -> int:
        """How many steps of the profile lack nothing that the submission asks for."""
        return sum(not each.flaws for each in self.steps)

    @property
    def rows_done(self) -> int:
        """How many indicators are claimed and proved."""
        return sum(each.state is State.DONE for each in self.rows)

    @property
    def wanted(self) -> list[RowTask]:
        """Mandatory indicators that are not claimed and proved."""
        return [each for each in self.rows if each.indicator.mandatory and each.state is not State.DONE]


def task_list(innovation: Innovation, flaws: Sequence[Flawed], indicators: Iterable[Indicator]) -> TaskList:
    """The list for an innovation. flaws: as the registry's check of a submission gives them."""
    of_rows = [each for each in flaws if each.field.startswith("evidence.")]
    of_steps = [each for each in flaws if each.field.startswith("profile.")]
    other = tuple(each for each in flaws if each not in of_rows and each not in of_steps)
    return TaskList(
        tuple(_step(step, innovation, of_steps) for step in STEPS),
        tuple(_row(each, innovation, of_rows) for each in indicators),
        other,
    )


def _step(step: Step, innovation: Innovation, flaws: Sequence[Flawed]) -> StepTask:
    own = tuple(each for each in flaws if step_of(each.field) is step)
    filled = any(innovation.profile.get(name) not in (None, [], "") for name in step.names)
    if any(each.code != "missing" for each in own):
        state = State.WRONG
    elif own:
        state = State.MISSING
    else:
        state = State.DONE if filled else State.OPTIONAL
    return StepTask(step, state, own)


def _row(indicator: Indicator, innovation: Innovation, flaws: Sequence[Flawed]) -> RowTask:
    number = indicator.number
    own = tuple(each for each in flaws if each.field.split(".")[1] == number)
    row = innovation.evidence.get(number)
    if any(each.code != "missing" for each in own):
        state = State.WRONG
    elif row is None:
        state = State.WANTED if indicator.mandatory else State.OPTIONAL
    elif row.claimed and row.proofs:
        state = State.DONE
    else:
        state = State.STARTED
    return RowTask(indicator, state, innovation.comments.get(number, ""), own)
