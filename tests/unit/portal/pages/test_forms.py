"""Forms: any bytes are read or refused, never an error; what was sent comes out as it went in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from services.portal.pages.forms import Errors, Form, chosen, parsed, sentence
from services.portal.pages.upload import FileForm
from shared.faults import Fault, Flaw, Invalid

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=30)
NAME = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=10)


@given(st.binary(max_size=400))
def test_any_body_is_read_or_refused(body: bytes) -> None:
    try:
        form = parsed(body)
    except Fault:
        return
    assert all("\x00" not in value for value in form.values().values())


@given(st.lists(st.tuples(NAME, TEXT), max_size=10))
def test_what_was_sent_is_read(fields: list[tuple[str, str]]) -> None:
    form = parsed(urlencode(fields).encode())

    for name, value in dict(fields).items():
        assert form.text(name) == value.strip()
    assert form.values() == {name: value for name, value in dict(fields).items() if name != "csrf"}


def test_a_form_with_too_many_fields_is_refused() -> None:
    with pytest.raises(Invalid):
        parsed(b"&".join([b"a=1"] * 3000))


def test_line_ends_are_those_of_unix_and_checkboxes_come_as_a_list() -> None:
    form = Form([("a", " x\r\ny\rz "), ("b", "1"), ("b", ""), ("b", "2"), ("row.16", " 3 "), ("row.17", "")])

    assert form.text("a") == "x\ny\nz"
    assert form.texts("b") == ["1", "2"]
    assert form.under("row") == {"16": "3", "17": ""}
    assert form.has("b")
    assert not form.has("c")
    assert (form.text("c"), form.text("c", "-")) == ("", "-")


def test_flaws_become_sentences_at_their_fields() -> None:
    errors = Errors()
    errors.require(Form([("name", " ")]), "name", "year")
    errors.add_flaws([{"field": "profile.design", "code": "short", "message": "paling sedikit 300 kata"}])
    errors.add_flaws([Flaw("body.deadline", "past", "sudah lewat.")], {"body.deadline": "date"})

    assert errors == {
        "name": "Wajib diisi.",
        "year": "Wajib diisi.",
        "design": "Paling sedikit 300 kata.",
        "date": "Sudah lewat.",
    }
    assert [sentence(each) for each in ("", "benar?", " salah ")] == ["", "Benar?", "Salah."]
    assert (chosen("a", ["a"]), chosen("b", ["a"])) == ("a", None)


# --- Forms with a file ---


def request(body: bytes, boundary: str = "b", pieces: int = 7) -> Request:
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": body[place : place + pieces], "more_body": True}
        for place in range(0, len(body), pieces)
    ]
    messages.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    headers = [(b"content-type", f"multipart/form-data; boundary={boundary}".encode())]
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    file = f'; filename="{filename}"' if filename is not None else ""
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"


async def read(body: bytes, pieces: int = 7) -> tuple[FileForm, bytes]:
    form = await FileForm.read(request(body, pieces=pieces))
    return form, b"".join([chunk async for chunk in _all(form.chunks())])


async def _all(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async for chunk in chunks:
        yield chunk


@pytest.mark.parametrize("pieces", [1, 3, 50, 10_000])
async def test_a_file_arrives_whole_however_the_body_is_cut(pieces: int) -> None:
    content = bytes(range(256)) * 3 + b"\r\n--c\r\n"
    body = part("number", b"12/A") + part("file", content, "C:\\a\\bukti.pdf") + b"--b--\r\nepilogue"

    form, found = await read(body, pieces)

    assert (form.form.text("number"), form.name, found) == ("12/A", "bukti.pdf", content)


async def test_a_form_without_a_chosen_file_has_no_name() -> None:
    form, found = await read(part("number", b"1") + part("file", b"", "") + b"--b--\r\n")

    assert (form.name, found, form.form.text("number")) == ("", b"", "1")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--b--\r\nnothing before"[:3],
        part("file", b"abc", "a.pdf"),
        part("file", b"abc", "a.pdf") + part("number", b"1") + b"--b--\r\n",
        part("number", b"1"),
        b"no multipart at all",
    ],
    ids=["empty", "begun", "cut in the file", "field after the file", "cut after a field", "other"],
)
async def test_a_body_that_is_cut_or_out_of_order_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        await read(body)


@given(body=st.binary(max_size=300))
async def test_any_multipart_body_is_read_or_refused(body: bytes) -> None:
    try:
        await read(b"--b\r\n" + body, 50)
    except Fault:
        return
