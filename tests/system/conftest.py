"""What the tests of the whole system share: private databases, and processes that work on them."""

from contextlib import ExitStack, closing
from functools import partial
from itertools import count

import psycopg2
import pytest
from browser import chromium
from odoo_process import OdooProcess

from odoo.tools import config

from devtools.attached import attached_databases
from devtools.databases import BASE
from devtools.web_server import WebServer


@pytest.fixture(scope="session")
def databases():
    """Give the databases of this run of the tests."""
    found = attached_databases()
    found.drop_leftovers("system")
    return found


@pytest.fixture(scope="module")
def host_database(databases):
    """Give a private database with the addons that ours extend, and without ours."""
    with databases.copy_of(BASE, "system") as name:
        yield name


@pytest.fixture(scope="module")
def database(databases):
    """Give a private copy of the database under test, which has both addons."""
    with databases.copy_of(config["db_name"][0], "system") as name:
        yield name


@pytest.fixture(scope="module")
def start(databases, request):
    """Give a function that starts a process on a database; all of them end with the module."""
    with ExitStack() as processes:
        labels = (f"system-{request.module.__name__}-{number}" for number in count())
        yield lambda name: processes.enter_context(
            closing(OdooProcess(databases, name, next(labels)))
        )


@pytest.fixture(scope="module")
def worker(start, database):
    """Give a function that returns a process on the database under test by its name.

    It is kept from test to test, unless one has left it in the middle of an order.
    """
    workers = {}

    def get(name):
        if name in workers and not workers[name].is_idle:
            workers.pop(name).kill()
        if name not in workers:
            workers[name] = start(database)
        return workers[name]

    return get


@pytest.fixture(scope="module")
def server(databases, database):
    """Give a web server on the database under test."""
    with closing(WebServer(databases.odoo, database, "system-web")) as one:
        one.start()
        yield one


@pytest.fixture(scope="module")
def browser(databases):
    """Give a browser."""
    with chromium(databases.odoo.layout) as one:
        yield one


@pytest.fixture
def staff(worker):
    """Give a process in which colleagues work."""
    return worker("staff")


@pytest.fixture
def service(staff):
    """Give a service with a page: its number, and login and password of its customer."""
    return staff.ask("create_open_service")


@pytest.fixture
def first(worker):
    """Give a process."""
    return worker("first")


@pytest.fixture
def second(worker):
    """Give another process."""
    return worker("second")


@pytest.fixture(scope="module")
def query(connect, database):
    """Give a function that reads what is committed in the database under test."""
    return connect(database)


@pytest.fixture(scope="module")
def connect():
    """Give a function that connects to a database and returns its `query(sql, *values)`."""
    with ExitStack() as connections:

        def open_connection(name):
            connection = psycopg2.connect(dbname=name)  # the rest is said by the environment
            connections.callback(connection.close)
            connection.autocommit = True
            return partial(_query, connection)

        yield open_connection


def _query(connection, sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchall() if cursor.description else []
