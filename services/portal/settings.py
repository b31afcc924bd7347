"""The variables that the portal declares: its public address, and where the services are that it asks."""

from __future__ import annotations

from shared.settings import ServiceSettings, WebUrl


class PortalSettings(ServiceSettings):
    """portal_url: the public address of the pages, for links in mails, without a path; by default public_url, which
    notifications has as well. With https: cookies are sent over TLS alone. registry_url, scoring_url,
    notifications_url: where these services answer; by default at the address of this process."""

    portal_url: WebUrl = ""
    public_url: WebUrl = ""
    registry_url: str = ""
    scoring_url: str = ""
    notifications_url: str = ""

    @property
    def address(self) -> str:
        """The public address of the pages, without a slash at its end; empty: not known."""
        return (self.portal_url or self.public_url).rstrip("/")


SETTINGS = PortalSettings
