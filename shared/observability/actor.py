"""Who is changing something: the person of a request, or the command, handler or loop that runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """account: an account id, never a name; None where no person acts. role: the account's, or `command`, `handler`,
    `loop`, `import`; address: where the request came from, for a command the host; through: the route as method and
    template, the command, the event type, the loop's name or the import."""

    account: str | None
    role: str
    address: str | None
    through: str


NOBODY = Actor(None, "process", None, "")
"""Outside of any request, command, handler and loop: a process that starts or ends."""

_current: ContextVar[Actor] = ContextVar("actor", default=NOBODY)


def current() -> Actor:
    """Who acts in this task."""
    return _current.get()


def importing(account: str, run: str) -> Actor:
    """The account that brought in a file whose rows are being applied; within its request, whoever that is. run: the
    import's id."""
    now = current()
    return now if now.account == account else Actor(account, "import", None, f"import/{run}")


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """What the code inside changes is this actor's doing."""
    token = _current.set(actor)
    try:
        yield
    finally:
        _current.reset(token)
