"""WhatsApp by Fonnte, an unofficial gateway: it drives an ordinary WhatsApp account by a linked device.

**Meta may ban such a number at any time**, and then nothing is delivered until another one is linked. Use the Cloud API
where you can. Source: docs.fonnte.com, "API Send Message" (2026): `POST /send`, a form, `Authorization: TOKEN`; HTTP
200 may carry `status: false` with a `reason` in words. Its status webhook is not signed: anybody who knows the address
could report a message as read, so no receipts are read and an accepted message is done.
"""

from __future__ import annotations

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.sending.channel import HandOver
from services.notifications.sending.drivers.http_provider import WHOLE_TIMEOUT, HttpProvider, Reply

URL = "https://api.fonnte.com"
AT_ONCE = 2
PER_SECOND = 0.5  # an ordinary account that writes faster is taken for a spammer
COUNTRY = "62"
QUOTA_WAIT = 3600.0  # seconds until a quota is looked at again

REASONS: tuple[tuple[tuple[str, ...], AnswerClass, str], ...] = (
    (("token invalid", "invalid token", "unknown token", "unknown user"), AnswerClass.ACCOUNT, "token"),
    (("device expired", "package", "subscription", "expired"), AnswerClass.ACCOUNT, "package"),
    (("banned", "blocked"), AnswerClass.ACCOUNT, "banned"),
    (("disconnect", "not connected", "device"), AnswerClass.AWAY, "device-disconnected"),
    (("quota", "limit"), AnswerClass.THROTTLED, "quota"),
    (("target invalid", "invalid target", "not registered", "invalid number"), AnswerClass.RECIPIENT, "target-invalid"),
    (("input invalid", "invalid/empty body", "message", "json", "url", "file"), AnswerClass.BUG, "input"),
)
"""Words of a `reason` → its class and our own code. The first that fits decides. Fonnte has no codes."""

_OK = range(200, 300)
_REFUSED = (401, 403)
_TOO_MANY = 429
_SERVER = 500


class FonnteChannel:
    """See `Channel`. It sends the whole text; there are no templates."""

    name = ChannelName.WHATSAPP
    driver = "fonnte"
    has_receipts = False
    per_second = PER_SECOND
    at_once = AT_ONCE

    def __init__(self, token: str, *, url: str = "", timeout: float = WHOLE_TIMEOUT) -> None:
        self._provider = HttpProvider(url or URL, {"Authorization": token}, at_once=AT_ONCE, timeout=timeout)

    async def hand_over(self, message: HandOver) -> Answer:
        """Queue the text at Fonnte."""
        target = message.to.removeprefix("+")
        if not target.isdecimal():  # a comma or a bar in it would make further recipients and variables
            return Answer(AnswerClass.BUG, "target")
        form = {"target": target, "message": message.content.text, "countryCode": COUNTRY}
        reply = await self._provider.post("/send", form=form)
        return reply if isinstance(reply, Answer) else answer_of(reply)

    async def close(self) -> None:
        """Close the connections."""
        await self._provider.close()


def answer_of(reply: Reply) -> Answer:
    """What a reply means."""
    body = reply.body
    if reply.status in _OK:
        if body is None or not isinstance(body.get("status"), bool):
            return Answer(AnswerClass.UNANSWERED, "no-status")
        return Answer(AnswerClass.ACCEPTED, provider_id=_id(body)) if body["status"] else _refusal(body.get("reason"))
    status = f"http-{reply.status}"
    if reply.status in _REFUSED:
        return Answer(AnswerClass.ACCOUNT, status)
    if reply.status == _TOO_MANY:
        return Answer(AnswerClass.THROTTLED, status, wait=reply.retry_after)
    if reply.status >= _SERVER:
        return Answer(AnswerClass.TRANSIENT, status, wait=reply.retry_after)
    return Answer(AnswerClass.BUG, status)


def _refusal(reason: object) -> Answer:
    """An unknown reason is TRANSIENT. The reason itself is not kept: it may contain the number."""
    text = str(reason).lower()
    for words, answer, code in REASONS:
        if any(word in text for word in words):
            return Answer(answer, code, wait=QUOTA_WAIT if answer is AnswerClass.THROTTLED else None)
    return Answer(AnswerClass.TRANSIENT, "refused")


def _id(body: dict[str, object]) -> str:
    found = body.get("id")
    first = found[0] if isinstance(found, list) and found else found
    return str(first) if isinstance(first, str | int) and not isinstance(first, bool) else ""
