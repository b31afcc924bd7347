"""Runs `satu` commands as an operator does: in a process of their own, beside or instead of a running system."""

from __future__ import annotations

from collections.abc import Mapping

from tests.support.forks.process import Output, environment_with, output_of


async def satu(environment: Mapping[str, str], *arguments: str, status: int = 0) -> Output:
    """Run one command. environment: added to this process's. Fails when the exit status is another or there is a
    stack trace."""
    done = await output_of("shared.cli", *arguments, environment=environment_with(environment))
    assert done.status == status, done
    assert "Traceback" not in done.err, done.err
    return done
