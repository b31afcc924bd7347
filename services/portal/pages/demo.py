"""Where the demo's page is, whose people the bar at the top offers to be."""

from __future__ import annotations

from services.portal.settings import PortalSettings
from shared.faults import Flaw, Misconfigured
from shared.settings import Settings, is_loopback


def demo_path(settings: Settings) -> str:
    """The path; empty outside the demo. Raises Misconfigured where others than this machine could sign in by one
    click."""
    path = settings.of(PortalSettings).demo_path
    if path and not is_loopback(settings.host):
        raise Misconfigured([Flaw("DEMO_PATH", "not-fitting", "only for the demo on loopback; HOST is another")])
    return path
