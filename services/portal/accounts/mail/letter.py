"""The texts of the mails, in Bahasa Indonesia."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from services.portal.pages.language import _, current


@dataclass(frozen=True)
class Letter:
    """id: of the message, the same when it is sent again; text and html say the same."""

    to: str
    subject: str
    text: str
    html: str
    id: str


def invitation_letter(to: str, name: str, link: str, id: str) -> Letter:
    """An invitation to choose a password."""
    words = _Words(
        _("Undangan akun Satu Inovasi"),
        _(
            "Anda diundang memakai Satu Inovasi, tempat perangkat daerah mencatat inovasinya. Buka tautan ini untuk "
            "memilih kata sandi:"
        ),
        _("Tautan berlaku 7 hari dan hanya sekali. Jangan teruskan surel ini."),
        _("Bila Anda tidak mengenal undangan ini, abaikan saja; tidak ada akun yang dibuat."),
    )
    return words.letter(to, name, link, id)


def reset_letter(to: str, name: str, link: str, id: str) -> Letter:
    """A link to choose another password."""
    words = _Words(
        _("Atur ulang kata sandi Satu Inovasi"),
        _("Ada permintaan mengatur ulang kata sandi akun Anda. Buka tautan ini untuk memilih kata sandi baru:"),
        _("Tautan berlaku 1 jam dan hanya sekali."),
        _("Bila Anda tidak memintanya, abaikan surel ini; kata sandi Anda tidak berubah."),
    )
    return words.letter(to, name, link, id)


@dataclass(frozen=True)
class _Words:
    """before: what the link is for; after: how long it works; ignore: what to do if it was not meant."""

    subject: str
    before: str
    after: str
    ignore: str

    def letter(self, to: str, name: str, link: str, id: str) -> Letter:
        """The mail."""
        greeting = _("Yth. %(name)s,") % {"name": name} if name else _("Yth. Bapak/Ibu,")
        thanks, foot = _("Terima kasih."), _("Pesan otomatis Satu Inovasi. Satu Perangkat Daerah, Satu Inovasi.")
        text = "\n\n".join([greeting, self.before, link, self.after, self.ignore, thanks, f"-- \n{foot}"])
        before = "".join(f"<p>{escape(each)}</p>" for each in (greeting, self.before))
        after = "".join(f"<p>{escape(each)}</p>" for each in (self.after, self.ignore, thanks, foot))
        html = (
            f'<!doctype html><html lang="{current()}"><head><meta charset="utf-8"><title>{escape(self.subject)}</title>'
            f'</head><body>{before}<p><a href="{escape(link)}">{escape(link)}</a></p>{after}</body></html>'
        )
        return Letter(to, self.subject, f"{text}\n", html, id)
