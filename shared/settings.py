"""The settings of a process: the only room that reads the environment.

`settings.py` owns names, defaults and checks; a URL's scheme is the switch between embedded and distributed.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """See `satu config`. (`X_FILE` names a file that holds the value of X: for secrets.)"""

    model_config = SettingsConfigDict(env_file=None, extra="ignore")

    data_dir: Path = Path("data")
    store_url: str = ""
    bus_url: str = ""
    files_url: str = ""
    mongo_driver: str = "motor"
    host: str = "127.0.0.1"
    port: int = 8000
    business_time: datetime | None = None
    log_format: str = "auto"
    log_level: str = "info"
    smtp_url: SecretStr = SecretStr("")
    mail_from: str = ""
    mail_reply_to: str = ""
    mail_domain: str = ""
