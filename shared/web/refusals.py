"""What the HTTP server itself answers, before it closes the connection."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from shared.web.exchange import Headers, head_of
from shared.web.middleware import SECURITY_HEADERS
from shared.web.problems import problem


@dataclass(frozen=True)
class Refusal:
    """A problem of the connection, not of an application."""

    status: HTTPStatus
    slug: str
    detail: str

    def answer(self, default_headers: Headers) -> bytes:
        """The whole answer. default_headers: of every answer."""
        retry = {"Retry-After": "5"} if self.status is HTTPStatus.SERVICE_UNAVAILABLE else {}
        headers = {**SECURITY_HEADERS, **retry, "Connection": "close"}
        answer = problem(self.status, self.slug, self.detail, headers=headers)
        return head_of(self.status, [*default_headers, *answer.raw_headers]) + bytes(answer.body)


MALFORMED = Refusal(HTTPStatus.BAD_REQUEST, "malformed-request", "Permintaan HTTP ini tidak dapat dibaca.")
NO_PATH = Refusal(HTTPStatus.NOT_FOUND, "not-found", "Alamat ini tidak ada.")
TOO_MANY = Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "too-many-connections", "Terlalu banyak sambungan; coba lagi.")
HEAD_LATE = Refusal(HTTPStatus.REQUEST_TIMEOUT, "request-timeout", "Kepala permintaan tidak lengkap pada waktunya.")
BODY_SILENT = Refusal(HTTPStatus.REQUEST_TIMEOUT, "request-timeout", "Badan permintaan berhenti sebelum lengkap.")
