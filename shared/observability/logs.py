"""Logs: an event name with fields, on standard error; JSON in containers, readable on a terminal.

The logs of libraries are formatted likewise. Values that look like secrets are masked; local variables are never shown.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal, TextIO

import structlog

Format = Literal["auto", "console", "json"]

_SECRET_NAMES = re.compile(r"(password|passwd|secret|token|authorization|api_?key|private)", re.IGNORECASE)
_IN_URL = re.compile(r"(?<=://)([^/@:\s]+):[^/@\s]+@")
_JWT = re.compile(r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]+")
_QUIET = {"httpx": "WARNING", "httpcore": "WARNING", "aiormq": "ERROR", "aio_pika": "ERROR", "pymongo": "WARNING"}
_UVICORN = ("uvicorn", "uvicorn.error", "uvicorn.access")

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
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        without_secrets,
        structlog.dev.ConsoleRenderer(colors=out.isatty())
        if readable
        else structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    handler = logging.StreamHandler(out)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=finish))
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
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def without_secrets(_logger: object, _method: str, entry: Entry) -> Entry:
    """A structlog processor: masks fields that are named like secrets, passwords in URLs, and tokens in text."""
    for name, value in entry.items():
        if _SECRET_NAMES.search(name):
            entry[name] = "***"
        elif isinstance(value, str):
            entry[name] = _JWT.sub("***", _IN_URL.sub(r"\1:***@", value))
        elif isinstance(value, BaseException):
            entry[name] = _IN_URL.sub(r"\1:***@", f"{type(value).__name__}: {value}")
    return entry
