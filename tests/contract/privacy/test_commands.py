"""`satu privacy` and `satu restore` as an operator runs them on stores that no server holds."""

from __future__ import annotations

import asyncio
import json
import stat
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from services.notifications.contacts.contact import Contact
from services.notifications.kinds import KINDS as NOTIFICATIONS_KINDS
from services.registry.continuation.mentor import Mentor
from services.registry.kinds import KINDS as REGISTRY_KINDS
from shared.adapters.sqlite.store import SqliteStore
from shared.cli.__main__ import main
from shared.clock import Clock
from shared.ports.store import Kind, State

NAME, EMAIL = "Siti Aminah", "siti@dinkes.example"
PERSON = "0b8f3f0e-6f0c-5b1e-9b1c-2f8d7c1a4e55"

Satu = Callable[..., tuple[int, str, str]]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def satu(data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Satu:
    def run(*words: object, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["satu", *(str(word) for word in words)])
        monkeypatch.setattr(sys, "stdin", StringIO(typed))
        capsys.readouterr()
        status = main()
        done = capsys.readouterr()
        assert "Traceback" not in done.err
        return status, done.out, done.err

    assert not data.exists()
    asyncio.run(write(data, NOTIFICATIONS_KINDS, "contact", PERSON, contact()))
    asyncio.run(write(data, REGISTRY_KINDS, "mentor", "dinkes", mentor()))
    return run


async def write(data: Path, kinds: tuple[Kind, ...], kind: str, id: str, state: State) -> None:
    store = SqliteStore(data / f"{'registry' if kinds is REGISTRY_KINDS else 'notifications'}.sqlite")
    await store.open(kinds)
    await store.change(kind, id, lambda _: (state, None))
    await store.close()


def stored(data: Path) -> list[str | None]:
    """The names in both stores."""

    async def names() -> list[str | None]:
        found: list[str | None] = []
        for service, kinds, kind, id in (
            ("notifications", NOTIFICATIONS_KINDS, "contact", PERSON),
            ("registry", REGISTRY_KINDS, "mentor", "dinkes"),
        ):
            store = SqliteStore(data / f"{service}.sqlite")
            await store.open(kinds)
            document = await store.get(kind, id)
            await store.close()
            found.append(None if document is None else document.state["name"])
        return found

    return asyncio.run(names())


def contact() -> State:
    return Contact.of(region="61.12", agencies=["dinkes"], name=NAME, email=EMAIL).model_dump(mode="json")


def mentor() -> State:
    return Mentor(region="61.12", name=NAME, since=Clock.machine(), by="account-1").model_dump(mode="json")


def test_a_person_is_exported_corrected_and_erased_and_no_restore_brings_the_data_back(
    data: Path, satu: Satu, tmp_path: Path
) -> None:
    by_name, listed = ("--region", "61.12", "--name", "-"), data / "operator" / "erased.jsonl"
    assert satu("backup", tmp_path / "set")[0] == 0

    status, out, err = satu("privacy", "export", *by_name, "--output", tmp_path / "person.json", typed=NAME)

    assert (status, out) == (0, f"written: {tmp_path / 'person.json'}\n")
    assert err.splitlines() == [
        "registry: 1 documents",
        "notifications: 1 documents",
        "feed: 0 documents",
        "portal: 0 documents",
    ]
    assert stat.S_IMODE((tmp_path / "person.json").stat().st_mode) == 0o600
    exported = json.loads((tmp_path / "person.json").read_text())
    assert exported["layanan"]["registry"][0]["data"] == {"name": NAME}
    assert exported["layanan"]["notifications"][0]["data"]["email"] == EMAIL

    assert satu("privacy", "correct", "--person", PERSON, "--new-email", "aminah@dinkes.example")[0] == 0

    status, out, _ = satu("privacy", "erase", *by_name, typed=NAME)

    assert out.splitlines() == [
        "registry: mentor/dinkes: name",
        f"notifications: contact/{PERSON}",
        "to erase: satu privacy erase … --confirm 2",
    ]
    assert stored(data) == [NAME, NAME]

    status, out, _ = satu("privacy", "erase", *by_name, "--confirm", 2, typed=NAME)

    assert (status, stored(data)) == (0, ["", "•••"])
    before = listed.read_bytes()
    assert NAME.encode() not in before
    assert EMAIL.encode() not in before

    status, out, _ = satu("restore", tmp_path / "set")

    assert (status, stored(data)) == (0, ["", "•••"])
    assert "registry: 1 erasures of personal data after the backup carried out again" in out
    assert "notifications: 2 erasures of personal data after the backup carried out again" in out
    assert listed.read_bytes() == before, "no restore overwrites it"

    listed.unlink()
    status, _, err = satu("restore", tmp_path / "set")

    assert (status, "the list of erasures is not there" in err) == (2, True)
    assert stored(data) == ["", "•••"]

    assert satu("restore", tmp_path / "set", "--without-erasures")[0] == 0
    assert stored(data) == [NAME, NAME]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "exactly one of"),
        (("--name", "A", "--person", "b"), "exactly one of"),
        (("--name", "A"), "needs the region's code"),
        (("--name", "1", "--region", "61.12"), "has no word"),
        (("--person", "b", "--agency", "c"), "only with --name"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_person_who_is_not_named_clearly_is_refused(words: tuple[str, ...], why: str, satu: Satu) -> None:
    for command in ("export", "erase"):
        status, _, err = satu("privacy", command, *words)
        assert (status, why in err) == (2, True), err


def test_the_notice_of_a_breach_is_drafted_with_its_deadline_and_what_was_held(satu: Satu) -> None:
    times = ("--found-at", "2026-11-30T08:00", "--began", "2026-11-29T21:30", "--zone", "WITA")

    status, out, _ = satu("privacy", "breach-report", *times, "--region", "61.12", "--data", "contact")

    assert status == 0
    assert "paling lambat **3 Desember 2026 pukul 08.00 WITA**" in out
    assert "- Mulai: 29 November 2026 pukul 21.30 WITA" in out
    assert "- Berakhir: [diisi: waktu]" in out
    assert [line.split(" | ")[-2:] for line in out.splitlines() if line.startswith("| notifications")] == [["1", "1 |"]]
    assert "mentor" not in out
    assert NAME not in out
    assert satu("privacy", "breach-report", "--data", "everything")[0] == 2


def test_every_kind_of_data_says_how_long_it_is_kept(satu: Satu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONTACT_RETENTION_DAYS", "30")
    monkeypatch.setenv("IDEA_RETENTION_DAYS", "0")

    lines = satu("privacy", "retention")[1].splitlines()

    assert len(lines) == 15
    assert next(each for each in lines if each.startswith("notifications contact:")).endswith(
        ": 30 hari setelah hari terakhir berlakunya"
    )
    assert next(each for each in lines if each.startswith("registry idea:")).endswith(": sampai dihapus")
