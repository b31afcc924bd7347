"""The scripts: ours is small, htmx is the one that is named, with its licence."""

from __future__ import annotations

import hashlib

from services.portal.pages.assets import FOLDER

HTMX = "a0abb04f2f45a1f8"  # the beginning of its SHA-256, as npm has it
MOST = 4096  # bytes of our script


def test_our_script_is_small() -> None:
    assert len((FOLDER / "satu.js").read_bytes()) <= MOST


def test_there_is_no_other_script() -> None:
    assert sorted(each.name for each in FOLDER.glob("*.js")) == ["htmx-4.0.1.min.js", "satu.js"]


def test_htmx_is_as_it_was_published_and_has_its_licence_beside_it() -> None:
    script = (FOLDER / "htmx-4.0.1.min.js").read_bytes()

    assert b'this.version="4.0.1"' in script
    assert hashlib.sha256(script).hexdigest().startswith(HTMX)
    assert "Zero-Clause BSD" in (FOLDER / "htmx-4.0.1.LICENSE.txt").read_text(encoding="utf-8")
