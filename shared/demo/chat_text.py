"""A WhatsApp message as HTML: its marks for bold and italic, and its links."""

from __future__ import annotations

import re
from html import escape

_LINK = re.compile(r"https?://[^\s<]+")
_BOLD = re.compile(r"(?<!\w)\*([^*\n]+)\*(?!\w)")
_ITALIC = re.compile(r"(?<!\w)_([^_\n]+)_(?!\w)")


def chat_html(text: str) -> str:
    """Everything else is escaped; new lines stay as they are."""
    shown = _LINK.sub(lambda link: f'<a href="{link[0]}">{link[0]}</a>', escape(text))
    shown = _BOLD.sub(r"<b>\1</b>", shown)
    return _ITALIC.sub(r"<i>\1</i>", shown)
