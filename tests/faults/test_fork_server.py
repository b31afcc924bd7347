"""A forked process behaves as a new one does. The tests of kills and commands rely on that."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.support.forks.process import environment_with, forked, output_of
from tests.support.paths import ROOT

PROBE = "tests.support.forks.probe"


async def probe(*arguments: str, environment: dict[str, str] | None = None) -> dict[str, str]:
    """The lines `name: value` of the probe in a fork."""
    done = await output_of(PROBE, *arguments, environment=environment or environment_with({}))
    assert (done.status, done.err) == (3, "probe: done\n")
    return dict(line.split(": ", 1) for line in done.out.splitlines())


def _default_interrupt() -> None:
    """A shell that runs the tests in the background ignores SIGINT, and what it starts inherits that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def new_process(*arguments: str) -> dict[str, str]:
    """The same lines of a new interpreter."""
    done = subprocess.run(
        [sys.executable, "-m", PROBE, *arguments],
        cwd=ROOT,
        env=environment_with({}),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=_default_interrupt,
    )
    assert (done.returncode, done.stderr) == (3, "probe: done\n")
    return dict(line.split(": ", 1) for line in done.stdout.splitlines())


async def test_a_fork_starts_in_the_state_of_a_new_process() -> None:
    fork, new = await probe("one", "two"), new_process("one", "two")

    own = {"pid", "session", "random", "lease owner"}
    assert {name: value for name, value in fork.items() if name not in own} == {
        name: value for name, value in new.items() if name not in own
    }
    assert fork["session"] == fork["pid"]


async def test_two_forks_share_nothing_that_is_drawn_per_process() -> None:
    first, second = await probe(), await probe()

    for name in ("pid", "random", "lease owner"):
        assert first[name] != second[name], name


async def test_a_fork_sees_the_given_environment_alone() -> None:
    fork = await probe(environment={"ONLY": "this", "TZ": "Asia/Jayapura"})

    assert fork["environment"] == "ONLY,TZ"
    assert fork["time zone"] == "WIT"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
async def test_a_signal_ends_a_fork_at_once_and_is_its_status(number: signal.Signals) -> None:
    with tempfile.TemporaryFile() as nowhere:
        fork = await forked(PROBE, "wait", environment=environment_with({}), stdout=nowhere, stderr=nowhere)
        fork.send_signal(number)

        assert await fork.wait() == -number
    with pytest.raises(ProcessLookupError):
        fork.kill()


async def test_it_writes_to_the_file_it_was_given(tmp_path: Path) -> None:
    with (tmp_path / "log").open("ab") as log:
        fork = await forked(PROBE, environment=dict(os.environ), stdout=log, stderr=log)
        assert await fork.wait() == 3

    assert (tmp_path / "log").read_text().splitlines()[-1] == "probe: done"
