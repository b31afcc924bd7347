"""Who is named in an entry: the person of a request, or what runs."""

from __future__ import annotations

import asyncio
import sys

import pytest

from shared.cli.console import do
from shared.observability.actor import NOBODY, Actor, acting, current
from shared.runtime.loops import LoopRunner
from shared.runtime.service import Loop
from tests.support.audit.notes import CLERK


def test_outside_of_everything_nobody_is_named() -> None:
    assert current() == NOBODY


async def test_a_task_that_a_request_starts_acts_for_it() -> None:
    async def work() -> Actor:
        await asyncio.sleep(0)
        return current()

    with acting(CLERK):
        task = asyncio.create_task(work())

    assert await task == CLERK
    assert current() == NOBODY


async def test_a_loop_acts_under_its_name() -> None:
    seen: list[Actor] = []

    async def run() -> None:
        seen.append(current())

    await LoopRunner("registry", Loop("deadlines", 60, run))._run_once()

    assert seen == [Actor(None, "loop", None, "deadlines")]


@pytest.mark.parametrize(
    ("words", "through"),
    [
        (["satu", "privacy", "erase", "budi"], "satu privacy erase"),
        (["satu", "restore", "/backup/Budi"], "satu restore"),
        (["satu", "remind", "--as-of", "2026-01-01"], "satu remind"),
    ],
)
def test_a_command_acts_under_its_name_without_arguments(
    words: list[str], through: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", words)

    async def work() -> Actor:
        return current()

    actor = do(work())

    assert (actor.role, actor.through) == ("command", through)
    assert actor.account is not None
    assert actor.account.startswith("uid:")
