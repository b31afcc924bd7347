"""The page behind a confirmation link, in Bahasa Indonesia: no script, nothing from elsewhere, no personal data."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template

from starlette.responses import HTMLResponse

_STYLE = (
    "body{margin:0;font:1.125rem/1.6 system-ui,sans-serif;color:#1a1a1a;background:#fff}"
    "main{max-width:36rem;margin:0 auto;padding:2rem 1rem}"
    "h1{font-size:1.5rem;line-height:1.3}"
    "button{font:inherit;padding:.75rem 1.5rem;min-height:3rem;border:2px solid #0b4f8a;border-radius:.25rem;"
    "background:#0b4f8a;color:#fff;cursor:pointer}"
    "button:focus-visible{outline:3px solid #ffb000;outline-offset:2px}"
)
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}
_BUTTON = '<form method="post"><button type="submit">Ya, ini alamat saya</button></form>'


@dataclass(frozen=True)
class Page:
    """What the page says. asks: whether it has the button."""

    title: str
    text: str
    status: int = 200
    asks: bool = False

    def response(self) -> HTMLResponse:
        """As an answer."""
        action = _BUTTON if self.asks else ""
        html = _template().substitute(title=self.title, text=self.text, style=_STYLE, action=action)
        return HTMLResponse(html, status_code=self.status, headers=_HEADERS)


ASKING = Page(
    title="Konfirmasi alamat",
    text="Alamat atau nomor Anda dicatat untuk menerima pemberitahuan tentang kewajiban inovasi perangkat daerah Anda. "
    "Tekan tombol di bawah bila pesan ini memang sampai kepada Anda. Bila bukan untuk Anda, tutup halaman ini.",
    asks=True,
)
CONFIRMED = Page(
    title="Terima kasih, alamat sudah dikonfirmasi",
    text="Pemberitahuan tentang kewajiban inovasi akan dikirim ke alamat atau nomor ini. Anda boleh menutup halaman "
    "ini.",
)
UNKNOWN = Page(
    title="Tautan ini tidak berlaku",
    text="Tautan mungkin tidak lengkap, atau alamatnya sudah diganti. Bila ragu, hubungi perangkat daerah Anda atau "
    "kurator inovasi di daerah Anda.",
    status=404,
)


@cache
def _template() -> Template:
    return Template(files(__package__).joinpath("confirmation.html").read_text(encoding="utf-8"))
