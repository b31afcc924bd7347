"""Logs: an event name with fields, on standard error; JSON in containers, readable on a terminal.

The logs of libraries are formatted likewise; our own take no detour through the standard library, which would cost
more than the line itself. Values that look like secrets are masked; local variables are never shown.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, partial
from typing import Any, Literal, TextIO

import structlog

Format = Literal["auto", "console", "json"]

_SECRET_NAMES = re.compile(r"(password|passwd|secret|token|authorization|api_?key|private)", re.IGNORECASE)
_IN_URL = re.compile(r"(?<=://)([^/@:\s]+):[^/@\s]+@")
_JWT = re.compile(r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]+")
_QUIET = {"httpx2": "WARNING", "httpcore2": "WARNING", "aiormq": "ERROR", "aio_pika": "ERROR", "pymongo": "WARNING"}
_UVICORN = ("uvicorn", "uvicorn.error", "uvicorn.access")

_ENCODER = json.JSONEncoder(ensure_ascii=False, default=repr)
_CALLER = structlog.stdlib.LoggerFactory(ignore_frame_names=[__name__])

Entry = MutableMapping[str, Any]

_about: ContextVar[Mapping[str, object]] = ContextVar("about", default={})  # noqa: B039 - nobody writes into it


@contextmanager
def about(fields: Mapping[str, object]) -> Iterator[None]:
    """What is logged inside has these fields, which the caller may add to later. For what is done often and rarely
    logged: structlog's own binding costs a context variable per field."""
    token = _about.set(fields)
    try:
        yield
    finally:
        _about.reset(token)


def with_subject(_logger: object, _method: str, entry: Entry) -> Entry:
    """A structlog processor: adds the fields of `about`; the entry's own win."""
    for name, value in _about.get().items():
        entry.setdefault(name, value)
    return entry


def configure(format: Format = "auto", level: str = "info", *, stream: TextIO | None = None) -> None:
    """Send every log of this process to `stream` (standard error). auto: readable on a terminal, else JSON. May be
    called again."""
    out = stream or sys.stderr
    readable = format == "console" or (format == "auto" and out.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        with_subject,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    finish: list[Any] = [
        structlog.processors.format_exc_info,
        without_secrets,
        structlog.dev.ConsoleRenderer(colors=out.isatty()) if readable else _json,
    ]
    handler: logging.StreamHandler[TextIO] = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *finish]
        )
    )
    root = logging.getLogger()
    for old in list(root.handlers):
        if isinstance(old.formatter, structlog.stdlib.ProcessorFormatter):
            root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name, quieter in _QUIET.items():
        logging.getLogger(name).setLevel(quieter)
    for name in _UVICORN:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = name != "uvicorn.access"
    logging.getLogger("uvicorn").setLevel("WARNING")
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[*shared, _whole],
        wrapper_class=structlog.make_filtering_bound_logger(root.level),
        logger_factory=partial(_Lines, handler, finish),
        cache_logger_on_first_use=False,
    )


class _Lines:
    """Writes entries as lines to the stream of a handler, under its lock. Like a handler, it raises nothing: an entry
    that cannot be written must not break what it tells of."""

    def __init__(self, handler: logging.StreamHandler[TextIO], finish: list[Any], name: str | None = None) -> None:
        """name: the logger's; None: the calling module's."""
        self._handler = handler
        self._finish = finish
        self.name = name or str(_CALLER().name)

    def _write(self, entry: Entry) -> None:
        line: Any = entry
        self._handler.acquire()
        try:
            for step in self._finish:
                line = step(self, "", line)
            self._handler.stream.write(line + self._handler.terminator)
            self._handler.flush()
        except Exception:  # noqa: BLE001 - reported as `logging` reports it
            self._handler.handleError(logging.makeLogRecord({"name": self.name, "msg": str(entry.get("event"))}))
        finally:
            self._handler.release()

    debug = info = warning = error = critical = _write


def _whole(_logger: object, _method: str, entry: Entry) -> tuple[tuple[Entry], dict[str, Any]]:
    """A structlog processor: hands the entry to `_Lines` as it is."""
    return (entry,), {}


def _json(_logger: object, _method: str, entry: Entry) -> str:
    return _ENCODER.encode(entry)


def without_secrets(_logger: object, _method: str, entry: Entry) -> Entry:
    """A structlog processor: masks fields that are named like secrets, passwords in URLs, and tokens in text."""
    for name, value in entry.items():
        if _is_secret(name):
            entry[name] = "***"
        elif isinstance(value, str):
            if "://" in value:
                entry[name] = value = _IN_URL.sub(r"\1:***@", value)  # noqa: PLW2901
            if "eyJ" in value:
                entry[name] = _JWT.sub("***", value)
        elif isinstance(value, BaseException):
            entry[name] = _IN_URL.sub(r"\1:***@", f"{type(value).__name__}: {value}")
    return entry


@lru_cache(maxsize=1024)
def _is_secret(name: str) -> bool:
    return _SECRET_NAMES.search(name) is not None
