"""A real RabbitMQ for tests: `AMQP_URL` first, else Debian's package as a node of its own on private ports."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx2
import pytest

from shared.adapters.rabbit.management import Management
from shared.adapters.rabbit.provision import apply
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.contracts.topology import Topology, topology
from tests.servers.need import missing

RUNGS = (0.2, 0.4, 0.8, 1.6, 3.2)
"""Seconds: the retry delays of tests."""

DEAD_LETTER_RETRY_MS = 500

FIGURES_MS = 500

_SCRIPTS = Path("/usr/lib/rabbitmq/bin")
_ADMIN = "guest"


def free_ports(count: int) -> list[int]:
    """Unused ports of loopback."""
    held = [socket.socket() for _ in range(count)]
    try:
        for each in held:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in held]
    finally:
        for each in held:
            each.close()


@dataclass(frozen=True)
class Vhost:
    """A virtual host with a topology. url: as administrator; passwords: of the topology's users."""

    name: str
    url: str
    management: Management
    passwords: dict[str, str]
    topology: Topology

    def url_of(self, user: str) -> str:
        """The address for one of the topology's users."""
        parts = urlsplit(self.url)
        return urlunsplit(parts._replace(netloc=f"{user}:{self.passwords[user]}@{parts.hostname}:{parts.port}"))


class Rabbit:
    """A running broker that tests must not stop."""

    def __init__(self, amqp: str, management: str) -> None:
        """amqp, management: URLs of an administrator, the second without a path. Tests overwrite the passwords of the
        topology's users, so this must not be a broker in real use."""
        self.amqp = amqp
        self.management_url = management.rstrip("/")

    @property
    def admin(self) -> Management:
        parts = urlsplit(self.amqp)
        return Management(self.management_url, parts.username or _ADMIN, parts.password or _ADMIN)

    def _http(self) -> httpx2.AsyncClient:
        admin = self.admin
        return httpx2.AsyncClient(base_url=self.management_url, auth=(admin.user, admin.password), timeout=30)

    async def fresh_vhost(
        self, rungs: tuple[float, ...] = RUNGS, *, wanted: Topology | None = None, applied: bool = True
    ) -> Vhost:
        """A new virtual host with the topology and short retry delays. Users belong to the broker, not to the virtual
        host, so all virtual hosts share them and their passwords."""
        name = f"test-{secrets.token_hex(6)}"
        management = Management(self.management_url, self.admin.user, self.admin.password, vhost=name)
        async with self._http() as http:
            (await http.put(f"/api/vhosts/{name}", json={})).raise_for_status()
            grant = {"configure": ".*", "write": ".*", "read": ".*"}
            (await http.put(f"/api/permissions/{name}/{self.admin.user}", json=grant)).raise_for_status()
        wanted = wanted or topology(SUBSCRIPTIONS, rungs)
        passwords = {user.name: f"test-{user.name}" for user in wanted.users}
        if applied:
            report = await apply(management, wanted, passwords)
            assert not report.faults, report.faults
        parts = urlsplit(self.amqp)
        return Vhost(name, urlunsplit(parts._replace(path=f"/{name}")), management, passwords, wanted)

    async def drop(self, vhost: Vhost) -> None:
        """Delete it, since the broker spends time on unused queues, too."""
        async with self._http() as http:
            await http.delete(f"/api/vhosts/{vhost.name}")

    @contextlib.asynccontextmanager
    async def vhost(self) -> AsyncIterator[Vhost]:
        """A virtual host as `fresh_vhost` makes it, deleted at the end."""
        fresh = await self.fresh_vhost()
        yield fresh
        await self.drop(fresh)


