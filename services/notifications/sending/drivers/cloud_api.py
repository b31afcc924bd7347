"""WhatsApp by Meta's Cloud API. Source: domain.md §8 and Meta's pages "Messages" and "Template messages" (2026).

A business may write to a person first only by an approved template, with texts for its variables. The answer carries
the id `wamid…`; whether the message arrives is told later by the webhook (`cloud_api_webhook.py`), which returns the
attempt's id as `biz_opaque_callback_data`.

`message_send_ttl_seconds`: without it a message that cannot be delivered lives 30 days. Meta documents it as a property
of the template; it is sent with the message too, where it is never longer than the alert means anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.messages.rendered import RenderedMessage
from services.notifications.sending.channel import HandOver
from services.notifications.sending.drivers.cloud_api_codes import PAIR_LIMIT, class_of, pair_wait
from services.notifications.sending.drivers.http_provider import WHOLE_TIMEOUT, HttpProvider, Reply

URL = "https://graph.facebook.com/v24.0"
PER_SECOND = 80.0  # messages of one number, unless Meta has raised it
AT_ONCE = 20
SHORTEST_TTL, LONGEST_TTL = 30, 43_200  # seconds, of utility templates
LANGUAGE = "id"
MOST_CHARACTERS = 1024  # of a template's body with its variables

_UNFIT = re.compile(r"[\n\r\t\v\f\x00\u0085\u2028\u2029]| {4}")  # Meta refuses new lines, tabs and long gaps: 132012
_OK = range(200, 300)
_TOO_MANY = 429
_SERVER = 500

Count = Callable[[str], int | None]
"""How many variables a template has, by its name; None when it is not known."""


def _unknown(_: str) -> int | None:
    return None


class CloudApiChannel:
    """See `Channel`. count: to check the variables before anything is sent."""

    name = ChannelName.WHATSAPP
    driver = "cloud-api"
    has_receipts = True
    per_second = PER_SECOND
    at_once = AT_ONCE

    def __init__(
        self,
        token: str,
        phone_number_id: str,
        *,
        url: str = "",
        count: Count = _unknown,
        timeout: float = WHOLE_TIMEOUT,
    ) -> None:
        """url: with Meta's version, by default Meta's own."""
        self._path = f"/{phone_number_id}/messages"
        self._count = count
        headers = {"Authorization": f"Bearer {token}"}
        self._provider = HttpProvider(url or URL, headers, at_once=AT_ONCE, timeout=timeout)

    async def hand_over(self, message: HandOver) -> Answer:
        """Send the template message."""
        flaw = variables_flaw(message.content, self._count(message.content.template))
        if flaw:
            return Answer(AnswerClass.BUG, flaw)
        reply = await self._provider.post(self._path, json=body_of(message))
        return reply if isinstance(reply, Answer) else answer_of(reply, attempt=_attempt_number(message.attempt))

    async def close(self) -> None:
        """Close the connections."""
        await self._provider.close()


def body_of(message: HandOver) -> dict[str, object]:
    """The request."""
    content = message.content
    parameters = [{"type": "text", "text": text} for text in content.variables]
    template: dict[str, object] = {"name": content.provider_template, "language": {"code": content.language}}
    if parameters:
        template["components"] = [{"type": "body", "parameters": parameters}]
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": message.to,
        "type": "template",
        "template": template,
        "biz_opaque_callback_data": message.attempt,
        "message_send_ttl_seconds": min(LONGEST_TTL, max(SHORTEST_TTL, message.ttl)),
    }


def variables_flaw(content: RenderedMessage, count: int | None) -> str:
    """What Meta would refuse: `no-template`, `language`, `variable-count`, `variable-empty`, `variable-unfit` or
    `too-long`; empty when nothing. count: how many variables the template has, None when it is not known."""
    flaws = {
        "no-template": not content.template,
        "language": content.language != LANGUAGE,
        "variable-count": count is not None and len(content.variables) != count,
        "variable-empty": any(not text.strip() for text in content.variables),
        "variable-unfit": any(_UNFIT.search(text) for text in content.variables),
        "too-long": sum(map(len, content.variables)) > MOST_CHARACTERS,
    }
    return next((name for name, found in flaws.items() if found), "")


def answer_of(reply: Reply, *, attempt: int) -> Answer:
    """What a reply means. attempt: the message's n-th."""
    if reply.status in _OK:
        provider_id = _message_id(reply)
        if provider_id:
            return Answer(AnswerClass.ACCEPTED, provider_id=provider_id)
        return Answer(AnswerClass.UNANSWERED, "no-id")  # not what Meta documents: it may have been taken
    code = _error_code(reply)
    if code == PAIR_LIMIT:
        return Answer(AnswerClass.THROTTLED, str(code), wait=pair_wait(attempt), person_only=True)
    answer = _class_of_status(reply.status) if code is None else class_of(code)
    wait = reply.retry_after if answer in (AnswerClass.THROTTLED, AnswerClass.TRANSIENT) else None
    return Answer(answer, f"http-{reply.status}" if code is None else str(code), wait=wait)


def _class_of_status(status: int) -> AnswerClass:
    """Of a reply that carries no code of Meta's."""
    if status == _TOO_MANY:
        return AnswerClass.THROTTLED
    return AnswerClass.TRANSIENT if status >= _SERVER else AnswerClass.BUG


def _message_id(reply: Reply) -> str:
    messages = (reply.body or {}).get("messages")
    first = messages[0] if isinstance(messages, list) and messages else None
    found = first.get("id") if isinstance(first, dict) else None
    return found if isinstance(found, str) else ""


def _error_code(reply: Reply) -> int | None:
    error = (reply.body or {}).get("error")
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def _attempt_number(attempt: str) -> int:
    last = attempt.rpartition("/")[2]
    return int(last) if last.isdecimal() else 1
