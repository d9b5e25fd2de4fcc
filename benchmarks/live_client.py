"""Readers of pages without a browser: a session, a socket, and the requests of an open page."""

import json
import queue
import selectors
import threading
import time
from collections.abc import Sequence
from urllib.parse import urljoin

import requests
import websocket

from devtools.web_server import WebServer

CHANGED = "service_experience/changed"
PATIENCE = 30


class LiveClient:
    """Somebody who came by a link and has the page open."""

    def __init__(self, server: WebServer, token: str) -> None:
        self._server = server
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy
        link = self._session.get(f"{server.url}/s/{token}", timeout=PATIENCE, allow_redirects=False)
        self._url = urljoin(server.url, link.headers["Location"])
        self._stamps: dict[str, str] = {}
        self._messages: queue.Queue[bytes] = queue.Queue()
        self.refresh()

    def subscribe(self, channel: str, last: int) -> None:
        """Open a socket and listen on the channel of the page.

        :param last: the last message that they need not hear of
        """
        cookies = "; ".join(f"{one.name}={one.value}" for one in self._session.cookies)
        self.socket = websocket.create_connection(
            f"ws://127.0.0.1:{self._server.socket_port}/websocket",
            cookie=cookies,
            origin=self._server.url,
            timeout=PATIENCE,
        )
        subscription = {"channels": [channel], "last": last}
        self.socket.send(json.dumps({"event_name": "subscribe", "data": subscription}))

    def ask(self, what: str, **options) -> requests.Response:
        """Return what the server says to a question of the page."""
        return self._session.get(f"{self._url}/{what}", timeout=PATIENCE, **options)

    def refresh(self) -> dict[str, str]:
        """Return the sections that changed since the last time."""
        have = ",".join(f"{name}.{stamp}" for name, stamp in self._stamps.items())
        answer = self.ask("sections", params={"since": 0, "have": have}).json()
        self._stamps |= answer["stamps"]
        return answer["sections"]

    def receive(self) -> None:
        """Take what has arrived on the socket; the server wants an answer to its pings."""
        opcode, frame = self.socket.recv_data_frame(control_frame=True)
        if opcode == websocket.ABNF.OPCODE_TEXT:
            self._messages.put(frame.data)

    def wait_for(self, words: str) -> float:
        """Wait for the message that something changed, fetch it, and return when it was there."""
        [message] = [line["message"] for line in json.loads(self._messages.get(timeout=PATIENCE))]
        assert message["type"] == CHANGED, message
        assert set(message["payload"]) == {"id", "version"}
        sections = self.refresh()
        arrived = time.perf_counter()
        assert any(words in html for html in sections.values()), sections.keys()
        return arrived

    def has_message(self) -> bool:
        """Tell whether something arrived that nobody waited for."""
        return not self._messages.empty()

    def close(self) -> None:
        """Leave."""
        self.socket.close()
        self._session.close()


class Listener:
    """One thread that takes what arrives on the sockets of all clients."""

    def __init__(self, clients: Sequence[LiveClient]) -> None:
        self._selector = selectors.DefaultSelector()
        for client in clients:
            self._selector.register(client.socket.sock, selectors.EVENT_READ, client)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while not self._is_over.is_set():
            for key, _events in self._selector.select(0.1):
                key.data.receive()

    def close(self) -> None:
        """Listen no more."""
        assert self._thread.is_alive(), "a socket was closed"
        self._is_over.set()
        self._thread.join()
        self._selector.close()
