"""What happens next to a message, as a sentence in Bahasa Indonesia. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from services.notifications.messages.answer import AnswerClass
from services.notifications.messages.message import NEVER, Message, MessageStatus
from services.notifications.messages.texts.codes import reason_of
from services.notifications.messages.texts.wording import capitalised, moment
from shared.contracts.vocabulary import Zone

QUIET = "quiet"  # of `Message.deferred`
_DONE = "Selesai; tidak ada langkah lagi."
_ELSEWHERE = (
    "Pemberitahuan yang masih berlaku dikirim lewat alamat lain atau kontak berikutnya, bila ada; selain itu tercantum "
    "pada daftar kurator."
)
_SENTENCES = {
    MessageStatus.OPEN: "Sedang diserahkan; bila penyedia tidak menjawab, penyerahan diulang satu kali.",
    MessageStatus.HELD: "Ditahan setelah pemulihan cadangan; operator memutuskan dikirim atau tidak.",
    MessageStatus.DELIVERED: _DONE,
    MessageStatus.READ: _DONE,
    MessageStatus.DROPPED: _DONE,
    MessageStatus.FAILED: f"Alamat ini tidak dipakai lagi. {_ELSEWHERE}",
    MessageStatus.UNDELIVERED: f"Tidak dikirim lagi ke alamat ini. {_ELSEWHERE}",
}
_ACCEPTED = "Selesai. Saluran ini tidak memberi tanda terima: penyedia sudah menerima, belum tentu sudah dibaca."


def next_step(message: Message, zone: Zone) -> str:
    """Of any status. zone: of the times in the sentence."""
    if message.status is MessageStatus.WAITING:
        return _waiting(message, zone)
    if message.status is MessageStatus.SENT:
        return _ACCEPTED if message.done else f"Menunggu tanda terima dari penyedia.{_fallback(message, zone)}"
    return _SENTENCES[message.status]


def _waiting(message: Message, zone: Zone) -> str:
    earliest = "" if message.due in (0, NEVER) else f", paling cepat {_local(message.due, zone)}"
    if message.deferred == QUIET and message.due == message.due_since:
        return f"Ditunda karena jam tenang atau hari libur; diserahkan{earliest}."
    if message.last is None:
        return f"Menunggu diserahkan{earliest}."
    match message.last.effective:
        case AnswerClass.AWAY:
            return "Menunggu penyedia dapat dihubungi lagi, lalu dicoba lagi; pesan tidak hilang."
        case AnswerClass.TEMPLATE | AnswerClass.ACCOUNT | AnswerClass.BUG as answer:
            why = capitalised(reason_of(None, answer))
            return f"{why}: menunggu operator, atau dikirim lewat saluran lain bila ada."
        case _:
            return f"Dicoba lagi{earliest}, selama pemberitahuannya masih berlaku."


def _fallback(message: Message, zone: Zone) -> str:
    if message.due == NEVER:
        return ""
    return f" Bila belum ada sampai {_local(message.due, zone)}, saluran lain dicoba, atau pesan dianggap belum sampai."


def _local(milliseconds: int, zone: Zone) -> str:
    at = datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone(ZoneInfo(zone))
    return moment(at.date(), at.time(), zone)
