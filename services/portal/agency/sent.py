"""The messages that an agency's people were sent, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from services.portal.agency.desk import Desk
from services.portal.model.views.message import SentMessage
from services.portal.pages.language import N_, _
from services.portal.pages.session import signed_in
from shared.auth.policy import Role
from shared.contracts.message import ON_REQUEST, Reason
from shared.contracts.vocabulary import ReasonKind
from shared.web.routes import Routes, get

_WORDS = {
    ON_REQUEST: N_("Pengingat dari kantor kurator"),
    "opened-again": N_("Kewajiban terbuka kembali"),
    "returned": N_("Inovasi dikembalikan"),
    "verified": N_("Inovasi diverifikasi"),
    "scored": N_("Inovasi dinilai"),
    "confirm": N_("Konfirmasi kontak"),
    "unreachable": N_("Kontak tidak dapat dihubungi"),
    "moved": N_("Batas waktu berubah"),
    "cancelled": N_("Batas waktu dibatalkan"),
    "follow-up": N_("Pertanyaan tindak lanjut inovasi"),
    "follow-up-lapsed": N_("Pertanyaan tindak lanjut tidak dijawab"),
    "right-ends": N_("Pelindungan kekayaan intelektual berakhir"),
    "staff-leaves": N_("Pelaksana inovasi tidak ada lagi"),
    "withdrawal-declined": N_("Permohonan penarikan ditolak"),
    "withdrawn": N_("Inovasi ditarik kurator"),
    "idea-handed-over": N_("Gagasan masyarakat diserahkan"),
}
_CHANNELS = {"email": N_("Surel"), "whatsapp": N_("WhatsApp")}
_BEFORE, _OVERDUE = "before-", "overdue"


@dataclass(frozen=True)
class MessageWords:
    """reasons: what it was about; channel: on which way; at: when it was handed over or failed; innovations: ids that
    it was about."""

    reasons: tuple[str, ...]
    channel: str
    sent: bool
    at: datetime
    repeated: bool
    innovations: tuple[str, ...]


def in_words(message: SentMessage) -> MessageWords:
    """A message."""
    return MessageWords(
        tuple(dict.fromkeys(reason_in_words(each) for each in message.reasons)),
        _(_CHANNELS.get(message.channel, message.channel)),
        message.sent,
        message.settled_at,
        message.possibly_repeated,
        tuple(dict.fromkeys(each.innovation for each in message.reasons if each.innovation)),
    )


def reason_in_words(reason: Reason) -> str:
    """`Pengingat 14 hari sebelum batas waktu 2026`."""
    about = reason.what
    if reason.kind is not ReasonKind.DUTY or about in _WORDS:
        words = _(_WORDS.get(about, about))
    elif about.startswith(_BEFORE):
        words = _("Pengingat %(days)s hari sebelum batas waktu") % {"days": about.removeprefix(_BEFORE)}
    elif days := about.removeprefix(_OVERDUE).removeprefix("-"):
        words = _("Melewati batas waktu %(days)s hari") % {"days": days}
    else:
        words = _("Melewati batas waktu")
    return f"{words} ({reason.year})" if reason.year and reason.kind is ReasonKind.DUTY else words


class SentPages(Routes):
    """`/opd/pemberitahuan`."""

    prefix = "/opd/pemberitahuan"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.AGENCY)
    async def sent(self, request: Request) -> Response:
        """Every message about the agency, the newest first."""
        desk, session = self._desk, signed_in(request)
        agency = await desk.chosen(request, session)
        after = request.query_params.get("after") or None
        page = await desk.model.messages(agency, after)
        return await desk.pages(
            request,
            "agency/sent.html",
            agency=agency,
            agencies=await desk.agencies(session),
            messages=[in_words(each) for each in page.items],
            next=page.after,
            first=after is None,
            zone=await desk.zone(session),
            freshness=desk.model.freshness(),
        )
