"""The customer page of a large service, against Odoo's own page of the same project."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from statistics import median

import requests

from benchmarks import portal_filling
from benchmarks.report import Row, verdict
from benchmarks.sampling import Sample, in_turn, timed
from devtools.console import step
from devtools.databases import Databases
from devtools.web_server import WebServer

SIZES = (1_000, 10_000)
# Whether there is more to tell than the requests: steps, promises, facts and a history.
KINDS = {"requests": False, "requests and a journey": True}
ROUNDS, WARM_UP = 40, 5
MOST_TIME, MOST_QUERIES, MOST_BYTES = 0.6, 25, 60_000
PATIENCE = 60
# In the log of the server: address, status, queries.
ANSWER = re.compile(r'"GET (/my/\S+) HTTP/1\.1" 200 - (\d+) ')


@dataclass(frozen=True)
class Page:
    """One of the two pages, as often as it was asked for, and what the last answer was."""

    samples: list[Sample]
    size: int
    queries: int

    @property
    def seconds(self) -> float:
        """The median time of an answer."""
        return median(sample.seconds for sample in self.samples)


def compare(databases: Databases, database: str, rounds: int = ROUNDS) -> Iterator[Row]:
    """Yield the rows of a page with many requests, and with very many."""
    for (kind, has_journey), count in product(KINDS.items(), SIZES):
        what = f"{count:,} {kind}"
        with databases.copy_of(database, "bench_page") as name:
            with step(f"Filling a service with {what}"):
                project_id = portal_filling.fill(name, count, has_journey=has_journey)
            with closing(WebServer(databases.odoo, name, "bench-page")) as server:
                server.start()
                ours, theirs = _measure(server, project_id, rounds)
        yield from _rows(what, ours, theirs)


def _measure(server: WebServer, project_id: int, rounds: int) -> list[Page]:
    session = _sign_in(server)
    paths = [f"/my/{kind}/{project_id}" for kind in ("service", "projects")]
    answers = [_get(session, server, path) for path in paths]
    for answer in answers:
        assert "Repair" in answer.text, "the page shows no requests"
    work = [lambda path=path: timed(lambda: _get(session, server, path)) for path in paths]
    samples = in_turn(work, rounds, WARM_UP)
    queries = dict(ANSWER.findall(server.log.read_text()))  # the last of each
    return [
        Page(taken, len(answer.content), int(queries[path]))
        for taken, answer, path in zip(samples, answers, paths, strict=True)
    ]


def _sign_in(server: WebServer) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxy
    form = session.get(f"{server.url}/web/login", timeout=PATIENCE).text
    [token] = re.findall(r'name="csrf_token" value="([^"]+)"', form)
    login = portal_filling.LOGIN
    values = {"login": login, "password": login, "csrf_token": token}
    answer = session.post(f"{server.url}/web/login", values, timeout=PATIENCE)
    assert answer.url.endswith("/my"), "the customer could not sign in"
    return session


def _get(session: requests.Session, server: WebServer, path: str) -> requests.Response:
    answer = session.get(f"{server.url}{path}", timeout=PATIENCE)
    assert answer.status_code == requests.codes.ok
    assert answer.url.endswith(path), "led to another page"
    return answer


def _rows(what: str, ours: Page, theirs: Page) -> Iterator[Row]:
    ratio = ours.seconds / theirs.seconds
    yield Row(
        f"the customer page of {what}; Odoo's page",
        f"{ours.seconds * 1000:.0f} ms",
        f"{theirs.seconds * 1000:.0f} ms",
        f"{ratio:.2f} x",
        f"<= {MOST_TIME} x",
        verdict(ratio <= MOST_TIME),
    )
    yield Row(
        "its queries and its HTML",
        f"{ours.queries}, {ours.size / 1000:.0f} kB",
        f"{theirs.queries}, {theirs.size / 1000:.0f} kB",
        "",
        f"<= {MOST_QUERIES}, <= {MOST_BYTES / 1000:.0f} kB",
        verdict(ours.queries <= MOST_QUERIES, ours.size <= MOST_BYTES),
        is_time=False,
    )
