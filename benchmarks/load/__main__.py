"""``python -m benchmarks.load < job.json > outcome.json``."""

from __future__ import annotations

import asyncio
import gc
import sys

from pydantic import TypeAdapter

from benchmarks.load.generator import run
from benchmarks.load.job import Job, Outcome

if __name__ == "__main__":
    job = TypeAdapter(Job).validate_json(sys.stdin.buffer.read())
    gc.freeze()
    sys.stdout.buffer.write(TypeAdapter(Outcome).dump_json(asyncio.run(run(job))))
