"""Writes what the tests of texts compare: `python -m tests.unit.notifications.messages.texts.renew`.

Digests of new versions are added to `versions.json`; one that is published stays, so that a changed text needs a new
version. The whole texts are written anew, to be read in the diff.
"""

from __future__ import annotations

import json
from pathlib import Path

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.texts.check import preview
from services.notifications.messages.texts.samples import samples
from tests.support.paths import ROOT
from tests.unit.notifications.messages.texts.test_versions import READ, digests, whole_text

VERSIONS = ROOT / "services/notifications/templates/versions.json"


def main() -> None:
    """Write both."""
    published = json.loads(VERSIONS.read_text("utf-8"))
    VERSIONS.write_text(json.dumps(dict(sorted({**digests(), **published}.items())), indent=2) + "\n", "utf-8")
    for name in READ:
        for channel in ChannelName:
            message = preview([samples()[name]], channel)
            _write(whole_text(name, channel), f"{message.subject}\n\n{message.text}")


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
