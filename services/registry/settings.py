"""The variables that the registry declares: how much may be uploaded, and how long personal data is kept."""

from __future__ import annotations

from pydantic import Field

from shared.settings import ServiceSettings

_MB = 1024 * 1024  # bytes


class RegistrySettings(ServiceSettings):
    """files_reserve_bytes: uploads are refused while less than this would be left, of the file system of a folder or of
    files_limit_bytes; files_limit_bytes: all files together, 0 for no limit (in GridFS it is the only limit, since
    nobody can ask for the database's disk); agency_upload_bytes_per_day: for one agency, by accounts with that role.

    name_retention_days: after a team member has left or an agency was closed, the names of that member and of the
    agency's mentor are erased; idea_retention_days: of closed public ideas; 0: never by itself. import_retention_days:
    of the files and reports of imports.
    """

    files_reserve_bytes: int = Field(default=512 * _MB, ge=0)
    files_limit_bytes: int = Field(default=0, ge=0)
    agency_upload_bytes_per_day: int = Field(default=1024 * _MB, ge=0)
    name_retention_days: int = Field(default=365, ge=0, le=3650)
    idea_retention_days: int = Field(default=365, ge=0, le=3650)
    import_retention_days: int = Field(default=90, ge=1, le=3650)


SETTINGS = RegistrySettings
