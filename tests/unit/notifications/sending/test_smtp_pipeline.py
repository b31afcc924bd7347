"""What is written after DATA, and replies that come in any pieces."""

from __future__ import annotations

import asyncio
import re

import aiosmtplib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.sending.drivers.smtp_pipeline import Reply, SmtpPipeline, dotted

REPLIES = b"250-2.1.0 one\r\n250 more\r\n250 2.1.5 two\r\n354 three\r\n"
READ = [Reply(250, "2.1.0 one\nmore"), Reply(250, "2.1.5 two"), Reply(354, "three")]


class _Transport(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.closing = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        pass


def pipeline() -> tuple[SmtpPipeline, _Transport]:
    client, transport = aiosmtplib.SMTP(), _Transport()
    client.protocol = aiosmtplib.protocol.SMTPProtocol()
    client.transport = transport
    return SmtpPipeline(client), transport


@given(
    text=st.text("\r\n.a", max_size=12).map(str.encode) | st.lists(st.sampled_from([b"\r\n", b".", b"a"])).map(b"".join)
)
def test_a_text_is_dotted_line_by_line_or_refused(text: bytes) -> None:
    whole = text.endswith(b"\r\n") and re.search(rb"\r(?!\n)|(?<!\r)\n", text) is None
    if not whole:
        with pytest.raises(ValueError, match="line ends"):
            dotted(text)
        return
    lines = [b"." + line if line.startswith(b".") else line for line in text.split(b"\r\n")]
    assert dotted(text) == b"\r\n".join(lines) + b".\r\n"


@pytest.mark.parametrize("size", [1, 7, len(REPLIES)])
async def test_the_text_is_written_once_all_replies_have_come_in_whatever_pieces(size: int) -> None:
    pipe, transport = pipeline()
    judged: list[list[Reply]] = []

    def text(replies: list[Reply]) -> bytes:
        judged.append(list(replies))
        return b"text"

    making = asyncio.ensure_future(pipe.exchange(b"commands", 3, text))
    await asyncio.sleep(0)
    for start in range(0, len(REPLIES), size):
        assert transport.written == [b"commands"]
        pipe.data_received(REPLIES[start : start + size])
    assert judged == [READ]
    assert transport.written == [b"commands", b"text"]
    pipe.data_received(b"250 taken\r\n")
    assert await making == Reply(250, "taken")


async def test_a_refusal_is_raised_and_no_text_is_written() -> None:
    pipe, transport = pipeline()

    def refuse(replies: list[Reply]) -> bytes:
        raise aiosmtplib.SMTPResponseException(replies[0].code, replies[0].text)

    making = asyncio.ensure_future(pipe.exchange(b"commands", 3, refuse))
    await asyncio.sleep(0)
    pipe.data_received(REPLIES)
    with pytest.raises(aiosmtplib.SMTPResponseException):
        await making
    assert transport.written == [b"commands"]


async def test_a_connection_that_ends_after_some_replies_shows_them() -> None:
    pipe, _ = pipeline()
    judged: list[list[Reply]] = []

    def lost(replies: list[Reply]) -> bytes:
        judged.append(list(replies))
        raise aiosmtplib.SMTPServerDisconnected("Connection lost")

    making = asyncio.ensure_future(pipe.exchange(b"commands", 3, lost))
    await asyncio.sleep(0)
    pipe.data_received(b"550 5.1.1 no\r\n250 half a li")
    pipe.connection_lost(None)
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await making
    assert judged == [[Reply(550, "5.1.1 no")]]