class RabbitServer(Rabbit):
    """A node that tests may stop. Its data stay in `home` between `kill` and `start`."""

    def __init__(self, home: Path, settings: str = "") -> None:
        """settings: further lines of its `rabbitmq.conf`."""
        self.home = home
        self._settings = settings
        self._port, self._web, self._distribution, self._epmd = free_ports(4)
        self._node = f"satu{self._port}@localhost"
        self._process: subprocess.Popen[bytes] | None = None
        super().__init__(f"amqp://{_ADMIN}:{_ADMIN}@127.0.0.1:{self._port}/", f"http://127.0.0.1:{self._web}")

    def start(self, patience: float = 60) -> None:
        """Start and wait until AMQP and the management API answer."""
        self._write_settings()
        with (self.home / "output.log").open("ab") as log:
            self._process = subprocess.Popen(
                [_SCRIPTS / "rabbitmq-server"],
                env=self._environment(),
                stdout=log,
                stderr=log,
                cwd=self.home,
                start_new_session=True,
            )
        self._wait(patience)

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        assert self._process is not None
        os.kill(self._pid(), signal.SIGKILL)
        self._process.wait(10)
        self._process = None

    def freeze(self) -> None:
        """SIGSTOP: connections stay open, nothing answers."""
        os.kill(self._pid(), signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self._pid(), signal.SIGCONT)

    def stop(self) -> None:
        """Kill it and its port mapper; its data are not needed any more."""
        if self._process is not None:
            self.kill()
        subprocess.run(["epmd", "-port", str(self._epmd), "-kill"], capture_output=True, check=False)

    def restart(self) -> None:
        """Stop in an orderly way and start on the same data and ports."""
        assert self._process is not None
        self._process.terminate()
        self._process.wait(30)
        self.start()

    async def drop(self, vhost: Vhost) -> None:
        """Keep it: on RabbitMQ 3.10 a queue that is deleted while its dead-letter worker starts, as after a restart,
        ends the supervisor of these workers for good, and then no queue can be declared."""

    def _pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def _environment(self) -> dict[str, str]:
        home = str(self.home)
        return {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": home,  # the Erlang cookie
            "LANG": "C.UTF-8",
            "RABBITMQ_ALLOW_INPUT": "true",  # the script executes the node, so our child is the node itself
            "RABBITMQ_START_RABBIT": "",
            "RABBITMQ_NODENAME": self._node,
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self._port),
            "RABBITMQ_DIST_PORT": str(self._distribution),
            "RABBITMQ_CONFIG_FILE": f"{home}/rabbitmq.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE": f"{home}/advanced.config",
            "RABBITMQ_CONF_ENV_FILE": f"{home}/none",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{home}/enabled_plugins",
            "RABBITMQ_MNESIA_BASE": f"{home}/data",
            "RABBITMQ_LOG_BASE": f"{home}/log",
            "RABBITMQ_SCHEDULER_BUSY_WAIT_THRESHOLD": "none",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 2:2 -noinput",
            "ERL_EPMD_PORT": str(self._epmd),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_MAX_PORTS": "1024",
        }

    def _write_settings(self) -> None:
        (self.home / "enabled_plugins").write_text("[rabbitmq_management].\n")
        # A dead letter that finds no queue is tried again after 3 minutes; tests do not wait so long.
        # A quorum queue tells its figures to the management API every 5 seconds.
        rabbit = (
            f"{{dead_letter_worker_publisher_confirm_timeout, {DEAD_LETTER_RETRY_MS}}}",
            f"{{quorum_tick_interval, {FIGURES_MS}}}",
        )
        advanced = f"[{{rabbit, [{', '.join(rabbit)}]}}].\n"
        (self.home / "advanced.config").write_text(advanced)
        (self.home / "rabbitmq.conf").write_text(
            f"management.tcp.ip = 127.0.0.1\n"
            f"management.tcp.port = {self._web}\n"
            "collect_statistics_interval = 1000\n"
            "disk_free_limit.absolute = 50MB\n"
            "vm_memory_high_watermark.absolute = 512MB\n"
            "log.file.level = warning\n"
            "log.console = false\n"
            f"{self._settings}\n"
        )

    def control(self, *arguments: str) -> str:
        """What `rabbitmqctl` prints."""
        command = [str(_SCRIPTS / "rabbitmqctl"), "-q", "-n", self._node, *arguments]
        return subprocess.run(command, env=self._environment(), capture_output=True, text=True, check=True).stdout

    def _wait(self, patience: float) -> None:
        assert self._process is not None
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            with contextlib.suppress(httpx2.HTTPError, OSError):
                socket.create_connection(("127.0.0.1", self._port), 1).close()
                answer = httpx2.get(f"{self.management_url}/api/overview", auth=(_ADMIN, _ADMIN), timeout=2)
                if answer.status_code == httpx2.codes.OK:
                    return
            time.sleep(0.05)
        log = (self.home / "output.log").read_text(errors="replace")[-3000:]
        raise RuntimeError(f"RabbitMQ did not start within {patience} s:\n{log}")


