"""The PostgreSQL to use: a server the user names with PGHOST, else a private one."""

import os
import pwd
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from devtools import commands, debian, locks, machine
from devtools.console import step
from devtools.errors import SetupError
from devtools.layout import Layout

OLDEST = 13
PATIENCE = 5  # attempts, a second apart
PACKAGES = ("postgresql",)
OWNER = "service_experience"
PORT = "5432"
LONGEST_FOLDER = 75  # a Unix socket has at most 107 characters
SHARED_PROGRAMS = Path("/usr/lib/postgresql")
ROOT_DATA = Path("/var/lib")
# Safe only for data nobody will miss.
THROW_AWAY = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
ADVICE = (
    "install the package postgresql (13 or newer; with brew, dnf or apt), or name a "
    "server with PGHOST, PGPORT, PGUSER and PGPASSWORD"
)


@dataclass(frozen=True)
class Server:
    """How to reach a running server, and the folder of its client programs."""

    host: str
    port: str
    user: str
    programs: Path

    @property
    def environment(self) -> dict[str, str]:
        """Variables that lead every PostgreSQL client to this server."""
        return {"PGHOST": self.host, "PGPORT": self.port, "PGUSER": self.user}

    def query(self, sql: str, database: str = "postgres") -> list[str]:
        """Run one statement; return its rows, columns separated by ``|``."""
        done = subprocess.run(
            [self.programs / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={**os.environ, **self.environment, **_libraries(self.programs)},
            text=True,
            check=False,
        )
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no answer"])[-1]
            raise SetupError(f"PostgreSQL at {self.host}:{self.port} refused: {reason}")
        return done.stdout.splitlines()


class PrivateCluster:
    """A server of our own on a Unix socket, below the state folder.

    PostgreSQL refuses to run as root: then it runs as an unprivileged account, and its data
    moves to a folder that account can reach if the state folder is out of its reach.
    """

    def __init__(self, layout: Layout, name: str, *, durable: bool) -> None:
        self.layout = layout
        self.name = name
        self.durable = durable
        self.account = machine.unprivileged_account() if machine.is_root() else None
        self.folder = _reachable_folder(layout, self.account) / name
        self.data = self.folder / "data"

    @property
    def server(self) -> Server:
        """How to reach this cluster."""
        return Server(str(self._socket_folder), PORT, OWNER, self._programs)

    def start(self) -> bool:
        """Start the server unless it runs; return whether it was started."""
        with locks.alone(self._file("start.lock"), "starting PostgreSQL"):
            if not (self.data / "PG_VERSION").exists():
                self._create()
            if self.is_running():
                return False
            with step(f"Starting PostgreSQL ({self.name})"):
                self._make_folder(self._socket_folder)
                self._start_patiently()
            return True

    def stop(self) -> bool:
        """Stop the server if it runs; return whether it was stopped."""
        if not (self.data / "PG_VERSION").exists() or not self.is_running():
            return False
        self._run("pg_ctl", "stop", "-w", "-m", "fast", "-D", self.data)
        return True

    def stop_if_unused(self) -> bool:
        """Stop the server unless another run uses it; return whether it was stopped."""
        usage = locks.Usage(self._file("users.lock"))
        try:
            return usage.release() and self.stop()
        finally:
            usage.close()

    def remove(self) -> None:
        """Stop the server and delete its data."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        with suppress(OSError):
            self.folder.parent.rmdir()  # if nothing else is in it

    def is_running(self) -> bool:
        """Tell whether the server of this data folder runs."""
        pid = self._recorded_pid()
        return pid is not None and machine.is_alive(pid) and self._status() == 0

    @contextmanager
    def running(self) -> Iterator[Server]:
        """Give a running server; the last of its users stops it, whoever started it."""
        usage = locks.Usage(self._file("users.lock"))
        try:
            self.start()
            yield self.server
        finally:
            usage.close()
            self.stop_if_unused()

    def _start_patiently(self) -> None:
        """Start, and wait for what a killed server may have left behind to end by itself."""
        arguments = ("start", "-w", "-t", "60", "-D", self.data, *self._options)
        for _attempt in range(PATIENCE):
            self._forget_dead_server()
            if self._call("pg_ctl", *arguments) == 0:
                return
            time.sleep(1)
        log = self.folder / "server.log"
        reason = commands.explain(log)
        raise SetupError(f"PostgreSQL could not be started: {reason}. Whole output: {log}")

    def _status(self) -> int:
        return self._call("pg_ctl", "status", "-D", self.data)

    def _recorded_pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None

    def _forget_dead_server(self) -> None:
        """Remove the record of a killed server that nobody has collected.

        PostgreSQL sees such a process as a running one, and in a container without an init
        process it would for ever.
        """
        pid = self._recorded_pid()
        if pid is not None and not machine.is_alive(pid) and Path(f"/proc/{pid}").exists():
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    @property
    def _programs(self) -> Path:
        version = self.data / "PG_VERSION"
        return find_programs(self.layout, int(version.read_text()) if version.exists() else None)

    @property
    def _socket_folder(self) -> Path:
        return self.folder / "socket"

    @property
    def _options(self) -> list[str | Path]:
        settings = f"-c listen_addresses='' -c unix_socket_directories='{self._socket_folder}'"
        return ["-l", self.folder / "server.log", "-o", settings]

    def _create(self) -> None:
        machine.require_disk(self.folder, 1)
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        if self.account:
            self.folder.parent.chmod(0o755)  # whatever the umask says
        self._make_folder(self.folder)
        partial = self.folder / "data.partial"
        shutil.rmtree(partial, ignore_errors=True)
        with step(f"Creating a private PostgreSQL ({self.name})"):
            self._run(
                *("initdb", "-D", partial, "-U", OWNER, "--auth=trust", "--encoding=UTF8"),
                *("--locale=C.UTF-8", "--no-instructions"),
                *(() if self.durable else ("--no-sync",)),
            )
            if not self.durable:
                with (partial / "postgresql.conf").open("a") as settings:
                    settings.write(THROW_AWAY)
            partial.rename(self.data)

    def _make_folder(self, folder: Path) -> None:
        """Create a folder only the owner of the server may enter."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.account:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)

    def _run(self, program: str, *arguments: str | Path) -> None:
        code = self._call(program, *arguments)
        if code:
            reason = commands.explain(self._log)
            raise SetupError(f"PostgreSQL's {program} failed: {reason}. Whole output: {self._log}")

    def _call(self, program: str, *arguments: str | Path) -> int:
        command = [str(part) for part in (self._programs / program, *arguments)]
        with self._log.open("wb") as output:
            return _run_as(self.account, command, output)

    @property
    def _log(self) -> Path:
        return self._file("log")

    def _file(self, suffix: str) -> Path:
        return self.layout.logs / f"postgres-{self.name}.{suffix}"


@contextmanager
def throw_away_server(layout: Layout) -> Iterator[Server]:
    """Give the server for tests: the one named by PGHOST, else a private, fast one."""
    named = named_server()
    if named:
        yield named
        return
    with PrivateCluster(layout, "test", durable=False).running() as server:
        yield server


def named_server(environ: Mapping[str, str] = os.environ) -> Server | None:
    """Return the server the user names with the usual variables, if any."""
    host = environ.get("PGHOST")
    if not host:
        return None
    psql = machine.require_program("psql", "install a PostgreSQL client, or unset PGHOST")
    user = environ.get("PGUSER") or pwd.getpwuid(os.geteuid()).pw_name
    server = Server(host, environ.get("PGPORT") or PORT, user, psql.parent)
    _require_usable(server)
    return server


def _require_usable(server: Server) -> None:
    version, role = server.query(
        "SELECT current_setting('server_version_num')::int / 10000; "
        "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
    )
    if int(version) < OLDEST:
        raise SetupError(f"PostgreSQL {version} at {server.host} is too old: Odoo needs {OLDEST}")
    if role != "t":
        raise SetupError(
            f"The role {server.user} at {server.host} may not create databases: "
            f'ALTER ROLE "{server.user}" CREATEDB, or unset PGHOST to use a private server'
        )


def find_programs(layout: Layout, version: int | None = None) -> Path:
    """Return the folder of server programs: those of `version`, else the newest."""
    found = {number: folder for folder in _program_folders(layout) if (number := _version(folder))}
    usable = {number: folder for number, folder in found.items() if number >= OLDEST}
    if version and version not in usable:
        raise SetupError(
            f"The private database was made by PostgreSQL {version}, which is gone: install "
            f"it again, or start over with: make clean"
        )
    if not usable:
        raise SetupError(f"No PostgreSQL server programs were found: {ADVICE}")
    return usable[version or max(usable)]


def ensure_programs(layout: Layout) -> None:
    """Make sure there are server programs, if no server was named; unpack them if need be."""
    if os.environ.get("PGHOST"):
        return
    try:
        find_programs(layout)
    except SetupError:
        if not shutil.which("apt-get"):
            raise
        with step("Fetching PostgreSQL: this machine has none"):
            log = layout.logs / "postgres-fetch.log"
            debian.unpack_missing(layout.state, log, PACKAGES, private_programs(layout))


def private_programs(layout: Layout) -> Path:
    """Return the folder below which PostgreSQL is unpacked if this machine has none."""
    account = machine.unprivileged_account() if machine.is_root() else None
    return _reachable_folder(layout, account) / "programs"


def _program_folders(layout: Layout) -> Iterator[Path]:
    yield from sorted(private_programs(layout).glob("usr/lib/postgresql/*/bin"))
    yield from sorted(SHARED_PROGRAMS.glob("*/bin"))
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent


def _version(folder: Path) -> int | None:
    if not (folder / "initdb").exists():
        return None
    program = folder / "postgres"
    printed = commands.capture([program, "--version"], env=_libraries(program)) or ""
    number = re.search(r"(\d+)", printed)
    return int(number[1]) if number else None


def _reachable_folder(layout: Layout, account: pwd.struct_passwd | None) -> Path:
    folder = layout.state / "postgres"
    short = len(str(folder)) <= LONGEST_FOLDER
    if account and not (short and _may_enter(layout.state, account)):
        return ROOT_DATA / f"service-experience-{layout.short_hash}"
    if not short:
        raise SetupError(
            f"The path of {layout.state} is too long for PostgreSQL's socket: choose a shorter one "
            "with SERVICE_EXPERIENCE_STATE=<folder>"
        )
    return folder


def _may_enter(folder: Path, account: pwd.struct_passwd) -> bool:
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return _run_as(account, ["test", "-x", str(existing)], subprocess.DEVNULL) == 0


def _run_as(account: pwd.struct_passwd | None, command: list[str], output: BinaryIO | int) -> int:
    """Run a program as another account (None: as this one), out of reach of Ctrl-C."""
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd="/",
        env={**os.environ, "LC_ALL": "C", **_libraries(Path(command[0]))},
        start_new_session=True,
        check=False,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    ).returncode


def _libraries(program: Path) -> dict[str, str]:
    """Return the variables that a program unpacked by us needs, none for any other."""
    root = next((folder for folder in program.parents if folder.name == "programs"), None)
    return debian.library_path(root) if root else {}
