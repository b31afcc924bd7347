"""A package of an extra that is not installed is named, with the command that installs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.faults import Misconfigured
from shared.runtime.extras import import_failed, missing, need

_METADATA = """Metadata-Version: 2.4
Name: satu-inovasi
Version: 0
Requires-Dist: fastapi>=0.1
Requires-Dist: no-such-package-of-base>=1
Requires-Dist: pyyaml>=6; extra == "scoring"
Requires-Dist: no-such-workbook>=3.1; extra == "scoring"
Requires-Dist: no-such-mail[tls]>=3; extra == 'notifications'
Provides-Extra: scoring
Provides-Extra: notifications
"""


@pytest.fixture(autouse=True)
def _distribution(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A distribution of our name whose extras name packages that do not exist."""
    folder = tmp_path / "satu_inovasi-0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(_METADATA)
    monkeypatch.syspath_prepend(tmp_path)


def test_only_what_this_extra_lacks_is_missing() -> None:
    assert missing("scoring") == ["no-such-workbook"]
    assert missing("notifications") == ["no-such-mail"]
    assert missing("registry") == []


def test_a_missing_package_is_named_with_the_command_that_installs_it() -> None:
    with pytest.raises(Misconfigured) as raised:
        need("scoring")

    assert "no-such-workbook not installed" in raised.value.flaws[0].message
    assert "pip install 'satu-inovasi[scoring]'" in raised.value.flaws[0].message


def test_nothing_missing_raises_nothing() -> None:
    need("registry")


def test_a_failed_import_names_the_package_and_not_its_part() -> None:
    flaw = import_failed(ModuleNotFoundError("No module named 'reportlab'", name="reportlab.pdfgen")).flaws[0]

    assert flaw.field == "reportlab"
    assert "pip install 'satu-inovasi[all]'" in flaw.message
