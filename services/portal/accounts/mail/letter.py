"""The texts of the mails, in Bahasa Indonesia."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from services.portal.accounts.invitation import LASTS as INVITED_FOR
from services.portal.accounts.reset import LASTS as RESET_FOR

_FOOT = "Pesan otomatis Satu Inovasi. Satu Perangkat Daerah, Satu Inovasi."


@dataclass(frozen=True)
class Letter:
    """id: of the message, the same when it is sent again; text and html say the same."""

    to: str
    name: str
    subject: str
    text: str
    html: str
    id: str


def invitation_letter(to: str, name: str, link: str, id: str) -> Letter:
    """An invitation to choose a password."""
    return _letter(
        to,
        name,
        "Undangan akun Satu Inovasi",
        [
            "Anda diundang memakai Satu Inovasi, tempat perangkat daerah mencatat inovasinya. Buka tautan ini untuk "
            "memilih kata sandi:"
        ],
        link,
        [
            f"Tautan berlaku {INVITED_FOR.days} hari dan hanya sekali. Jangan teruskan surel ini.",
            "Bila Anda tidak mengenal undangan ini, abaikan saja; tidak ada akun yang dibuat.",
        ],
        id,
    )


def reset_letter(to: str, name: str, link: str, id: str) -> Letter:
    """A link to choose another password."""
    return _letter(
        to,
        name,
        "Atur ulang kata sandi Satu Inovasi",
        ["Ada permintaan mengatur ulang kata sandi akun Anda. Buka tautan ini untuk memilih kata sandi baru:"],
        link,
        [
            f"Tautan berlaku {int(RESET_FOR.total_seconds() // 3600)} jam dan hanya sekali.",
            "Bila Anda tidak memintanya, abaikan surel ini; kata sandi Anda tidak berubah.",
        ],
        id,
    )


def _letter(to: str, name: str, subject: str, before: list[str], link: str, after: list[str], id: str) -> Letter:
    greeting = f"Yth. {name}," if name else "Yth. Bapak/Ibu,"
    text = "\n\n".join([greeting, *before, link, *after, "Terima kasih.", f"-- \n{_FOOT}"])
    paragraphs = "".join(f"<p>{escape(each)}</p>" for each in (greeting, *before))
    rest = "".join(f"<p>{escape(each)}</p>" for each in (*after, "Terima kasih.", _FOOT))
    anchor = f'<p><a href="{escape(link)}">{escape(link)}</a></p>'
    html = (
        f'<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{escape(subject)}</title></head>'
        f"<body>{paragraphs}{anchor}{rest}</body></html>"
    )
    return Letter(to, name, subject, f"{text}\n", html, id)
