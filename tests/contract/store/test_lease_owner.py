"""The owner of a lease in another namespace of process numbers, as in another container with the same host name."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

from shared.adapters.lease_owner import lease_owner, owner_is_gone
from tests.servers.need import missing
from tests.support.paths import ROOT

OWNER = "from shared.adapters.lease_owner import lease_owner as owner; print(owner(), flush=True); input()"
IS_GONE = "import sys; from shared.adapters.lease_owner import owner_is_gone as gone; print(gone(sys.argv[1]))"


@pytest.fixture
def contained() -> list[str]:
    """The command that starts a process with number 1 in a namespace of its own."""
    command = ["unshare", "-pf" if os.geteuid() == 0 else "-Urpf"]
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode != 0:
        missing("A namespace of process numbers", "run as root, or allow unprivileged user namespaces")
    return [*command, sys.executable, "-c"]


def test_the_same_number_in_two_containers_is_not_the_same_process(contained: list[str]) -> None:
    with subprocess.Popen(
        [*contained, OWNER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as living:
        assert living.stdin is not None
        assert living.stdout is not None
        owner = living.stdout.readline().strip()
        asked = subprocess.run([*contained, IS_GONE, owner], cwd=ROOT, capture_output=True, text=True, check=True)
        living.stdin.write("end\n")

    assert f"{platform.node()}/1" in owner
    assert asked.stdout.strip() == "False"
    assert not owner_is_gone(owner)


def test_an_owner_is_gone_when_its_process_in_this_namespace_has_ended() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    host, process, boot = lease_owner().rsplit("/", 2)
    namespace = process.partition("@")[2]

    assert not owner_is_gone(lease_owner())
    assert owner_is_gone(f"{host}/{ended.pid}@{namespace}/{boot}")
    assert owner_is_gone(f"{host}/{os.getpid()}@{namespace}/an-earlier-boot")
    assert not owner_is_gone(f"{host}/{os.getppid()}@{namespace}/some-boot")
    assert not owner_is_gone(f"{host}/{ended.pid}@another/some-boot")
    assert not owner_is_gone(f"{host}/{ended.pid}/written-by-an-earlier-release")
    assert not owner_is_gone(f"another-host/1@{namespace}/some-boot")
    assert not owner_is_gone("nonsense")
