"""The examples for other systems as processes: started, killed, and asked what they have kept."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import fcntl
import hashlib
import hmac
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.contract.subscribers.feed_server import TOKEN, Event
from tests.servers.need import missing
from tests.support.paths import ROOT

EXAMPLES = ROOT / "examples/subscribers"
SECRET = base64.b64encode(b"a secret of thirty-two bytes....").decode()

Present = dict[str, Event]


def node_folder() -> Path:
    """The examples for Node with their packages, which are installed once for each lock."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        missing("Node", "apt-get install nodejs npm")
    source = EXAMPLES / "node"
    digest = hashlib.sha256((source / "package-lock.json").read_bytes()).hexdigest()[:16]
    folder = ROOT / ".cache" / f"node-{digest}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for each in source.iterdir():
            if each.is_file():
                shutil.copy(each, folder)
        if not (folder / "node_modules/.package-lock.json").exists():
            command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=100)
    return folder


@dataclass(frozen=True)
class Example:
    """One of the examples. command: how it is started; state: the file in which it keeps the present; follows: what it
    prints once it follows."""

    command: Callable[[], list[str]]
    state: str
    read: Callable[[Path], Present]
    follows: str = "follows"


def feed_script() -> Path:
    """The example for the shell."""
    if any(shutil.which(each) is None for each in ("curl", "jq")):
        missing("curl or jq", "apt-get install curl jq")
    return EXAMPLES / "shell/feed.sh"


def _of_lines(file: Path) -> Present:
    """Of Node's file of what happened."""
    present: Present = {}
    unseen: set[str] = set()
    for line in file.read_text().splitlines():
        what, *value = json.loads(line)
        if what == "event":
            unseen.discard(value[0]["subject"])
            if value[0]["sequence"] > present.get(value[0]["subject"], {"sequence": ""})["sequence"]:
                present[value[0]["subject"]] = value[0]
        elif what == "restart":
            unseen = set(present)
        elif what == "complete":
            for subject in unseen:
                present.pop(subject, None)
            unseen = set()
    return present


def _of_table(file: Path) -> Present:
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as table:
        return {subject: json.loads(event) for subject, event in table.execute("SELECT subject, event FROM present")}


def _of_document(file: Path) -> Present:
    return dict(json.loads(file.read_text())["present"])


EXAMPLE = {
    "node-amqp": Example(lambda: ["node", str(node_folder() / "amqp.js")], "present.jsonl", _of_lines),
    "python-amqp": Example(lambda: [sys.executable, str(EXAMPLES / "python/amqp.py")], "present.sqlite", _of_table),
    "shell-feed": Example(lambda: ["sh", str(feed_script())], "present.json", _of_document, ""),
    "node-webhook": Example(
        lambda: ["node", str(node_folder() / "webhook.js")], "present.jsonl", _of_lines, "has read the feed"
    ),
}


@dataclass
class ExampleProcess:
    """An example that runs in a folder of its own. environment: besides the feed's."""

    example: Example
    folder: Path
    feed: str
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def output(self) -> str:
        """What it has printed since it was started last."""
        return (self.folder / "output").read_text()

    async def start(self) -> None:
        """Start it, and return once it follows."""
        with (self.folder / "output").open("wb") as output:
            self.process = subprocess.Popen(  # noqa: ASYNC220 - it returns at once
                self.example.command(),
                cwd=self.folder,
                env={
                    "PATH": os.environ["PATH"],
                    "FEED_URL": self.feed,
                    "FEED_TOKEN": TOKEN,
                    "PYTHONDONTWRITEBYTECODE": "1",
                    **self.environment,
                },
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        await self.until(lambda: self.example.follows in self.output)

    def kill(self) -> None:
        """kill -9, with its children."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
            self.process = None

    async def until(self, holds: Callable[[], bool], seconds: float = 20.0) -> None:
        """Return once it holds."""
        until = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < until, f"{self.output}\n{self.present()}"
            assert self.process is None or self.process.poll() is None, self.output
            await asyncio.sleep(0.02)

    async def until_present(self, *events: Event) -> None:
        """Return once it has exactly these events, each the newest of its subject."""
        wanted = {each["subject"]: each for each in events}
        await self.until(lambda: self.present() == wanted)

    def present(self) -> Present:
        """What it has kept."""
        file = self.folder / self.example.state
        return self.example.read(file) if file.exists() else {}


def signed(event: Event, moment: int) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a webhook by *Standard Webhooks*; moment: Unix seconds."""
    body, id = json.dumps(event).encode(), f"evt_{event['sequence']}"
    text = b".".join([id.encode(), str(moment).encode(), body])
    digest = hmac.new(base64.b64decode(SECRET), text, "sha256").digest()
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return body, {"webhook-id": id, "webhook-timestamp": str(moment), "webhook-signature": signature}
