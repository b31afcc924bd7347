"""Reads the text of PDF files, in a process of its own that may not use much time or memory.

Started by `process.py` by its path, it imports only the standard library and pypdf. On standard input come files, each
after its length (8 bytes, big-endian); on standard output goes for each the length (4 bytes) and a JSON object::

    {"state": "read" | "locked" | "unreadable" | "too-complex", "pages": 3,
     "texts": [{"text": "…", "picture": false}, …]}

`texts` has fewer entries than `pages` when a limit was reached. `picture`: the page shows a picture as large as a scan.
"""

from __future__ import annotations

import io
import json
import logging
import resource
import signal
import struct
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MOST_PAGES = 80  # of one file; later ones are not read
MOST_SIGNS = 150_000  # of one file
SECONDS = 5.0  # for one file
MEMORY = 512 * 1024 * 1024  # bytes of address space

FILE_HEAD = struct.Struct(">Q")
ANSWER_HEAD = struct.Struct(">I")

_SCAN = 500_000  # pixels: A4 at 75 dpi has as many


_AGAIN = 1.0
"""Seconds after which the time is up once more: what a finaliser or a callback of the collector raises is ignored."""


class _TimeUp(BaseException):
    """Not an Exception, so that no handler in the library stops it."""


def read(data: bytes, seconds: float = SECONDS) -> dict[str, Any]:
    """The answer for one file. Keeps the pages that were read when the time is over."""
    answer: dict[str, Any] = {"state": "unreadable", "pages": 0, "texts": []}
    try:
        signal.signal(signal.SIGALRM, _time_up)
        signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
        try:
            _read_into(answer, data)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except (_TimeUp, MemoryError):
        answer["state"] = "read" if answer["texts"] else "too-complex"
    except Exception:  # noqa: BLE001 - a broken file raises whatever it likes
        answer["state"] = "read" if answer["texts"] else "unreadable"
    return answer


def _read_into(answer: dict[str, Any], data: bytes) -> None:
    from pypdf import PdfReader  # noqa: PLC0415 - only this process pays for it

    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        answer["state"] = "locked"
        return
    answer["pages"] = len(reader.pages)
    _read_pages(answer, reader)
    answer["state"] = "read"


def _read_pages(answer: dict[str, Any], reader: PdfReader) -> None:
    left = MOST_SIGNS
    for number in range(min(answer["pages"], MOST_PAGES)):
        page = reader.pages[number]
        text = (page.extract_text() or "")[:left]
        answer["texts"].append({"text": text, "picture": _has_picture(page)})
        left -= len(text)
        if left <= 0:
            return


def _has_picture(page: PageObject) -> bool:
    """Whether one of the page's own pictures has as many pixels as a scanned page."""
    resources = page.get("/Resources")
    found = resources.get_object().get("/XObject") if resources is not None else None
    for each in found.get_object().values() if found is not None else ():
        it = each.get_object()
        if it.get("/Subtype") == "/Image" and int(it.get("/Width", 0)) * int(it.get("/Height", 0)) >= _SCAN:
            return True
    return False


def _time_up(*_: object) -> None:
    raise _TimeUp


def serve(files: BinaryIO, answers: BinaryIO) -> None:
    """Answer files until there are no more."""
    while len(head := files.read(FILE_HEAD.size)) == FILE_HEAD.size:
        answer = read(files.read(FILE_HEAD.unpack(head)[0]))
        body = json.dumps(answer).encode()
        answers.write(ANSWER_HEAD.pack(len(body)) + body)
        answers.flush()


def limit() -> None:
    """Limit this process: its memory, and that it writes no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    logging.disable()
    limit()
    serve(sys.stdin.buffer, sys.stdout.buffer)
