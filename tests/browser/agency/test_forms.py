"""The forms of an agency as a browser without JavaScript sends them: contacts, withdrawal, follow-up, uploads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from tests.support.client import eventually
from tests.support.portal.bureau import Bureau, FormClient, hidden_in, secret_in
from tests.support.portal.process import PortalProcess
from tests.support.precheck.pdfs import pdf_of

pytestmark = pytest.mark.drawn(3)


@pytest_asyncio.fixture(loop_scope="session")
async def bureau(portal: PortalProcess) -> AsyncIterator[Bureau]:
    async with Bureau(portal) as bureau:
        yield bureau


@pytest_asyncio.fixture(loop_scope="session")
async def agency(bureau: Bureau) -> str:
    return await bureau.new_agency()


@pytest_asyncio.fixture(loop_scope="session")
async def client(bureau: Bureau, agency: str) -> AsyncIterator[FormClient]:
    client = bureau.client(agency)
    yield client
    await client.close()


async def test_an_agency_keeps_its_contacts(bureau: Bureau, agency: str, client: FormClient) -> None:
    new = "/opd/kontak/baru"
    refused = await client.send(new, new, agencies=agency, role="officer", name="Petugas (contoh)", email="bukan surel")
    assert (refused.status_code, "Bukan alamat surel yang benar." in refused.text) == (422, True)
    mail = f"inovasi-{agency[:8]}@dinas.example"
    fields = {"agencies": agency, "role": "officer", "name": "Petugas (contoh)", "email": mail, "notice": "ya"}

    await eventually(lambda: _stored(client, new, fields))

    kept = (await bureau.officer(agency).get(f"/notifications/v1/contacts?agency={agency}"))["items"]
    assert [(each["name"], each["email"], bool(each["notice"])) for each in kept] == [("Petugas (contoh)", mail, True)]
    one = f"/opd/kontak/{kept[0]['id']}"
    changed = await client.send(one, one, **{**fields, "name": "Petugas baru (contoh)", "another_person": "ya"})
    assert "Petugas baru (contoh)" in changed.text
    gone = await client.send(f"{one}/hapus", f"{one}/hapus")
    assert ("Data kontak sudah dihapus." in gone.text, "Petugas baru" in gone.text) == (True, False)


async def _stored(client: FormClient, path: str, fields: dict[str, str]) -> bool:
    """Whether it was stored; not before notifications knows the agency."""
    return "Kontak tersimpan." in (await client.send(path, path, **fields)).text


async def test_what_is_submitted_can_be_withdrawn_and_what_is_verified_be_asked_for(
    bureau: Bureau, agency: str, client: FormClient
) -> None:
    first, second = await bureau.new_draft(agency), await bureau.new_draft(agency)
    for each in (first, second):
        await bureau.submit(each, agency)
    await bureau.verify(second, {})

    empty = await client.send(f"/opd/inovasi/{first}/tarik", f"/opd/inovasi/{first}/tarik")
    assert (empty.status_code, "Isi alasan penarikan." in empty.text) == (422, True)
    for each in (first, second):
        await client.send(f"/opd/inovasi/{each}/tarik", f"/opd/inovasi/{each}/tarik", reason="Layanan berhenti.")

    assert (await bureau.innovation(first))["status"] == "withdrawn"
    asked = await bureau.innovation(second)
    assert (asked["status"], asked["withdrawal"]["reason"]) == ("verified", "Layanan berhenti.")
    shown = await client.send(f"/opd/inovasi/{second}/tarik/batal", f"/opd/inovasi/{second}")
    assert "Permohonan penarikan dibatalkan." in shown.text
    assert (await bureau.innovation(second))["withdrawal"] is None


async def test_an_agency_answers_whether_an_innovation_is_still_in_use(
    bureau: Bureau, agency: str, client: FormClient
) -> None:
    id = await bureau.new_draft(agency)
    await bureau.submit(id, agency)
    await bureau.verify(id, {})
    path = f"/registry/v1/innovations/{id}"
    await bureau.curator.change("PUT", f"{path}/continuation/follow-up", {"asked_on": "2025-11-04"}, of=path)
    line = (await bureau.curator.get(f"/registry/v1/regions/{bureau.code}/continuation-rules"))["pipelines"][0]
    place = {"pipeline": line["slug"], "stage": line["stages"][1]["slug"]}
    await bureau.curator.change("POST", f"{path}/continuation/stage", place, of=path)
    here = f"/opd/inovasi/{id}/tindak-lanjut"

    refused = await client.send(here, here, use="stopped")
    assert "Isi alasan inovasi tidak dipakai lagi." in refused.text
    fields = {
        "use": "live",
        "figures.0.label": "warga terlayani",
        "figures.0.value": "1.250",
        "figures.0.unit": "orang",
    }
    done = await client.send(here, here, **fields)

    assert "Jawaban tersimpan." in done.text
    assert "warga terlayani: 1.250 orang" in done.text
    assert f"{line['name']}: {line['stages'][1]['name']}" in done.text
    known = await bureau.curator.get(f"{path}/continuation")
    assert known["follow_ups"][0]["answer"]["figures"] == [{"label": "warga terlayani", "value": 1250, "unit": "orang"}]


async def test_an_upload_that_is_cut_in_the_middle_leaves_nothing(
    bureau: Bureau, agency: str, client: FormClient
) -> None:
    id = await bureau.new_draft(agency)
    row = f"/opd/inovasi/{id}/bukti/16"
    before = await bureau.innovation(id)
    secret = secret_in(await client.page(row))
    content = pdf_of(["SURAT"]) + b"%" * 400_000
    body = _form(secret, "SK (contoh).pdf", content)

    await _send_half(bureau.portal.url, client, f"{row}/berkas", body)

    assert await bureau.innovation(id) == before
    kept = await client.http.post(f"{row}/berkas", content=body, headers={"content-type": _KIND})
    assert "SK (contoh).pdf" in kept.text
    files = (await bureau.innovation(id))["evidence"]["16"]["files"]
    assert [each["size"] for each in files] == [len(content)]
    path = f"{row}/berkas/{files[0]['digest']}"
    read = await client.http.get(path)
    assert (read.content, read.headers["content-type"]) == (content, "application/pdf")
    await client.send(f"{path}/hapus", row)
    assert not (await bureau.innovation(id))["evidence"]["16"]["files"]


async def test_an_edit_during_an_upload_does_not_make_it_fail(bureau: Bureau, agency: str, client: FormClient) -> None:
    id = await bureau.new_draft(agency)
    row = f"/opd/inovasi/{id}/bukti/16"
    body = _form(secret_in(await client.page(row)), "SK (contoh).pdf", pdf_of(["SURAT"]) + b"%" * 400_000)
    half, path = len(body) // 2, f"/registry/v1/innovations/{id}"

    async def slowly():  # type: ignore[no-untyped-def]  # noqa: ANN202 - chunks of bytes
        yield body[:half]
        profile = {**(await bureau.innovation(id))["profile"], "purpose": "Diubah selama unggahan."}
        await bureau.officer(agency).change("PUT", path, {"profile": profile}, of=path)
        yield body[half:]

    answer = await client.http.post(f"{row}/berkas", content=slowly(), headers={"content-type": _KIND})

    assert "terunggah" in answer.text
    kept = await bureau.innovation(id)
    assert (kept["profile"]["purpose"], len(kept["evidence"]["16"]["files"])) == ("Diubah selama unggahan.", 1)


async def test_a_form_that_is_sent_twice_does_what_it_does_once(
    bureau: Bureau, agency: str, client: FormClient
) -> None:
    page = await client.page("/opd/inovasi/baru")
    fields = {"csrf": secret_in(page), "agency": agency, "key": "sama", "name": "Sekali saja"}

    first, second = [await client.http.post("/opd/inovasi/baru", data=fields) for _ in range(2)]

    assert first.url.path == second.url.path
    id = first.url.path.rpartition("/")[2]
    submitted = await bureau.new_draft(agency)
    check = f"/opd/inovasi/{submitted}/ajukan"
    text = await client.page(check)
    fields = {"csrf": secret_in(text), **hidden_in(text)}
    for _ in range(2):
        answer = await client.http.post(check, data=fields)
        assert answer.url.path == f"/opd/inovasi/{submitted}/tanda-terima"
    deleted = await client.send(f"/opd/inovasi/{id}/hapus", f"/opd/inovasi/{id}/hapus")
    assert "Rancangan sudah dihapus." in deleted.text


_KIND = "multipart/form-data; boundary=batas"


def _form(secret: str, name: str, content: bytes) -> bytes:
    head = (
        f'--batas\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{secret}\r\n'
        f'--batas\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    return head.encode() + content + b"\r\n--batas--\r\n"


async def _send_half(url: str, client: FormClient, path: str, body: bytes) -> None:
    """Begin an upload and cut the connection in the middle of it."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    cookie = "; ".join(f"{name}={value}" for name, value in client.http.cookies.items())
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nCookie: {cookie}\r\nContent-Type: {_KIND}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body[: len(body) // 2])
    await writer.drain()
    await asyncio.sleep(0.3)  # so that the half is on its way to the registry
    writer.close()
    await writer.wait_closed()
    await reader.read()
