"""Errors as pages: what happened, in plain words, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.portal.pages.context import is_partial
from services.portal.pages.flash import is_local, redirect
from services.portal.pages.forms import OUT_OF_DATE
from services.portal.pages.language import N_, _
from services.portal.pages.render import Pages
from services.portal.pages.session import session_of
from shared.faults import Away, Fault, QuotaSpent, Unauthenticated
from shared.observability import tracing
from shared.web.body_limit import BodyRefused
from shared.web.problems import status_of

SIGN_IN = "/masuk"

log = structlog.get_logger("portal")


@dataclass(frozen=True)
class _Words:
    title: str
    text: str


_NOT_FOUND = _Words(
    N_("Halaman tidak ditemukan"),
    N_("Alamat ini tidak ada, atau bukan untuk akun Anda. Periksa alamatnya, atau mulai lagi dari beranda."),
)
_BROKEN = _Words(
    N_("Terjadi kesalahan pada sistem"),
    N_("Ini bukan kesalahan Anda. Coba lagi sebentar lagi; bila terulang, sampaikan nomor di bawah kepada pengelola."),
)
_AWAY = _Words(
    N_("Layanan sedang tidak dapat dijangkau"),
    N_("Sebagian sistem sedang tidak menjawab. Isian Anda belum hilang; coba lagi sebentar lagi."),
)
STARTING = _Words(
    N_("Portal sedang dimulai"), N_("Halaman ini akan siap dalam beberapa detik. Muat ulang sebentar lagi.")
)
FOREIGN_FORM = _Words(N_("Formulir tidak dapat diterima"), OUT_OF_DATE)
_WORDS: dict[int, _Words] = {
    HTTPStatus.FORBIDDEN: _Words(
        N_("Anda tidak berwenang membuka halaman ini"),
        N_("Akun Anda masuk dengan peran lain. Minta pengelola bila Anda seharusnya berwenang."),
    ),
    HTTPStatus.NOT_FOUND: _NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED: _NOT_FOUND,
    HTTPStatus.GONE: _Words(N_("Sudah tidak ada"), N_("Yang Anda buka sudah dihapus.")),
    HTTPStatus.CONFLICT: _Words(
        N_("Keadaannya sudah berubah"), N_("Muat ulang halaman untuk melihat keadaan sekarang.")
    ),
    HTTPStatus.PRECONDITION_FAILED: _Words(
        N_("Sudah diubah orang lain"),
        N_("Sementara Anda menyunting, orang lain menyimpan perubahan. Muat ulang halaman untuk melihatnya."),
    ),
    HTTPStatus.PRECONDITION_REQUIRED: FOREIGN_FORM,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _Words(
        N_("Kiriman terlalu besar"), N_("Berkas atau isian melebihi batas. Perkecil berkasnya lalu coba lagi.")
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: _Words(N_("Isian belum benar"), N_("Kembali dan periksa isian Anda.")),
    HTTPStatus.TOO_MANY_REQUESTS: _Words(N_("Terlalu sering"), N_("Batas percobaan tercapai. Tunggu beberapa saat.")),
    HTTPStatus.SERVICE_UNAVAILABLE: _AWAY,
    HTTPStatus.INSUFFICIENT_STORAGE: _Words(
        N_("Ruang penyimpanan hampir habis"), N_("Sampaikan kepada pengelola; coba lagi sesudahnya.")
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: _BROKEN,
}


class ErrorPages:
    """Answers errors. A fault with a `status` of its own is what another service answered."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def page(self, request: Request, status: int, words: _Words | None = None, detail: str = "") -> Response:
        """The page of a status; of a part of a page only the sentence. detail: a further sentence, for people."""
        words = words or _WORDS.get(status, _BROKEN)
        template = "pages/error_part.html" if is_partial(request) else "pages/error.html"
        headers = {"Retry-After": "5"} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
        return await self._pages(
            request,
            template,
            int(status),
            headers,
            title=_(words.title),
            text=_(words.text),
            detail=detail,
            number=tracing.current().correlationid if status == HTTPStatus.INTERNAL_SERVER_ERROR else "",
        )

    async def fault(self, request: Request, fault: Exception) -> Response:
        """The page of a fault that a route raised; to the sign-in if that is what is missing."""
        assert isinstance(fault, Fault)  # noqa: S101 - Starlette chose this handler by the class
        if isinstance(fault, Unauthenticated):
            return to_sign_in(request)
        if isinstance(fault, Away):
            log.warning("portal.away", slug=fault.slug, reason=fault.detail)
        status = getattr(fault, "status", None) or int(status_of(fault))
        if status == HTTPStatus.UNAUTHORIZED:
            return to_sign_in(request)
        shown = (
            fault.detail if status < HTTPStatus.INTERNAL_SERVER_ERROR and fault.detail != type(fault).__doc__ else ""
        )
        answer = await self.page(request, status, detail="" if shown == (type(fault).__doc__ or "").strip() else shown)
        if isinstance(fault, QuotaSpent):
            answer.headers["Retry-After"] = str(fault.retry_after)
        return answer

    async def http(self, request: Request, error: Exception) -> Response:
        """The page of one of Starlette's own errors."""
        assert isinstance(error, HTTPException)  # noqa: S101 - as above
        if isinstance(error, BodyRefused):
            return await self.fault(request, error.fault)
        return await self.page(request, error.status_code)

    async def broken(self, request: Request) -> Response:
        """The page of an unexpected error, which the log has."""
        return await self.page(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def to_sign_in(request: Request) -> Response:
    """Send the browser to the sign-in, and from there back: to the page itself, or to the one that sent the form."""
    partial = is_partial(request)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = here if request.method == "GET" and not partial else _page_before(request)
    to = f"{SIGN_IN}?{urlencode({'ke': back})}" if is_local(back) and back != "/" else SIGN_IN
    if partial:
        return Response(status_code=HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": to})
    text = _("Sesi Anda telah berakhir. Masuk lagi untuk melanjutkan.") if _had_session(request) else ""
    return redirect(to, text, "info")


def _had_session(request: Request) -> bool:
    return session_of(request) is None and any(name in request.cookies for name in ("satu", "__Host-satu"))


def _page_before(request: Request) -> str:
    parts = urlsplit(request.headers.get("hx-current-url") or request.headers.get("referer", ""))
    if parts.netloc != request.headers.get("host"):
        return "/"
    return parts.path + (f"?{parts.query}" if parts.query else "")
