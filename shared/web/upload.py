"""One file out of a multipart body, as it streams in: nothing is spooled, nothing larger than a chunk is held.

Source: RFC 7578. Exactly one part is taken, named `file`, with a file name.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from shared.faults import Flaw, Invalid

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

_LONGEST_BOUNDARY = 70  # characters, RFC 2046 §5.1.1
_ESCAPED = {'"': "%22", "\r": "%0D", "\n": "%0A"}  # in names, by HTML (multipart/form-data encoding algorithm)

UPLOAD_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}
"""The body, for the OpenAPI document of a route that reads it itself."""


class Upload:
    """`chunks` gives the file's bytes; when they have ended, `name` is the file's name as its owner wrote it."""

    def __init__(self, request: Request) -> None:
        """Raises Invalid when the body's type names no boundary."""
        media_type, options = parse_options_header(request.headers.get("content-type"))
        boundary = options.get(b"boundary", b"")
        if media_type != b"multipart/form-data" or not 1 <= len(boundary) <= _LONGEST_BOUNDARY:
            raise _malformed("badan permintaan harus multipart/form-data dengan bagian bernama file")
        self.name = ""
        self._request = request
        self._part = _Part()
        self._parser = MultipartParser(boundary, self._part.callbacks())

    async def chunks(self) -> AsyncIterator[bytes]:
        """The file's bytes. Raises Invalid for a body that is no such form, or that breaks off."""
        async for chunk in self._request.stream():
            if self._part.ended:
                continue  # an epilogue, which RFC 2046 tells us to ignore
            try:
                self._parser.write(chunk)
            except MultipartParseError as error:
                raise _malformed("badan multipart tidak dapat dibaca") from error
            for piece in self._part.taken():
                yield piece
        if self._part.number == 0:
            raise Invalid([Flaw("file", "missing", "bagian bernama file wajib ada")])
        if not self._part.ended:
            raise _malformed("badan multipart terputus sebelum berakhir")
        self.name = self._part.filename


class _Part:
    """What the parser says of the only part."""

    def __init__(self) -> None:
        self.number = 0
        self.ended = False
        self.filename = ""
        self._field = b""
        self._value = b""
        self._disposition = b""
        self._pieces: list[bytes] = []

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._on_field,
            "on_header_value": self._on_value,
            "on_header_end": self._header,
            "on_headers_finished": self._headers,
            "on_part_data": self._data,
            "on_end": self._end,
        }

    def taken(self) -> list[bytes]:
        pieces, self._pieces = self._pieces, []
        return pieces

    def _begin(self) -> None:
        self.number += 1
        if self.number > 1:
            raise Invalid([Flaw("file", "too-many", "hanya satu bagian, bernama file, dalam satu permintaan")])

    def _on_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header(self) -> None:
        if self._field.lower() == b"content-disposition":
            self._disposition = self._value
        self._field = self._value = b""

    def _headers(self) -> None:
        _, options = parse_options_header(self._disposition)
        if options.get(b"name") != b"file" or b"filename" not in options:
            raise Invalid([Flaw("file", "missing", "bagian bernama file, dengan nama berkas, wajib ada")])
        name = options[b"filename"].decode("utf-8", errors="replace")
        for sign, escaped in _ESCAPED.items():
            name = name.replace(escaped, sign)
        self.filename = name

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._pieces.append(bytes(data[start:end]))

    def _end(self) -> None:
        self.ended = True


def _malformed(why: str) -> Invalid:
    return Invalid([Flaw("body", "malformed", why)])
