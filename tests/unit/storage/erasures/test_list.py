"""The list of erasures: appended durably by several processes, and readable after a crash."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.faults import Misconfigured
from shared.storage.erasures.entry import CONTACT, Erasure
from shared.storage.erasures.list import ErasureList

AT = datetime(2026, 11, 30, 3, tzinfo=UTC)


def contact(id: str) -> Erasure:
    return Erasure(service="notifications", kind=CONTACT, id=id, region="61.12", at=AT)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "operator" / "erased.jsonl"


def test_a_list_begins_once_and_only_its_owner_reads_it(file: Path) -> None:
    with ThreadPoolExecutor() as threads:
        found = list(threads.map(lambda _: ErasureList(file).begin(), range(8)))

    assert len({each.id for each in found}) == 1
    assert len(found[0].key) == 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize(("folder", "mode"), [(0o2770, 0o666), (0o775, 0o600), (0o755, 0o600)])
def test_in_the_folder_of_a_volume_whoever_may_enter_it_may_use_the_list(file: Path, folder: int, mode: int) -> None:
    file.parent.mkdir()
    file.parent.chmod(folder)

    ErasureList(file).begin()

    assert stat.S_IMODE(file.stat().st_mode) == mode


def test_what_many_append_at_once_is_all_there(file: Path) -> None:
    ErasureList(file).begin()

    with ThreadPoolExecutor() as threads:
        list(threads.map(lambda number: ErasureList(file).append([contact(f"p{number}")]), range(20)))

    assert {each.id for each in ErasureList(file).read().entries} == {f"p{number}" for number in range(20)}


def test_a_line_that_a_crash_has_cut_off_is_dropped_and_the_next_one_is_whole(file: Path) -> None:
    ErasureList(file).begin()
    ErasureList(file).append([contact("a")])
    with file.open("ab") as cut:
        cut.write(b'{"service":"notif')

    assert [each.id for each in ErasureList(file).read().entries] == ["a"]
    ErasureList(file).append([contact("b")])

    assert [each.id for each in ErasureList(file).read().entries] == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "format None"), (b'{"erased": 2}\n', "format 2"), (b"[]\n", "line 1"), (b"rubbish\n", "line 1")],
)
def test_a_list_that_cannot_be_read_is_refused(file: Path, content: bytes, why: str) -> None:
    file.parent.mkdir()
    file.write_bytes(content)

    with pytest.raises(Misconfigured, match=why):
        ErasureList(file).read()


def test_a_broken_line_is_named(file: Path) -> None:
    ErasureList(file).begin()
    ErasureList(file).append([contact("a")])
    file.write_bytes(file.read_bytes() + b"rubbish\n")

    with pytest.raises(Misconfigured, match="line 3"):
        ErasureList(file).begin()


def test_a_folder_that_cannot_be_used_is_named(file: Path) -> None:
    file.parent.write_text("a file")

    with pytest.raises(Misconfigured, match="ERASURES_DIR"):
        ErasureList(file).begin()


def test_each_erasure_of_a_service_counts_once(file: Path) -> None:
    ErasureList(file).begin()
    ErasureList(file).append([contact("a"), contact("b"), contact("a")])

    assert [each.id for each in ErasureList(file).read().of("notifications")] == ["a", "b"]
    assert ErasureList(file).read().of("registry") == []
