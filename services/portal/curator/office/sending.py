"""Sends a form to an owner and says what it refused, at the fields of the form."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping

from services.portal.owners.answers import Answer, OwnerAway, OwnerProblem
from services.portal.pages.forms import Errors
from services.portal.pages.language import _

REFUSED, STALE, AWAY = 422, 412, 503


class Sent:
    """The outcome of a command. answer: None when it was refused, and `errors` and `status` say why; confirm: numbers
    that the owner wants confirmed."""

    def __init__(self) -> None:
        self.answer: Answer | None = None
        self.errors = Errors()
        self.status = REFUSED
        self.confirm: Mapping[str, int] = {}


async def sent(command: Awaitable[Answer], names: Mapping[str, str] | None = None) -> Sent:
    """Await a command. names: path of a flaw → field of the form, where they differ."""
    outcome = Sent()
    try:
        outcome.answer = await command
    except OwnerProblem as problem:
        outcome.status = problem.status
        outcome.confirm = problem.confirm
        outcome.errors.add_flaws(problem.flaws, names)
        if problem.is_stale:
            outcome.status = STALE
            outcome.errors[""] = _(
                "Orang lain mengubahnya sementara Anda mengisi. Periksa isian Anda, lalu kirim lagi."
            )
        elif not outcome.errors:
            outcome.errors[""] = problem.detail
    except OwnerAway:
        outcome.status = AWAY
        outcome.errors[""] = _(
            "Bagian sistem yang menyimpannya sedang tidak menjawab. Isian Anda masih di sini; coba lagi."
        )
    return outcome
