"""Many hand-overs at once to a server that fails at random, at every step: what was said is what happened."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable

import pytest

from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.sending.drivers.email import EmailChannel
from shared.smtp_url import parse
from tests.contract.email.test_email_channel import SENDER
from tests.support.providers.hand_overs import hand_over
from tests.support.providers.smtp import DROP, TAKE_AND_DROP, SmtpProvider, smtp_provider

MAILS = 400
FAILURES = {
    "CONNECT": ("421 4.3.2 busy", DROP),
    "MAIL": ("421 4.3.2 closing", "451 4.3.0 later", DROP),
    "RCPT": ("450 4.2.1 later", "550 5.1.1 unknown", "421 4.3.2 closing", DROP),
    "DATA": ("451 4.3.0 later", DROP),
    "TEXT": ("451 4.3.0 later", "550 5.7.1 no", DROP, TAKE_AND_DROP),
    "RSET": (DROP,),
}
OFTEN = 0.15  # of the replies at each step


def failing(step: str, usual: str, chance: random.Random) -> Callable[[str], str]:
    return lambda _: chance.choice(FAILURES[step]) if chance.random() < OFTEN else usual


def make_unreliable(provider: SmtpProvider, chance: random.Random) -> None:
    usual = {"CONNECT": "220 hello", "DATA": "354 go on"}
    provider.replies |= {step: failing(step, usual.get(step, "250 2.0.0 ok"), chance) for step in FAILURES}


@pytest.mark.parametrize("at_once", [1, 6])
async def test_what_the_channel_says_is_what_happened(at_once: int) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    async with smtp_provider() as provider:
        make_unreliable(provider, random.Random(seed))
        channel = EmailChannel(parse(provider.url), SENDER, timeout=5, at_once=at_once)
        answers: dict[str, Answer] = {}

        async def send(number: int) -> None:
            to = f"p{number}@x.example"
            answers[to] = await channel.hand_over(hand_over(to=to))

        async with asyncio.timeout(60):
            await asyncio.gather(*(send(number) for number in range(MAILS)))
            await channel.close()

        taken = Counter(provider.taken)
        said = {answer: {to for to, given in answers.items() if given.answer is answer} for answer in AnswerClass}
        assert len(answers) == MAILS
        assert max(taken.values()) == 1  # never twice in one hand-over
        assert said[AnswerClass.ACCEPTED] <= taken.keys()
        assert taken.keys() <= said[AnswerClass.ACCEPTED] | said[AnswerClass.UNANSWERED]
        assert {len(said[answer]) > 0 for answer in (AnswerClass.ACCEPTED, AnswerClass.AWAY)} == {True}
        assert said[AnswerClass.BUG] == said[AnswerClass.ACCOUNT] == said[AnswerClass.THROTTLED] == set()
