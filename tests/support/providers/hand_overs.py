"""Hand-overs for the tests of drivers."""

from __future__ import annotations

from typing import Any

from services.notifications.messages.rendered import RenderedMessage
from services.notifications.sending.channel import HandOver

PERSON = "0d5d9c0e-0000-5000-8000-00000000000a"
MAIL = "0d5d9c0e-0000-5000-8000-000000000001"
EMAIL = "siti@dinkes.example"
PHONE = "+6281234567890"


def content(**more: Any) -> RenderedMessage:  # noqa: ANN401 - fields by name
    """A rendered message."""
    fields: dict[str, Any] = {
        "message": f"{PERSON}/1",
        "mail": MAIL,
        "alerts": (),
        "to": EMAIL,
        "name": "Siti Nurhaliza, S.Kom",
        "subject": "Pengingat: inovasi 2026 Dinas Kesehatan, tenggat 31 Desember 2026",
        "text": "Kewajiban belum terpenuhi; tersisa 30 hari.\n\nTenggat: 31 Desember 2026.\n",
        "html": '<!doctype html><html lang="id"><body><p>Tenggat: 31 Desember 2026 – 30 hari lagi.</p></body></html>',
        "template": "kewajiban",
        "version": 1,
        "variables": ("Dinas Kesehatan", "31 Desember 2026"),
    }
    return RenderedMessage(**(fields | more))


def hand_over(*, to: str = EMAIL, number: int = 1, ttl: int = 86_400, **more: Any) -> HandOver:  # noqa: ANN401 - likewise
    """Attempt `number` of that message."""
    rendered = content(to=to, **more)
    return HandOver(f"{rendered.message}/{number}", to, rendered.name, rendered, ttl)
