"""The claims whose outcome a store does not know.

A claim that failed may have taken leases nevertheless: the engine applied it, and its answer was lost. Nobody would
publish those events before the leases expire; so the store's next claim releases them first.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator


class Claims:
    """Makes the tokens of a store's claims. unanswered: the tokens of the claims that failed."""

    def __init__(self) -> None:
        self.unanswered: set[str] = set()

    @contextlib.contextmanager
    def new(self) -> Iterator[str]:
        """The token of one claim, which the block makes."""
        token = uuid.uuid4().hex
        try:
            yield token
        except BaseException:
            self.unanswered.add(token)
            raise
