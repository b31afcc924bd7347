"""Where documents of notifications may name persons besides contacts. None of these places is in an event."""

from __future__ import annotations

from collections.abc import Mapping

from services.notifications.kinds import CONTACT_TABLE, CONTACT_TABLE_REPORT, EXEMPTION
from services.notifications.obligations.exemption import Exemption
from shared.storage.erasures.named import Places
from shared.tables.reports import ReportPage

PLACES: Mapping[str, Places] = {
    EXEMPTION.name: Places(Exemption, texts=("reason",)),
    CONTACT_TABLE_REPORT.name: Places(
        ReportPage, names=("findings.*.value", "findings.*.reason"), owner=CONTACT_TABLE.name, by="run"
    ),
}
"""Kind → where it may name persons."""

WHAT: Mapping[str, str] = {EXEMPTION.name: "pengecualian", CONTACT_TABLE_REPORT.name: "laporan impor kontak"}
"""Kind → how it is called."""
