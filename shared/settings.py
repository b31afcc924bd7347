"""The settings of a process. Only `load` reads the environment.

A setting `port` is the variable PORT; each variable X may also come as X_FILE, which names a file that holds the value
(for secrets). A service declares variables of its own in `services/<name>/settings.py`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from pathlib import Path
from pkgutil import iter_modules
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import quote, urlsplit

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    InstanceOf,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from shared.faults import Flaw, Misconfigured

_LAST_PORT = 65535
_ADMIN_PORT = 9100


def _with_scheme(*schemes: str) -> AfterValidator:
    def check(url: str) -> str:
        if url and urlsplit(url).scheme not in schemes:
            raise ValueError(f"must begin with {' or '.join(f'{scheme}:' for scheme in schemes)}")
        return url

    return AfterValidator(check)


def is_loopback(host: str | None) -> bool:
    """Whether a host's name or address is that of this machine."""
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"


def require_encrypted(url: str) -> str:
    """The URL. Raises ValueError for one that is fetched without TLS from another machine."""
    parts = urlsplit(url)
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("must be https: except on this machine, what it answers could be replaced on the way")
    return url


def _host_and_port(address: str) -> str:
    host, colon, port = address.rpartition(":")
    if address and not (colon and port.isdecimal() and int(port) <= _LAST_PORT and "/" not in host):
        raise ValueError("must be host:port or :port")
    return address


def _networks(text: str) -> str:
    for each in text.split(",") if text else ():
        try:
            ip_network(each.strip())
        except ValueError:
            raise ValueError(f"{each.strip()!r} is no address and no network, such as 10.0.0.0/8") from None
    return text


StoreUrl = Annotated[str, _with_scheme("sqlite", "mongodb", "mongodb+srv")]
BusUrl = Annotated[str, _with_scheme("sqlite", "amqp", "amqps")]
FilesUrl = Annotated[str, _with_scheme("file", "gridfs")]
Networks = Annotated[str, AfterValidator(_networks)]
"""Addresses or networks, separated by commas."""
WebUrl = Annotated[str, _with_scheme("http", "https"), AfterValidator(require_encrypted)]