def installed() -> bool:
    """Whether Debian's package is installed. In CI, as root, it is installed now if it is missing."""
    if (_SCRIPTS / "rabbitmq-server").exists():
        return True
    if not (os.environ.get("CI") and os.geteuid() == 0 and shutil.which("apt-get")):
        return False
    # policy-rc.d: the package would start a service on the public ports
    policy = Path("/usr/sbin/policy-rc.d")
    ours = not policy.exists()
    if ours:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    try:
        quiet = {"DEBIAN_FRONTEND": "noninteractive", **os.environ}
        for verb in (["update"], ["install", "-y", "--no-install-recommends", "rabbitmq-server"]):
            subprocess.run(["apt-get", "-q", *verb], env=quiet, check=False, capture_output=True, timeout=300)
    finally:
        if ours:
            policy.unlink()
    return (_SCRIPTS / "rabbitmq-server").exists()


@contextlib.contextmanager
def running(settings: str = "") -> Iterator[RabbitServer]:
    """A new node, which tests may kill. settings: further lines of its `rabbitmq.conf`."""
    with tempfile.TemporaryDirectory(prefix="satu-rabbit-", ignore_cleanup_errors=True) as folder:
        server = RabbitServer(Path(folder), settings)
        try:
            server.start()
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def rabbit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rabbit]:
    """The broker that all tests of all workers share; none may stop it."""
    if url := os.environ.get("AMQP_URL"):
        management = os.environ.get("RABBIT_MANAGEMENT_URL", f"http://{urlsplit(url).hostname}:15672")
        yield Rabbit(url, management)
        return
    if not installed():
        missing("RabbitMQ", "apt-get install rabbitmq-server, or set AMQP_URL and RABBIT_MANAGEMENT_URL")
    if "PYTEST_XDIST_WORKER" not in os.environ:
        with running() as server:
            yield Rabbit(server.amqp, server.management_url)
        return
    with _shared_by_workers(tmp_path_factory.getbasetemp().parent / "rabbit") as server:
        yield server


@contextlib.contextmanager
def _shared_by_workers(folder: Path) -> Iterator[Rabbit]:
    """The first worker starts the node for all, and at its end waits for the workers that still use it."""
    folder.mkdir(exist_ok=True)
    note, users = folder / "addresses.json", folder / "users"
    users.mkdir(exist_ok=True)
    mine = users / str(os.getpid())
    with contextlib.ExitStack() as stack:
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            mine.touch()
            if note.exists():
                server = Rabbit(*json.loads(note.read_text()))
            else:
                node = stack.enter_context(running())
                stack.callback(_wait_for_others, users)
                server = Rabbit(node.amqp, node.management_url)
                note.write_text(json.dumps([server.amqp, server.management_url]))
        stack.callback(mine.unlink)
        yield server


def _wait_for_others(users: Path) -> None:
    """Wait until no process in this folder of process numbers runs. A killed worker leaves its file behind."""
    while any(Path(f"/proc/{user.name}").exists() for user in users.iterdir()):
        time.sleep(0.05)
