"""Mails as bytes, read back with the `email` package."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.sending.drivers.mime import compose, mailbox
from tests.support.providers.hand_overs import EMAIL, MAIL, content


def read(**more: str) -> tuple[bytes, EmailMessage]:
    body = compose(
        content(**more),
        mail_from="Satu Inovasi <satu@kuburaya.example>",
        reply_to="kurator@kuburaya.example",
        domain="kuburaya.example",
    )
    message = BytesParser(policy=policy.default).parsebytes(body)
    assert isinstance(message, EmailMessage)
    return body, message


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


WRITTEN = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\x00"), min_size=1, max_size=300)


@given(text=WRITTEN, html=WRITTEN, subject=WRITTEN, name=WRITTEN)
def test_whatever_is_written_arrives_and_adds_no_header(text: str, html: str, subject: str, name: str) -> None:
    body, message = read(text=text, html=html, subject=subject, name=name)

    assert body.isascii()
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert max(len(line) for line in body.split(b"\r\n")) < 998
    assert [key.lower() for key in message.keys()] == [  # noqa: SIM118 - no dict
        *("from", "to", "reply-to", "subject", "date", "message-id", "auto-submitted", "content-language"),
        *("mime-version", "content-type"),
    ]
    assert [each.addr_spec for each in message["To"].addresses] == [EMAIL]
    assert part(message, "plain") == text
    assert part(message, "html") == html


@pytest.mark.parametrize(
    ("written", "encoding"),
    [
        ("Tenggat: Kamis, 31 Desember 2026\r\n.\r\n-- \n<a href='x?a=b'>=3D</a>\n", "7bit"),
        ("a" * 998 + "\n" + "b" * 998, "7bit"),
        ("a" * 999, "quoted-printable"),
        ("Kecamatan Sungai Raya – Kuala Dua", "quoted-printable"),
        ("satu\x00dua", "quoted-printable"),
        ("From the office", "quoted-printable"),
        (f"a\n--=_{MAIL}--\nb", "quoted-printable"),
    ],
)
def test_text_is_encoded_only_where_a_server_might_not_pass_it_as_it_is(written: str, encoding: str) -> None:
    body, mail = read(text=written, html=written)

    assert max(len(line) for line in body.split(b"\r\n")) <= 998
    for kind in ("plain", "html"):
        found = mail.get_body((kind,))
        assert found is not None
        assert found["Content-Transfer-Encoding"] == encoding
        assert part(mail, kind) == written.replace("\r\n", "\n")


@pytest.mark.parametrize(
    "odd",
    ["=?utf-8?q?a=0d=0aBcc:_x@elsewhere.example?=", "==??utf-8?q?a=0d=0aBcc:_x?=", "satu\x85dua", "satu\u2028Bcc: x"],
)
def test_names_cannot_break_out_of_a_header(odd: str) -> None:
    _, mail = read(name=odd, subject=f"Pengingat: {odd}")
    assert mail.keys().count("Subject") == mail.keys().count("To") == 1
    assert "Bcc" not in mail
    assert [each.addr_spec for each in mail["To"].addresses] == [EMAIL]
    assert mail["Subject"].startswith("Pengingat: ")


@pytest.mark.parametrize("name", ["Sri Aé", 'Siti "Ani" Nurhaliza, S.Kom', "back\\slash", ""])
def test_a_name_is_read_as_it_was_written(name: str) -> None:
    _, mail = read(name=name)
    assert mail["To"].addresses[0].display_name == name


@pytest.mark.parametrize("subject", ["Tenggat 31 Desember 2026", "Pengingat – " + "Dinas Kesehatan dan " * 8 + "lain"])
def test_a_subject_is_read_as_it_was_written(subject: str) -> None:
    _, mail = read(subject=subject)
    assert mail["Subject"] == subject


@pytest.mark.parametrize(
    "odd", ["a@x.example\r\nBcc: b@x.example", "a@x.example, b@x.example", "<a@x.example>", "é@x.example", "a b@x", ""]
)
def test_an_address_that_could_break_out_of_its_header_is_refused(odd: str) -> None:
    with pytest.raises(ValueError, match="address"):
        read(to=odd)


@pytest.mark.parametrize(
    ("setting", "header"),
    [
        ("satu@x.example", "satu@x.example"),
        ("Satu Inovasi <satu@x.example>", '"Satu Inovasi" <satu@x.example>'),
        ('"Satu, Inovasi" <satu@x.example>', '"Satu, Inovasi" <satu@x.example>'),
    ],
)
def test_the_senders_setting_becomes_a_header(setting: str, header: str) -> None:
    assert mailbox(setting) == header