class ServiceSettings(BaseModel):
    """The base of a service's own settings. `services/<name>/settings.py` assigns its subclass to `SETTINGS`."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


S = TypeVar("S", bound=ServiceSettings)


class Settings(BaseModel):
    """The settings that every service shares, and those that the installed services declare. `satu config` shows them.

    store_url: `sqlite:///<folder>` (one file per service in it; four slashes for an absolute folder) or
    `mongodb://…/<database>`; bus_url: `sqlite:///<file>` or `amqp://…`; files_url: `file:///<absolute folder>` or
    `gridfs:` (in the store's database). `{service}` in a URL is replaced by the service's name. All three default to
    the embedded engines below `data_dir`. admin_address: `host:port` for `/metrics` and the reasons of `/health/ready`,
    by default 127.0.0.1:9100, or a free port of loopback when `port` is 0; without a host: every address.
    trusted_proxies: addresses or networks, separated by commas, whose `X-Forwarded-For` names the client; by default
    this machine, where the portal asks in the name of visitors. access_dir:
    the public keys of tokens, `data_dir/access` by default; erasures_dir: the folder of the list of erasures,
    `data_dir/operator` by default, which no backup holds and no restore overwrites; oidc_issuer, oidc_audience: an
    issuer whose tokens are accepted as well, and the audience that they must name; oidc_role, oidc_region,
    oidc_agencies: the names of its claims; oidc_roles: the roles that it may give, separated by commas.
    business_time: business time starts there. max_connections: open HTTP connections; more are refused. prefetch:
    the most messages that one consumer holds. stop_seconds: how long a process that ends waits for work in
    progress. services: the settings that services declare, one instance per class.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    data_dir: Path = Path("data")
    store_url: StoreUrl = Field(default="", repr=False)
    bus_url: BusUrl = Field(default="", repr=False)
    files_url: FilesUrl = Field(default="", repr=False)
    mongo_driver: Literal["motor", "pymongo"] = "motor"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    admin_address: Annotated[str, AfterValidator(_host_and_port)] = ""
    trusted_proxies: Annotated[str, AfterValidator(_networks)] = "127.0.0.1/32,::1/128"
    max_connections: int = Field(default=500, ge=1, le=100_000)
    access_dir: Path | None = None
    erasures_dir: Path | None = None
    oidc_issuer: WebUrl = ""
    oidc_audience: str = Field(default="", validate_default=True)
    oidc_role: str = "role"
    oidc_region: str = "region"
    oidc_agencies: str = "agencies"
    oidc_roles: str = "agency,curator,executive"
    business_time: AwareDatetime | None = None
    log_format: Literal["auto", "console", "json"] = "auto"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    prefetch: int = Field(default=32, ge=1, le=1000)
    stop_seconds: float = Field(default=20.0, gt=0, le=600)
    services: tuple[InstanceOf[ServiceSettings], ...] = ()

    @field_validator("oidc_audience")
    @classmethod
    def _audience(cls, audience: str, info: ValidationInfo) -> str:
        if info.data.get("oidc_issuer") and not audience:
            raise ValueError("must be set when OIDC_ISSUER is: tokens for other audiences must be refused")
        return audience

    def of(self, model: type[S]) -> S:
        """The settings that a service declares in `model`. Raises LookupError when they were not loaded."""
        for each in self.services:
            if isinstance(each, model):
                return each
        raise LookupError(f"{model.__name__} was not loaded; does its module assign it to SETTINGS?")

    @property
    def root(self) -> Path:
        """The data folder, absolute."""
        return self.data_dir.expanduser().absolute()

    @property
    def admin(self) -> tuple[str, int]:
        """The host and port of `admin_address`; an empty host: every address."""
        host, _, port = self.admin_address.rpartition(":")
        if not self.admin_address:
            return "127.0.0.1", _ADMIN_PORT if self.port else 0
        return host.strip("[]") or "0.0.0.0", int(port)  # noqa: S104 - as asked

    @property
    def keys(self) -> Path:
        """The folder of the public keys of tokens."""
        return self.access_dir or self.root / "access"

    @property
    def erasures(self) -> Path:
        """The list of erasures."""
        return (self.erasures_dir or self.root / "operator") / "erased.jsonl"

    def store_of(self, service: str) -> str:
        """The URL of a service's store."""
        return self._of(service, self.store_url or f"sqlite:///{quote(str(self.root))}")

    def bus_of(self, service: str) -> str:
        """The URL of a service's bus. Equal URLs mean the same bus."""
        return self._of(service, self.bus_url or f"sqlite:///{quote(str(self.root / 'bus.sqlite'))}")

    def files_of(self, service: str) -> str:
        """The URL of a service's files; by default GridFS beside MongoDB, else a folder below `data_dir`."""
        distributed = self.store_of(service).startswith("mongodb")
        default = "gridfs:" if distributed else (self.root / "files").as_uri()
        return self._of(service, self.files_url or default)

    @staticmethod
    def _of(service: str, url: str) -> str:
        return url.replace("{service}", service).replace("%7Bservice%7D", service)


def load(environ: Mapping[str, str] | None = None, **given: object) -> Settings:
    """The settings from `environ` (by default the environment); `given` replaces what it says.

    Raises Misconfigured with every flaw at once, those of the services included. A flaw's field is the variable, and
    its message never shows the value.
    """
    environ = os.environ if environ is None else environ
    flaws: list[Flaw] = []
    services: list[ServiceSettings] = []
    for model in service_models():
        values = _read(model, environ, flaws)
        if (made := _validated(model, values, flaws)) is not None:
            services.append(made)
    settings = _validated(Settings, _read(Settings, environ, flaws) | {"services": tuple(services)} | given, flaws)
    if flaws or settings is None:
        raise Misconfigured(flaws)
    return settings


def service_models() -> Iterator[type[ServiceSettings]]:
    """What the installed services declare: `SETTINGS` of each `services/<name>/settings.py`."""
    services = find_spec("services")
    if services is None or services.submodule_search_locations is None:
        return
    for each in iter_modules(services.submodule_search_locations):
        name = f"services.{each.name}.settings"
        if each.ispkg and find_spec(name) is not None:
            yield import_module(name).SETTINGS


M = TypeVar("M", bound=BaseModel)


def _variables(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Field and variable of each setting in `model`."""
    return ((name, name.upper()) for name in model.model_fields if name != "services")


def _read(model: type[BaseModel], environ: Mapping[str, str], flaws: list[Flaw]) -> dict[str, object]:
    """The values of the model's fields that are set; a value that cannot be read is added to `flaws`."""
    values: dict[str, object] = {}
    for name, variable in _variables(model):
        try:
            value = _value(variable, environ)
        except ValueError as error:
            flaws.append(Flaw(f"{variable}_FILE", "unusable", str(error)))
            continue
        if value is not None:
            values[name] = value
    return values


def _validated(model: type[M], values: Mapping[str, object], flaws: list[Flaw]) -> M | None:
    """The model; None when a value is wrong, which is added to `flaws`."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        flaws += [
            Flaw(str(each["loc"][0]).upper(), each["type"].replace("_", "-"), each["msg"].removeprefix("Value error, "))
            for each in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        return None


def _value(variable: str, environ: Mapping[str, str]) -> str | None:
    """The value of X or of the file that X_FILE names. Raises ValueError when that file gives none."""
    named = environ.get(f"{variable}_FILE", "")
    if not named:
        return environ.get(variable) or None
    if environ.get(variable):
        raise ValueError(f"{variable} is set too; set only one of them")
    try:
        held = Path(named).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"cannot read {named}: {getattr(error, 'strerror', None) or 'not UTF-8'}") from error
    if not held:
        raise ValueError(f"{named} is empty")
    return held


def shown(settings: Settings) -> dict[str, str]:
    """Variable → value as it may be shown: passwords in URLs and secrets masked."""
    return {
        variable: _masked(getattr(model, name))
        for model in (settings, *settings.services)
        for name, variable in _variables(type(model))
    }


def _masked(value: Any) -> str:  # noqa: ANN401 - a setting of any type
    if isinstance(value, SecretStr):
        return without_password(value.get_secret_value())
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else without_password(str(value))


def without_password(url: str) -> str:
    """A URL with its password as `***`; other text unchanged."""
    parts = urlsplit(url) if "://" in url else None
    if parts is None or "@" not in parts.netloc:
        return url
    user, _, host = parts.netloc.rpartition("@")
    return url.replace(parts.netloc, f"{user.partition(':')[0]}:***@{host}", 1)


def variable(name: str, default: str = "") -> str:
    """A variable of the environment, or the content of its X_FILE, that is no setting of a service: for the commands
    that set up servers. Raises Misconfigured."""
    try:
        return _value(name, os.environ) or default
    except ValueError as error:
        raise Misconfigured([Flaw(f"{name}_FILE", "unusable", str(error))]) from error
