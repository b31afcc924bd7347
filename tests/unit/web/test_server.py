from __future__ import annotations

import logging

from shared.web.server import OncePerMinute


def record(message: str, level: int = logging.WARNING) -> logging.LogRecord:
    return logging.LogRecord("uvicorn.error", level, __file__, 1, message, None, None)


def test_a_warning_passes_once_a_minute_and_then_tells_how_many_were_left_out() -> None:
    seldom = OncePerMinute()
    passed = [seldom.filter(record("Invalid HTTP request received.")) for _ in range(5)]
    seldom._last["Invalid HTTP request received."] -= 61
    next_line = record("Invalid HTTP request received.")

    assert passed == [True, False, False, False, False]
    assert seldom.filter(next_line)
    assert next_line.getMessage() == "Invalid HTTP request received. (4 more since the last such line)"


def test_errors_and_other_warnings_pass() -> None:
    seldom = OncePerMinute()

    assert all(seldom.filter(record("Exception in ASGI application", logging.ERROR)) for _ in range(3))
    assert seldom.filter(record("one"))
    assert seldom.filter(record("another"))
