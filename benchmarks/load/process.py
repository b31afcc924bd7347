"""Runs the load generator as a process of its own."""

from __future__ import annotations

import subprocess
import sys

from pydantic import TypeAdapter

from benchmarks.load.job import Job, Outcome

_LONGEST = 900  # seconds


class LoadFailed(Exception):
    """The generator ended with an error, which is the message."""


def generate(job: Job) -> Outcome:
    """The outcome of the job. Raises LoadFailed when the generator fails or a submission was refused."""
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        input=TypeAdapter(Job).dump_json(job),
        capture_output=True,
        check=False,
        timeout=_LONGEST,
    )
    if ended.returncode:
        raise LoadFailed(ended.stderr.decode(errors="replace")[-2000:])
    outcome = TypeAdapter(Outcome).validate_json(ended.stdout)
    if not outcome.complete():
        raise LoadFailed(f"{outcome.accepted} of {len(job.posts)} were accepted; refused: {outcome.refused}")
    return outcome
