"""The variables that the portal declares: its public address, and where the services are that it asks."""

from __future__ import annotations

from shared.settings import ServiceSettings, Settings, WebUrl


class PortalSettings(ServiceSettings):
    """portal_url: the public address of the pages, for links in mails, without a path; by default PUBLIC_URL. With
    https: cookies are sent over TLS alone. registry_url, scoring_url, notifications_url: where these services answer;
    by default at the address of this process."""

    portal_url: WebUrl = ""
    registry_url: str = ""
    scoring_url: str = ""
    notifications_url: str = ""

    @property
    def owners(self) -> dict[str, str]:
        """The addresses of the owners that are in other processes; empty: in this one."""
        return {
            "registry": self.registry_url,
            "scoring": self.scoring_url,
            "notifications": self.notifications_url,
        }


SETTINGS = PortalSettings


def public_address(settings: Settings) -> str:
    """Where people open the pages, without a slash at its end; empty: not known. PUBLIC_URL is declared by
    notifications, and is not there in an image of the portal alone."""
    declared = next((getattr(each, "public_url", "") for each in settings.services if hasattr(each, "public_url")), "")
    return str(settings.of(PortalSettings).portal_url or declared).rstrip("/")
