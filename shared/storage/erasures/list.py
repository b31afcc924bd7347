"""The list of erasures, `erased.jsonl` beside the operator's key: one line for each, appended and never changed.

No backup holds it and no restore writes it, so a restore knows whom an older backup must not bring back. Its first line
has the list's own id, which every store remembers, and the key of fingerprints.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from pydantic import ValidationError

from shared.faults import Flaw, Misconfigured
from shared.storage.erasures.entry import Erasure

FORMAT = 1


@dataclass(frozen=True)
class ListedErasures:
    """What the list says. id: of the list; key: of fingerprints."""

    id: str
    key: bytes
    entries: tuple[Erasure, ...]

    def of(self, service: str) -> list[Erasure]:
        """Those of one service, in the order in which they were made; each once."""
        return list({each.key: each for each in self.entries if each.service == service}.values())


class ErasureList:
    """The list in one file. Processes and containers may append at once. All methods raise Misconfigured when the file
    cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def exists(self) -> bool:
        """Whether there is a list."""
        with self._named():
            return self.path.exists()

    def begin(self) -> ListedErasures:
        """What the list says; if there is none, begin it."""
        with self._named():
            if not self.path.exists():
                self._begin()
            return self._read()

    def read(self) -> ListedErasures:
        """What the list says. Raises Misconfigured also when there is none."""
        with self._named():
            return self._read()

    def append(self, entries: Iterable[Erasure]) -> None:
        """Add lines; durable when it returns."""
        lines = "".join(f"{each.model_dump_json(exclude_defaults=True)}\n" for each in entries)
        with self._named(), self.path.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            content = file.read()
            file.seek(content.rfind(b"\n") + 1)  # a line that a crash has cut off was never confirmed
            file.truncate()
            file.write(lines.encode())
            file.flush()
            os.fsync(file.fileno())

    def _begin(self) -> None:
        folder = self.path.parent
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        head = {"erased": FORMAT, "list": str(uuid4()), "key": secrets.token_hex(32)}
        draft = folder / f".{self.path.name}.{secrets.token_hex(4)}"
        # the folder of a volume has an owner and a group, and a restore runs as another user than the service: the
        # folder alone decides who comes to the file
        shared = stat.S_IMODE(folder.stat().st_mode) & 0o027 == stat.S_IWGRP
        mode = 0o666 if shared else 0o600
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
                file.write(json.dumps(head).encode() + b"\n")
                file.flush()
                os.fchmod(file.fileno(), mode)
                os.fsync(file.fileno())
            with suppress(FileExistsError):  # another service was faster
                os.link(draft, self.path)
        finally:
            draft.unlink(missing_ok=True)
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _read(self) -> ListedErasures:
        lines = self.path.read_bytes().split(b"\n")[:-1]
        number = 1
        try:
            head = json.loads(lines[0]) if lines else {}
            if head.get("erased") != FORMAT:
                raise self._unusable(f"format {head.get('erased')}; this release reads {FORMAT}")
            entries: list[Erasure] = []
            for number, line in enumerate(lines[1:], start=2):  # noqa: B007 - named when it cannot be read
                entries.append(Erasure.model_validate_json(line))
            return ListedErasures(str(head["list"]), bytes.fromhex(head["key"]), tuple(entries))
        except (ValidationError, ValueError, KeyError, AttributeError) as error:
            raise self._unusable(f"line {number} cannot be read; put a copy of the file back") from error

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._unusable(f"{error.strerror}; ERASURES_DIR names its folder, which is kept for good") from error

    def _unusable(self, why: str) -> Misconfigured:
        return Misconfigured([Flaw(str(self.path), "unusable", f"the list of erasures: {why}")])
