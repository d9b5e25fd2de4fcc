"""A real private cluster, and real databases in it."""

import os
import signal
import time
from pathlib import Path

import pytest

from devtools import machine
from devtools.databases import Databases
from devtools.errors import SetupError
from devtools.odoo_cli import Odoo
from devtools.odoo_source import OdooHome
from devtools.postgres import PrivateCluster, find_programs, named_server


@pytest.fixture
def cluster(layout):
    layout.make_folders()
    cluster = PrivateCluster(layout, "t", durable=False)
    yield cluster
    cluster.remove()
    assert not cluster.folder.exists()


@pytest.fixture
def databases(cluster):
    with cluster.running() as server:
        yield Databases(Odoo(cluster.layout, OdooHome(cluster.layout.state), server))


def test_the_last_user_stops_the_server(cluster):
    with cluster.running() as server:
        with cluster.running():
            assert server.query("SELECT 1 + 1") == ["2"]
        assert cluster.is_running()
        assert not cluster.stop_if_unused()
    assert not cluster.is_running()


def test_a_killed_server_is_started_again_with_its_data(cluster):
    cluster.start()
    cluster.server.query("CREATE DATABASE kept")
    pid = int((cluster.data / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    while machine.is_alive(pid):
        time.sleep(0.01)
    assert cluster.start()
    assert cluster.server.query("SELECT 1 FROM pg_database WHERE datname = 'kept'") == ["1"]
    assert not cluster.start()


def test_an_interrupted_creation_is_done_again(cluster):
    (cluster.folder / "data.partial").mkdir(parents=True)
    (cluster.folder / "data.partial" / "PG_VERSION").write_text("1\n")
    cluster.start()
    assert not (cluster.folder / "data.partial").exists()


def test_the_server_does_not_run_as_root(cluster):
    cluster.start()
    pid = int((cluster.data / "postmaster.pid").read_text().splitlines()[0])
    assert Path(f"/proc/{pid}").stat().st_uid != 0


def test_a_database_appears_only_when_it_is_complete(databases):
    def fail(name):
        databases.create(name)
        raise SetupError("no")

    with pytest.raises(SetupError):
        databases.make("sx", "a", fail)
    names = "SELECT datname FROM pg_database WHERE datname LIKE 'sx%'"
    assert databases.odoo.server.query(names) == []
    databases.make("sx", "a", databases.create)
    assert databases.inputs("sx") == "a"
    assert databases.odoo.server.query(names) == ["sx"]


def test_a_copy_has_the_files_too_and_is_gone_afterwards(databases):
    databases.make("sx", "a", databases.create)
    store = databases.odoo.layout.data_dir / "filestore"
    (store / "sx" / "ab").mkdir(parents=True)
    (store / "sx" / "ab" / "file").write_text("x")
    with databases.copy_of("sx", "t") as name:
        assert (store / name / "ab" / "file").read_text() == "x"
    assert databases.inputs(name) is None
    assert [path.name for path in store.iterdir()] == ["sx"]


def test_copies_of_killed_runs_are_dropped(databases):
    databases.make("service_experience_t_4194999", "", databases.create)
    databases.make(f"service_experience_t_{os.getpid()}", "", databases.create)
    databases.drop_leftovers("t")
    assert databases.inputs("service_experience_t_4194999") is None
    assert databases.inputs(f"service_experience_t_{os.getpid()}") == ""


def test_a_database_of_somebody_else_is_left_alone(databases):
    databases.odoo.server.query("CREATE DATABASE theirs")
    with pytest.raises(SetupError, match="was not made here"):
        databases.make("theirs", "a", databases.create)
    databases.drop_all()
    assert databases.odoo.server.query("SELECT 1 FROM pg_database WHERE datname = 'theirs'")


def test_a_named_server_that_does_not_answer_is_one_sentence(tmp_path):
    with pytest.raises(SetupError, match=f"PostgreSQL at {tmp_path}:5432 refused: "):
        named_server({"PGHOST": str(tmp_path)})
    assert named_server({}) is None


def test_a_named_server_is_used_with_its_own_role(cluster):
    cluster.start()
    environment = cluster.server.environment
    server = named_server(environment)
    assert server.environment == environment
    cluster.server.query("CREATE ROLE weak LOGIN")
    with pytest.raises(SetupError, match="may not create databases"):
        named_server({**environment, "PGUSER": "weak"})


def test_data_of_a_version_that_is_gone_is_not_touched(layout):
    with pytest.raises(SetupError, match="made by PostgreSQL 9, which is gone"):
        find_programs(layout, 9)


def test_a_path_too_long_for_a_socket(layout, monkeypatch):
    monkeypatch.setattr("devtools.machine.is_root", lambda: False)
    long = type(layout)(layout.checkout, layout.state / ("x" * 90))
    with pytest.raises(SetupError, match="too long for PostgreSQL's socket"):
        PrivateCluster(long, "t", durable=False)
