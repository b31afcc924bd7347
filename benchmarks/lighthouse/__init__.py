"""Lighthouse, as a pinned npm package below `.cache/benchmarks`, and its scores of pages on a slow telephone."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.peers.environment import CACHE

HERE = Path(__file__).parent
_PATIENCE = 300  # seconds
_ROUNDS = 3  # of each page; the median counts, as Lighthouse advises
_FLAGS = ("--quiet", "--output=json", "--output-path=stdout", "--form-factor=mobile")
_CHROME = "--headless=new --disable-gpu --disable-dev-shm-usage --no-first-run"


class LighthouseMissing(Exception):
    """It cannot be run here; the message says why."""


@dataclass(frozen=True)
class Scores:
    """Of a page, 0 to 100; the median of the rounds. kilobytes: transferred at the first load; faults: the ids of the
    accessibility audits that failed."""

    performance: float
    accessibility: float
    kilobytes: float
    faults: tuple[str, ...]


def installed() -> Path:
    """The folder of the package, installed once for each lock. Raises LighthouseMissing."""
    npm, chromium = shutil.which("npm"), _chromium()
    if npm is None or chromium is None:
        raise LighthouseMissing("npm and Chromium are needed; on Debian: apt-get install npm chromium")
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:12]
    home = CACHE / f"lighthouse-{lock}"
    if not (home / "complete").exists():
        home.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, home)
        command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        try:
            subprocess.run(command, cwd=home, check=True, capture_output=True, text=True, timeout=_PATIENCE)
        except (subprocess.SubprocessError, OSError) as error:
            raise LighthouseMissing(str(getattr(error, "stderr", "") or error).strip()[-300:]) from error
        (home / "complete").touch()
    return home


def scores(urls: Sequence[str], rounds: int = _ROUNDS) -> dict[str, Scores]:
    """URL → its scores. Raises LighthouseMissing."""
    home = installed()
    return {url: _of([_run(home, url) for _ in range(rounds)]) for url in urls}


def _of(reports: Sequence[dict[str, Any]]) -> Scores:
    def middle(category: str) -> float:
        return 100 * median(float(each["categories"][category]["score"]) for each in reports)

    last = reports[-1]["audits"]
    named = reports[-1]["categories"]["accessibility"]["auditRefs"]
    faults = tuple(each["id"] for each in named if last[each["id"]].get("score") == 0)
    kilobytes = median(each["audits"]["total-byte-weight"]["numericValue"] / 1000 for each in reports)
    return Scores(middle("performance"), middle("accessibility"), kilobytes, faults)


def _run(home: Path, url: str) -> dict[str, Any]:
    chromium = _chromium()
    unconfined = " --no-sandbox" if os.geteuid() == 0 else ""
    command = [
        str(home / "node_modules" / ".bin" / "lighthouse"),
        url,
        *_FLAGS,
        "--only-categories=performance,accessibility",
        f"--chrome-flags={_CHROME}{unconfined}",
    ]
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        env={**os.environ, "CHROME_PATH": str(chromium)},
    )
    if done.returncode != 0:
        raise LighthouseMissing(done.stderr.strip()[-300:])
    report: dict[str, Any] = json.loads(done.stdout)
    if report.get("runtimeError"):
        raise LighthouseMissing(str(report["runtimeError"].get("message", "")))
    return report


def _chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")
