"""A real IMAP server: Dovecot 2.3, as Debian 12 has it, on a private port and folder, with one mailbox."""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.need import missing
from tests.servers.smtp import unused_port

USER, PASSWORD = "pantulan@kuburaya.example", 'rahasia/1 "x"'
_READY_WITHIN = 20.0  # seconds
_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{folder}/mail
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={mail} gid={mail_group} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
auth_failure_delay = 0
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


class ImapServer:
    """The server, and its mailbox as files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = unused_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """What BOUNCE_IMAP_URL is to be set to."""
        return f"imap://pantulan%40kuburaya.example:rahasia%2F1%20%22x%22@127.0.0.1:{self.port}/INBOX"

    def deliver(self, mail: bytes) -> Path:
        """Put a mail into the mailbox; its file, as long as nobody reads it."""
        new = self.folder / "mail" / "new"
        new.mkdir(parents=True, exist_ok=True)
        name = f"{time.time_ns()}.M{len(list(new.iterdir()))}.tests"
        path = new / name
        path.write_bytes(mail)
        self._own(self.folder / "mail")
        return path

    def flags(self) -> dict[str, str]:
        """Subject → flags of every mail (`S` for seen)."""
        found = {}
        for place in ("new", "cur"):
            for path in sorted((self.folder / "mail" / place).glob("*")):
                head = path.read_bytes().split(b"Subject: ")[1].splitlines()[0].decode()
                found[head] = path.name.partition(":2,")[2]
        return found

    def clear(self) -> None:
        """Empty the mailbox."""
        shutil.rmtree(self.folder / "mail", ignore_errors=True)
        (self.folder / "mail").mkdir()
        self._own(self.folder / "mail")

    def start(self) -> None:
        """Start, and wait until it listens."""
        root = os.geteuid() == 0
        me = pwd.getpwuid(os.geteuid())
        mail = pwd.getpwnam("nobody") if root else me
        configuration = _CONFIGURATION.format(
            folder=self.folder,
            port=self.port,
            internal="dovecot" if root else me.pw_name,
            internal_group="dovecot" if root else _group(me.pw_gid),
            login="dovenull" if root else me.pw_name,
            mail=mail.pw_uid,
            mail_group=mail.pw_gid,
        )
        (self.folder / "dovecot.conf").write_text(configuration)
        (self.folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        for name in ("run", "state", "home"):
            (self.folder / name).mkdir(exist_ok=True)
        self.clear()
        if root:  # Dovecot's processes run as users of their own
            self.folder.chmod(0o755)
            self._own(self.folder / "home")
        self._process = subprocess.Popen(
            [_program() or "dovecot", "-F", "-c", self.folder / "dovecot.conf"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + _READY_WITHIN
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as greeting:
                    greeting.settimeout(5)
                    if greeting.recv(4).startswith(b"* OK"):
                        return
            except OSError:
                pass
            if time.monotonic() > until or self._process.poll() is not None:
                log = self.folder / "log"
                raise RuntimeError(f"Dovecot did not start:\n{log.read_text()[-3000:] if log.exists() else 'no log'}")
            time.sleep(0.02)

    def stop(self) -> None:
        """End it and its processes."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)

    def _own(self, folder: Path) -> None:
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            for path in (folder, *folder.rglob("*")):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)


def _group(gid: int) -> str:
    return grp.getgrgid(gid).gr_name


def _program() -> str | None:
    return shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")


def installed() -> bool:
    """Whether Debian's package is installed. In CI, as root, it is installed now if it is missing."""
    if _program():
        return True
    if not (os.environ.get("CI") and os.geteuid() == 0 and shutil.which("apt-get")):
        return False
    policy = Path("/usr/sbin/policy-rc.d")  # the package would start a service on the public ports
    ours = not policy.exists()
    if ours:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    try:
        quiet = {"DEBIAN_FRONTEND": "noninteractive", **os.environ}
        for verb in (["update"], ["install", "-y", "--no-install-recommends", "dovecot-imapd"]):
            subprocess.run(["apt-get", "-q", *verb], env=quiet, check=False, capture_output=True, timeout=300)
    finally:
        if ours:
            policy.unlink()
    return _program() is not None


@pytest.fixture(scope="session")
def imap_server() -> Iterator[ImapServer]:
    """A running Dovecot with an empty mailbox."""
    if not installed():
        missing("Dovecot", "on Debian: sudo apt-get install --no-install-recommends dovecot-imapd")
    with tempfile.TemporaryDirectory(prefix="satu-dovecot-", ignore_cleanup_errors=True) as folder:
        server = ImapServer(Path(folder))
        try:
            server.start()
            yield server
        finally:
            server.stop()


@pytest.fixture
def mailbox_by_imap(imap_server: ImapServer) -> ImapServer:
    """The server with an empty mailbox for each test."""
    with contextlib.suppress(FileNotFoundError):
        imap_server.clear()
    return imap_server
