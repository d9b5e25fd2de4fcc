"""Open pages: how soon a change is on them, and what their most frequent question costs."""

import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from statistics import median, quantiles

import requests

from odoo import Command

from benchmarks.live_client import Listener, LiveClient
from benchmarks.report import Row, verdict
from benchmarks.session import transaction
from devtools.databases import Databases
from devtools.web_server import WebServer

SERVICES, READERS_EACH = 60, 5
CHANGES = 120
QUESTIONS = 300
WARM_UP = 20
# In the log of the server: status, length, queries.
ANSWER = re.compile(r'GET /my/service/\d+/version HTTP/1\.1" (?:200|304) - (\d+) ')


@dataclass(frozen=True)
class Service:
    """A service with a page: its number, its step, its channel, and a link for each reader."""

    project_id: int
    milestone_id: int
    channel: str
    tokens: Sequence[str]


def compare(databases: Databases, database: str) -> list[Row]:
    """Return the rows of open pages."""
    with databases.copy_of(database, "bench_live") as name:
        services = _create_services(name)
        with closing(_make_server(databases, name)) as server:
            server.start()
            with _open_pages(server, name, services) as clients:
                delays = _measure_changes(name, services, clients)
                seconds = _measure_questions(clients[0])
            return [_delay_row(delays, len(clients)), *_question_rows(server, seconds)]


def _make_server(databases: Databases, database: str) -> WebServer:
    """Return a server as it is used: workers for pages, and one process for all sockets."""
    return WebServer(databases.odoo, database, "bench-live", workers=2, db_maxconn=40)


def _create_services(database: str) -> list[Service]:
    with transaction(database) as env:
        customer = env["res.partner"].create({"name": "Nordlicht Bakery"})
        steps = [
            Command.create(
                {"name": name, "customer_label": name, "customer_visible": True, "sequence": number}
            )
            for number, name in enumerate(("Order", "Visit", "Installation", "Handover"))
        ]
        tasks = [
            Command.create({"name": name, "customer_label": name, "customer_visible": True})
            for name in ("Radiator", "Boiler", "Pipes", "Thermostat", "Tank")
        ]
        values = {
            "name": "Heat pump",
            "partner_id": customer.id,
            "privacy_visibility": "portal",
            "milestone_ids": steps,
            "task_ids": tasks,
        }
        projects = env["project.project"].create([values] * SERVICES)
        return [_describe(project, customer) for project in projects]


def _describe(project, customer) -> Service:
    links = project.env["service.portal.link"]
    path = f"/my/service/{project.id}"
    tokens = [links._make(project, customer, path) for _reader in range(READERS_EACH)]
    return Service(project.id, project.milestone_ids[0].id, project._service_channel(), tokens)


@contextmanager
def _open_pages(
    server: WebServer, database: str, services: Sequence[Service]
) -> Iterator[list[LiveClient]]:
    with ExitStack() as stack:
        clients = [
            stack.enter_context(closing(LiveClient(server, token)))
            for service in services
            for token in service.tokens
        ]
        with transaction(database) as env:
            last = env["bus.bus"].sudo()._bus_last_id()
        # All at once: the server ends a socket whose client does not listen for a minute.
        for number, client in enumerate(clients):
            client.subscribe(services[number // READERS_EACH].channel, last)
        stack.enter_context(closing(Listener(clients)))
        yield clients


def _measure_changes(
    database: str, services: Sequence[Service], clients: Sequence[LiveClient]
) -> list[float]:
    """Change one service after the other; return how long each of its readers waited."""
    delays: list[float] = []
    with ThreadPoolExecutor(READERS_EACH) as readers:
        for number in range(WARM_UP + CHANGES):
            index = number % SERVICES
            mine = clients[index * READERS_EACH : (index + 1) * READERS_EACH]
            label = f"Step {number}"
            waiting = [readers.submit(client.wait_for, label) for client in mine]
            committed = _rename_step(database, services[index].milestone_id, label)
            seen = [answer.result() - committed for answer in waiting]
            if number >= WARM_UP:
                delays += seen
    assert all(not client.has_message() for client in clients), "others were told, too"
    return delays


def _rename_step(database: str, milestone_id: int, label: str) -> float:
    """Change what customers read, as a colleague does; return when the commit began."""
    with transaction(database) as env:
        env["project.milestone"].browse(milestone_id).customer_label = label
        env.cr.flush()
        return time.perf_counter()


def _measure_questions(client: LiveClient) -> list[float]:
    """Ask whether there is something new, as pages without a socket do."""
    tag = client.ask("version").headers["ETag"]
    seconds = []
    for _question in range(QUESTIONS):
        started = time.perf_counter()
        answer = client.ask("version", headers={"If-None-Match": tag})
        seconds.append(time.perf_counter() - started)
        assert answer.status_code == requests.codes.not_modified
    return seconds


def _delay_row(delays: Sequence[float], sockets: int) -> Row:
    late = quantiles(delays, n=20)[-1]
    assert sockets == SERVICES * READERS_EACH
    assert len(delays) == CHANGES * READERS_EACH
    return Row(
        f"a change on the screen, {sockets} open sockets",
        f"{late * 1000:.0f} ms (95 %)",
        f"median {median(delays) * 1000:.0f} ms, longest {max(delays) * 1000:.0f} ms",
        "",
        "<= 1 s for 95 %",
        verdict(late <= 1),
    )


def _question_rows(server: WebServer, seconds: Sequence[float]) -> list[Row]:
    counted = [int(count) for count in ANSWER.findall(server.log.read_text())]
    assert len(counted) >= QUESTIONS
    # The first questions of each worker fill its caches.
    most = max(counted[-QUESTIONS // 2 :])
    late = quantiles(seconds, n=20)[-1]
    return [
        Row(
            "a page asks whether there is something new",
            f"{median(seconds) * 1000:.1f} ms",
            f"{late * 1000:.1f} ms (95 %)",
            "",
            "<= 50 ms",
            verdict(median(seconds) <= 0.050),
        ),
        Row(
            "queries of this question",
            f"{most}",
            "",
            "",
            "<= 5",
            verdict(most <= 5),
            is_time=False,
        ),
    ]
