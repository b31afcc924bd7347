"""The doctor where it may not look at everything: each check that fails is one line, and the others go on."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from shared.auth import keys
from shared.auth.revoked import NAME
from shared.operations import doctor
from shared.operations.doctor import Check, examine
from shared.settings import Settings, load

NOBODY = 65534


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder with keys that another user can reach, as the `tools` container's is."""
    folder = Path(tempfile.mkdtemp(prefix="satu-doctor-"))
    folder.chmod(0o755)
    keys.init(folder, folder / "access")
    yield folder
    shutil.rmtree(folder)


def examined(settings: Settings) -> dict[str, Check]:
    return {each.part: each for each in asyncio.run(examine(settings, []))}


def examined_by_another_user(settings: Settings) -> dict[str, Check]:
    """The result when the files belong to somebody else."""
    ours, theirs = get_context("fork").Pipe()
    child = get_context("fork").Process(target=_as_nobody, args=(settings, theirs))
    child.start()
    theirs.close()
    try:
        assert ours.poll(30), "the doctor gave no result"
        return {each["part"]: Check(**each) for each in ours.recv()}
    finally:
        child.join(10)


def _as_nobody(settings: Settings, answer: Connection) -> None:
    if os.geteuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    else:
        (settings.root / "operator").chmod(0)
    answer.send([asdict(each) for each in asyncio.run(examine(settings, []))])


def test_a_key_that_belongs_to_another_user_is_no_problem_and_ends_nothing(data: Path) -> None:
    found = examined_by_another_user(load({}, data_dir=data))

    assert found["private key"].passed
    assert found["keys"].passed
    assert found["disk"].passed


def test_a_check_that_itself_fails_is_one_line_and_the_others_go_on(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_root: Path) -> list[Check]:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(doctor, "_disk", broken)

    found = examined(load({}, data_dir=data))

    assert found["keys"].passed
    assert (found["disk"].passed, found["disk"].found) == (
        False,
        "the check itself failed: RuntimeError: a mistake of ours",
    )


def test_a_line_of_the_revoked_tokens_that_cannot_be_read_is_named(data: Path) -> None:
    (data / "access" / NAME).write_text("half-a-line\n")

    found = examined(load({}, data_dir=data))

    assert not found["revoked tokens"].passed
    assert "line 1 is not" in found["revoked tokens"].found
