"""Where the UI is: a free port, and whether it answers.

What belongs here: sockets as seen from outside. What does not: the processes behind them.
"""

from __future__ import annotations

import http.client
import socket
from pathlib import Path

from ty_pipeline.errors import ServiceError

HOST = "127.0.0.1"  # there is no login in open-source Dagster
PORTS_TRIED = 100


def free_port(first: int) -> int:
    """The first port from ``first`` on that nothing on this machine listens to."""
    for port in range(first, min(first + PORTS_TRIED, 65536)):
        with socket.socket() as probe:
            # Without it the connections of a service that just ended keep its port for a minute.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise ServiceError(
        f"No port from {first} to {first + PORTS_TRIED - 1} is free for the UI: set TY_PORT."
    )


def ui_answers(port: int) -> bool:
    """Whether Dagster's webserver answers on ``port``."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/server_info")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def listens(path: Path) -> bool:
    """Whether a process accepts connections on the Unix socket ``path``."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True
