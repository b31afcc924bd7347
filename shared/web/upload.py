"""Streams one file out of a multipart body: nothing is spooled, at most a chunk is in memory.

Source: RFC 7578. The body must have exactly one part, named `file`, with a file name.
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
"""Route option `openapi_extra` of a route that reads the upload itself."""


class Upload:
    """The file of a request. `name`, the file's name as sent, is set once `chunks` is exhausted."""

    def __init__(self, request: Request) -> None:
        """Raises Invalid when the media type is not multipart/form-data with a boundary."""
        media_type, options = parse_options_header(request.headers.get("content-type"))
        boundary = options.get(b"boundary", b"")
        if media_type != b"multipart/form-data" or not 1 <= len(boundary) <= _LONGEST_BOUNDARY:
            raise _malformed("badan permintaan harus multipart/form-data dengan bagian bernama file")
        self.name = ""
        self._request = request
        self._part = _Part()
        self._parser = MultipartParser(boundary, self._part.callbacks())

    async def chunks(self) -> AsyncIterator[bytes]:
        """The file's bytes. Raises Invalid for a malformed or incomplete body."""
        async for chunk in self._request.stream():
            if self._part.ended:
                continue  # an epilogue, which must be ignored (RFC 2046 §5.1.1)
            try:
                self._parser.write(chunk)
            except MultipartParseError as error:
                raise _malformed("badan multipart tidak dapat dibaca") from error
            for chunk_of_file in self._part.take():
                yield chunk_of_file
        if self._part.number == 0:
            raise Invalid([Flaw("file", "missing", "bagian bernama file wajib ada")])
        if not self._part.ended:
            raise _malformed("badan multipart terputus sebelum berakhir")
        self.name = self._part.filename


class _Part:
    """Collects the parser's callbacks for the only part."""

    def __init__(self) -> None:
        self.number = 0
        self.ended = False
        self.filename = ""
        self._field = b""
        self._value = b""
        self._disposition = b""
        self._chunks: list[bytes] = []

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

    def take(self) -> list[bytes]:
        chunks, self._chunks = self._chunks, []
        return chunks

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
        self._chunks.append(bytes(data[start:end]))

    def _end(self) -> None:
        self.ended = True


def _malformed(why: str) -> Invalid:
    return Invalid([Flaw("body", "malformed", why)])
