"""The peers' own Python environment below `.cache/benchmarks`, made at its first use from `requirements.lock`."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
CACHE = HERE.parent.parent / ".cache" / "benchmarks"
LOCK = HERE / "requirements.lock"
_PATIENCE = 600  # seconds


class PeersMissing(Exception):
    """The environment could not be made; the message says why."""


def interpreter() -> Path:
    """The environment's Python. Raises PeersMissing, for instance without a network."""
    home = CACHE / f"peers-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]}"
    python, done = home / "bin" / "python", home / "complete"
    if not done.exists():
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        try:
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True, capture_output=True)
            subprocess.run(
                [*pip, "--require-hashes", "-r", str(LOCK)],
                check=True,
                capture_output=True,
                text=True,
                timeout=_PATIENCE,
            )
        except subprocess.CalledProcessError as error:
            raise PeersMissing(str(error.stderr).strip().splitlines()[-1:]) from error
        except (subprocess.SubprocessError, OSError) as error:
            raise PeersMissing(str(error)) from error
        done.touch()
    return python
