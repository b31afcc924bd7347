"""A process that is killed in the middle of an upload.

``python -m tests.support.upload_process folder|motor|pymongo WHERE``
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from shared.adapters.file_check import MP4
from shared.adapters.folder import FolderFiles
from shared.adapters.mongo.gridfs import MongoFiles
from shared.ports.files import Files
from tests.support.small_files import mp4_file


async def stalled() -> AsyncIterator[bytes]:
    """The beginning of a file, and never the rest."""
    yield mp4_file() + os.urandom(600_000)
    print("begun", flush=True)
    await asyncio.Event().wait()


async def main(name: str, where: str) -> None:
    files: Files
    if name == "folder":
        files = FolderFiles(Path(where))
    else:
        files = MongoFiles(where, driver="motor" if name == "motor" else "pymongo")
    await files.open()
    await files.put(stalled(), most={MP4: 10**7})


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
