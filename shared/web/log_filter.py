"""A filter for the log of the HTTP server."""

from __future__ import annotations

import logging

from typing_extensions import override

from shared.clock import machine_seconds

_EVERY = 60.0  # seconds between two lines with the same message


class OncePerMinute(logging.Filter):
    """Passes each warning at most once a minute: a scanner must not fill the log. The next line tells how many were
    left out."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, float] = {}
        self._left_out: dict[str, int] = {}

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno != logging.WARNING:
            return True
        message, now = str(record.msg), machine_seconds()
        if now - self._last.get(message, -_EVERY) < _EVERY:
            self._left_out[message] = self._left_out.get(message, 0) + 1
            return False
        self._last[message] = now
        if left_out := self._left_out.pop(message, 0):
            record.msg = f"{message} ({left_out} more since the last such line)"
        return True
