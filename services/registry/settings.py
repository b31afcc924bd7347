"""The variables that the registry declares: how much may be uploaded."""

from __future__ import annotations

from pydantic import Field

from shared.settings import ServiceSettings

_MB = 1024 * 1024  # bytes


class UploadSettings(ServiceSettings):
    """files_reserve_bytes: uploads are refused while less than this would be left, of the file system of a folder or of
    files_limit_bytes; files_limit_bytes: all files together, 0 for no limit (in GridFS it is the only limit, since
    nobody can ask for the database's disk); agency_upload_bytes_per_day: for one agency, by accounts with that role."""

    files_reserve_bytes: int = Field(default=512 * _MB, ge=0)
    files_limit_bytes: int = Field(default=0, ge=0)
    agency_upload_bytes_per_day: int = Field(default=1024 * _MB, ge=0)


SETTINGS = UploadSettings
