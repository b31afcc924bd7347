"""A restore is refused with another installation's list of erasures, and with an older copy of the own one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import APIRouter

from shared.adapters.folder import FolderFiles
from shared.adapters.sqlite.bus import SqliteBus
from shared.adapters.sqlite.store import SqliteStore
from shared.clock import Clock
from shared.faults import Invalid, Misconfigured
from shared.operations.backup import back_up
from shared.operations.erasures import check_erasures
from shared.operations.restore import check
from shared.runtime.service import Resources, Service
from shared.settings import Settings
from shared.storage.erasures.keeping import Erasures
from shared.storage.erasures.kinds import ERASURE_KINDS
from shared.storage.erasures.list import ErasureList
from tests.contract.privacy.test_keeping import Recorder, contact


class Holder(Recorder):
    """A service's part, of which the check needs only that it is there."""


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[tuple[Resources, Service]]:
    """A service with one erasure, whose store has been started with its list."""
    settings = Settings(data_dir=tmp_path)
    holder: object = Holder()
    service = Service("office", ERASURE_KINDS, APIRouter(), personal_data=holder)  # type: ignore[arg-type]
    store = SqliteStore(tmp_path / "office.sqlite")
    files = FolderFiles(tmp_path / "files")
    await store.open(ERASURE_KINDS)
    await files.open()
    erasures = Erasures(store, "office", ErasureList(settings.erasures))
    await erasures.catch_up(Holder())
    await erasures.record([contact("a")])
    yield Resources(store, files, SqliteBus(tmp_path / "bus.sqlite"), Clock(), settings), service
    await files.close()
    await store.close()


@pytest.fixture
async def backed_up(office: tuple[Resources, Service], tmp_path: Path) -> tuple[Path, Settings, list[Service]]:
    await back_up(tmp_path / "set", [office], "test")
    return tmp_path / "set", office[0].settings, [office[1]]


async def test_a_backup_is_taken_although_the_list_cannot_be_read_but_a_region_s_is_not(
    office: tuple[Resources, Service], tmp_path: Path
) -> None:
    file = ErasureList(office[0].settings.erasures)
    known = file.read().id
    whole = await back_up(tmp_path / "before", [office], "test")
    file.path.write_text("rubbish\n")

    broken = await back_up(tmp_path / "after", [office], "test")

    assert (whole.erasures, broken.erasures) == (known, "")
    with pytest.raises(Misconfigured, match="line 1"):
        await back_up(tmp_path / "region", [office], "test", region="61.12")


async def test_the_list_of_the_installation_passes(backed_up: tuple[Path, Settings, list[Service]]) -> None:
    folder, settings, services = backed_up

    check_erasures(folder, check(folder, services), services, ErasureList(settings.erasures))


async def test_a_list_that_lacks_an_erasure_of_the_backup_is_an_older_copy(
    backed_up: tuple[Path, Settings, list[Service]],
) -> None:
    folder, settings, services = backed_up
    settings.erasures.write_bytes(settings.erasures.read_bytes().splitlines(keepends=True)[0])

    with pytest.raises(Invalid, match="older copy"):
        check_erasures(folder, check(folder, services), services, ErasureList(settings.erasures))


async def test_another_installation_s_list_is_refused(backed_up: tuple[Path, Settings, list[Service]]) -> None:
    folder, settings, services = backed_up
    settings.erasures.unlink()
    ErasureList(settings.erasures).begin()

    with pytest.raises(Invalid, match="not the list of erasures of this backup"):
        check_erasures(folder, check(folder, services), services, ErasureList(settings.erasures))


async def test_the_list_of_the_installation_that_a_backup_comes_from_passes_beside_our_own(
    backed_up: tuple[Path, Settings, list[Service]], tmp_path: Path
) -> None:
    folder, settings, services = backed_up
    theirs, ours = ErasureList(settings.erasures), ErasureList(tmp_path / "ours.jsonl")

    with pytest.raises(Invalid, match="list of erasures is not there"):
        check_erasures(folder, check(folder, services), services, ours)
    check_erasures(folder, check(folder, services), services, ours, theirs)
    ours.begin()
    check_erasures(folder, check(folder, services), services, ours, theirs)
