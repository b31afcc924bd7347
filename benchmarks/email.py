"""E-mail: the channel beside bare aiosmtplib on the same number of connections, ``python -m benchmarks.email [MAILS]``.

The SMTP server is aiosmtpd in a process of its own. Both send the same texts; the channel composes each mail and
classes each answer, bare aiosmtplib sends bytes that were composed before. They take turns; the best of each counts.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection

import aiosmtplib
from aiosmtpd.smtp import SMTP, Envelope, Session

from services.notifications.messages.answer import AnswerClass
from services.notifications.messages.rendered import RenderedMessage
from services.notifications.sending.channel import HandOver
from services.notifications.sending.drivers.email import AT_ONCE, EmailChannel, FromAddress
from shared.smtp_url import parse

TURNS = 3
TEXT = "Kewajiban satu inovasi belum terpenuhi – tersisa 30 hari sampai tenggat 31 Desember 2026.\n" * 20
HTML = f'<!doctype html><html lang="id"><body><p>{"</p><p>".join(TEXT.splitlines())}</p></body></html>'
SENDER = FromAddress("Satu Inovasi <satu@kuburaya.example>", "kurator@kuburaya.example", "kuburaya.example")


class _Sink:
    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, replies: list[str]
    ) -> list[str]:
        """aiosmtpd reads commands that were sent together, but does not say so; Postfix, Exim and Exchange do."""
        session.host_name = hostname
        return [*replies[:-1], "250-PIPELINING", replies[-1]]

    async def handle_DATA(self, *_: object) -> str:  # noqa: N802 - aiosmtpd's name
        return "250 2.0.0 taken"


def _serve(ready: Connection) -> None:
    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(lambda: SMTP(_Sink(), hostname="sink"), "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def hand_over(number: int) -> HandOver:
    """Mail `number`."""
    person = f"00000000-0000-5000-8000-{number:012d}"
    content = RenderedMessage(
        message=f"{person}/1",
        mail=person,
        alerts=(),
        to=f"opd{number}@dinas.example",
        name=f"Pengelola Inovasi {number}",
        subject=f"Pengingat: inovasi 2026 Dinas {number}, tenggat 31 Desember 2026",
        text=TEXT,
        html=HTML,
    )
    return HandOver(f"{person}/1/1", content.to, content.name, content, 86_400)


async def _in_parallel(count: int, make: Callable[[int], Callable[[int], Awaitable[None]]]) -> float:
    """Mails a second; make: a worker of its own for each connection."""
    numbers = iter(range(count))

    async def work(send: Callable[[int], Awaitable[None]]) -> None:
        for number in numbers:
            await send(number)

    begun = time.perf_counter()
    await asyncio.gather(*(work(make(place)) for place in range(AT_ONCE)))
    return count / (time.perf_counter() - begun)


async def channel_rate(port: int, mails: list[HandOver]) -> float:
    """Of the channel."""
    channel = EmailChannel(parse(f"smtp://127.0.0.1:{port}"), SENDER)

    async def send(number: int) -> None:
        answer = await channel.hand_over(mails[number])
        assert answer.answer is AnswerClass.ACCEPTED, answer

    rate = await _in_parallel(len(mails), lambda _: send)
    await channel.close()
    return rate


async def bare_rate(port: int, mails: list[HandOver]) -> float:
    """Of aiosmtplib alone, with mails composed beforehand."""
    channel = EmailChannel(parse(f"smtp://127.0.0.1:{port}"), SENDER)
    bodies = [(mail.to, channel.mail(mail)) for mail in mails]
    clients = [aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) for _ in range(AT_ONCE)]
    await asyncio.gather(*(client.connect() for client in clients))

    def worker(place: int) -> Callable[[int], Awaitable[None]]:
        async def send(number: int) -> None:
            to, body = bodies[number]
            await clients[place].sendmail("satu@kuburaya.example", to, body)

        return send

    rate = await _in_parallel(len(mails), worker)
    await asyncio.gather(*(client.quit() for client in clients))
    return rate


async def main(count: int) -> None:
    """Print both rates."""
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(there,), daemon=True)
    server.start()
    try:
        port = here.recv()
        mails = [hand_over(number) for number in range(count)]
        begun = time.perf_counter()
        channel = EmailChannel(parse(f"smtp://127.0.0.1:{port}"), SENDER)
        for mail in mails[:500]:
            channel.mail(mail)
        composing = (time.perf_counter() - begun) / min(count, 500) * 1e6
        bare, ours = [], []
        for _ in range(TURNS):
            bare.append(await bare_rate(port, mails))
            ours.append(await channel_rate(port, mails))
        print(f"{count} mails over {AT_ONCE} connections, aiosmtpd in another process, best of {TURNS} turns")
        print(f"bare aiosmtplib  {max(bare):8.0f} mails/s")
        print(f"EmailChannel     {max(ours):8.0f} mails/s   {max(ours) / max(bare):.0%} of bare")
        print(f"composing a mail {composing:8.0f} us")
    finally:
        server.terminate()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000))
