"""A form with a file: the fields before it, then the file as a stream. Nothing is spooled.

    file = await FileForm.read(request)         # checks the form's secret; raises Invalid, Forbidden
    errors.require(file.form, "number"); …
    await owners.registry(session).send_file("PUT", path, Multipart(file.name, file.chunks(), file.media_type))

The file must be the last field of the form (RFC 7578 keeps the order of a form's fields).
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from services.portal.pages import csrf
from services.portal.pages.forms import MOST_FIELDS, Form
from services.portal.pages.language import _
from services.portal.pages.session import session_of
from shared.faults import Flaw, Forbidden, Invalid, TooLarge

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

_LONGEST_BOUNDARY = 70  # characters, RFC 2046 §5.1.1
_MOST_FIELDS_BYTES = 256 * 1024
_ESCAPED = {"%22": '"', "%0D": "\r", "%0A": "\n"}


class FileForm:
    """form: the fields before the file; name: the file's as sent, without a folder, empty: no file was chosen;
    media_type: as the browser says."""

    def __init__(self, request: Request, boundary: bytes) -> None:
        self.form = Form(())
        self.name = ""
        self.media_type = "application/octet-stream"
        self._parts = _Parts()
        self._parser = MultipartParser(boundary, self._parts.callbacks())
        self._stream = request.stream()

    @classmethod
    async def read(cls, request: Request) -> FileForm:
        """Read up to the file. Raises Invalid for a body that is no such form, Forbidden without the session's
        secret."""
        kind, options = parse_options_header(request.headers.get("content-type"))
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not 1 <= len(boundary) <= _LONGEST_BOUNDARY:
            raise _malformed()
        made = cls(request, boundary)
        await made._fields()
        session = session_of(request)
        given = request.headers.get(csrf.HEADER) or made.form.text(csrf.FIELD)
        if session is not None and not csrf.is_right(given, session.csrf):
            raise Forbidden
        return made

    async def chunks(self) -> AsyncIterator[bytes]:
        """The file's bytes. Raises Invalid for a body that ends too early."""
        while True:
            while self._parts.chunks:
                yield self._parts.chunks.popleft()
            if not await self._more():
                break
        if not self._parts.ended:
            raise _malformed()

    async def _fields(self) -> None:
        while not self._parts.in_file and await self._more():
            pass
        parts = self._parts
        if not (parts.in_file or parts.ended):
            raise _malformed()
        self.form = Form(parts.fields)
        self.name = parts.file_name.replace("\\", "/").rpartition("/")[2]
        self.media_type = parts.file_type or self.media_type

    async def _more(self) -> bool:
        """Parse the next piece of the body; False: there is none."""
        async for piece in self._stream:
            if piece and not self._parts.ended:
                try:
                    self._parser.write(piece)
                except MultipartParseError as error:
                    raise _malformed() from error
                return True
        return False


class _Parts:
    """Collects the parser's callbacks."""

    def __init__(self) -> None:
        self.fields: list[tuple[str, str]] = []
        self.chunks: deque[bytes] = deque()
        self.file_name = self.file_type = ""
        self.in_file = self.ended = False
        self._size = 0
        self._header = self._value = b""
        self._headers: dict[bytes, bytes] = {}
        self._name = ""
        self._data: list[bytes] = []

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._on_field,
            "on_header_value": self._on_value,
            "on_header_end": self._on_header,
            "on_headers_finished": self._on_headers,
            "on_part_data": self._on_data,
            "on_part_end": self._on_part_end,
            "on_end": self._on_end,
        }

    def _begin(self) -> None:
        if self.in_file or len(self.fields) > MOST_FIELDS:
            raise _malformed()
        self._headers, self._data = {}, []

    def _on_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header(self) -> None:
        self._headers[self._header.lower()] = self._value
        self._header = self._value = b""

    def _on_headers(self) -> None:
        _kind, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" in options:
            name = options[b"filename"].decode("utf-8", "replace")
            for escaped, sign in _ESCAPED.items():
                name = name.replace(escaped, sign)
            self.file_name = name
            self.file_type = self._headers.get(b"content-type", b"").decode("latin-1")
            self.in_file = True

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self.in_file:
            self.chunks.append(bytes(data[start:end]))
            return
        self._size += end - start
        if self._size > _MOST_FIELDS_BYTES:
            raise TooLarge
        self._data.append(bytes(data[start:end]))

    def _on_part_end(self) -> None:
        if not self.in_file:
            self.fields.append((self._name, b"".join(self._data).decode("utf-8", "replace")))

    def _on_end(self) -> None:
        self.ended = True


def _malformed() -> Invalid:
    return Invalid([Flaw("body", "malformed", _("formulir tidak dapat dibaca"))])
