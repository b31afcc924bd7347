"""Streams an XML part through a handler, in memory that does not grow with it. Entities are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.parsers import expat

from shared.tables.limits import MEGABYTE
from shared.tables.xlsx.package import unreadable

_DEEPEST = 32  # elements within one another
_LONGEST_TOKEN = 2 * MEGABYTE  # bytes of one tag, which the parser holds as a whole


@dataclass
class Handler:
    """start: called with an element's name, without its namespace, and its attributes; text: with a piece of text; end:
    with the name."""

    start: Callable[[str, dict[str, str]], None]
    text: Callable[[str], None]
    end: Callable[[str], None]


def stream(chunks: Iterator[bytes], handler: Handler) -> None:
    """Parse a part. Raises Invalid for what is not well-formed, and whatever the handler raises."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = 0
    start, end = handler.start, handler.end

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise unreadable()
        start(name[name.find(":") + 1 :], attributes)

    def finish(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name[name.find(":") + 1 :])

    def refuse(*_: object) -> None:
        raise unreadable()

    parser.StartElementHandler = begin
    parser.EndElementHandler = finish
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    fed = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)  # noqa: FBT003 - expat's own
            fed += len(chunk)
            if fed - max(parser.CurrentByteIndex, 0) > _LONGEST_TOKEN:
                raise unreadable()
        parser.Parse(b"", True)  # noqa: FBT003 - as above
    except expat.ExpatError as error:
        raise unreadable() from error
