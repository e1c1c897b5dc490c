"""Ports and sockets as the service looks for them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from ty_pipeline.errors import ServiceError
from ty_pipeline.service.address import free_port, listens, ui_answers


@contextmanager
def web_server(status: int) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/server_info" else 404)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # its base's name
            """Nothing on the console."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_a_port_that_is_taken_is_passed_over() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert free_port(port) > port


def test_a_port_that_is_taken_on_all_addresses_is_passed_over() -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:
        port = taken.getsockname()[1]
        assert free_port(port) > port


def test_no_free_port_is_one_sentence_naming_the_setting() -> None:
    with (
        socket.create_server(("127.0.0.1", 65535)),
        pytest.raises(ServiceError, match="TY_PORT"),
    ):
        free_port(65535)


def test_a_ui_answers_only_when_it_is_dagsters() -> None:
    with web_server(200) as port:
        assert ui_answers(port)
    with web_server(500) as port:
        assert not ui_answers(port)
    assert not ui_answers(port)


def test_a_socket_listens_while_a_process_accepts_on_it(tmp_path: Path) -> None:
    path = tmp_path / "s"
    assert not listens(path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        assert not listens(path)
        server.listen()
        assert listens(path)
