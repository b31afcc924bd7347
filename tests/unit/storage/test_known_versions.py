from __future__ import annotations

from shared.storage.known_versions import KnownVersions


def test_a_version_is_taken_once_and_the_first_one_goes_first() -> None:
    versions = KnownVersions[int](2)
    versions.remember("a", 1)
    versions.remember("b", 1)
    versions.remember("a", 2)
    versions.remember("c", 1)
    assert [versions.take(id) for id in "abca"] == [2, None, 1, None]
