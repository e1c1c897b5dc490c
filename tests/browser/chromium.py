"""A real Chromium without a window, driven over its DevTools protocol.

Belongs here: opening pages, reading what is on them, clicking, pictures. Not here: what a page should
show (``test_screens.py``), starting the service (``running_service.py``).
"""

from __future__ import annotations

import base64
import itertools
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

NAMES = ("chromium", "chromium-browser", "google-chrome")
INSTALL = "There is no Chromium here: run `apt-get update && apt-get install -y chromium` as root."
FLAGS = (
    "--headless=new",
    "--no-sandbox",  # tests run as root too, for which Chromium has no sandbox
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
)
START_SECONDS = 30.0
POLL_SECONDS = 0.2
MESSAGE_BYTES = 64_000_000  # a picture comes in one message
TEXT = "document.body ? document.body.innerText : ''"
DOM = "document.documentElement.outerHTML"


class Page:
    """The one tab of a browser."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self._ask("Page.enable")

    def open(self, url: str, *shown: str, seconds: float = 45) -> str:
        """Go to ``url``, wait until every text of ``shown`` is on it, return all its text."""
        self._ask("Page.navigate", url=url)
        return self.wait_for(*shown, seconds=seconds)

    def wait_for(self, *shown: str, seconds: float = 45) -> str:
        """The page's text as soon as it has every one of ``shown``; AssertionError in the end."""
        deadline = time.monotonic() + seconds
        while missing := [one for one in shown if one not in (text := self.text())]:
            assert time.monotonic() < deadline, f"{missing} is not on the page:\n{text}"
            time.sleep(POLL_SECONDS)
        return self.text()

    def text(self) -> str:
        """What a reader sees, hidden parts left out."""
        return str(self.evaluate(TEXT))

    def dom(self) -> str:
        """Everything the page holds, as HTML, hidden parts too."""
        return str(self.evaluate(DOM))

    def click(self, text: str) -> None:
        """Click the first element that reads exactly ``text``, waiting until there is one."""
        found = (
            "(text => [...document.querySelectorAll('button,a,span,div')].find(e =>"
            " e.offsetParent && e.innerText?.trim() === text &&"
            f" ![...e.children].some(c => c.innerText?.trim() === text)))({json.dumps(text)})"
        )
        deadline = time.monotonic() + 20
        while not self.evaluate(f"(e => e ? (e.click(), true) : false)({found})"):
            assert time.monotonic() < deadline, f'nothing reads "{text}":\n{self.text()}'
            time.sleep(POLL_SECONDS)

    def drag(self, *, by: int) -> None:
        """Drag what is under the middle of a window of 800 pixels or more down by some pixels."""
        for kind, y in (
            ("mousePressed", 700),
            ("mouseMoved", 700 + by),
            ("mouseReleased", 700 + by),
        ):
            self._ask("Input.dispatchMouseEvent", type=kind, x=900, y=y, button="left")

    def evaluate(self, javascript: str) -> Any:
        """The value of an expression; a promise is waited for."""
        answer = self._ask(
            "Runtime.evaluate", expression=javascript, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def resize(self, *, width: int, height: int, scale: float = 1.0) -> None:
        """A window of that many CSS pixels, each of ``scale`` pixels in a picture."""
        size = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
        self._ask("Emulation.setDeviceMetricsOverride", **size)

    def picture(self, file: Path) -> None:
        """The page as a PNG."""
        time.sleep(2)  # what is drawn on a canvas or slides in has no text to wait for
        shot = self._ask("Page.captureScreenshot", format="png")
        file.write_bytes(base64.b64decode(shot["data"]))

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while (answer := json.loads(self._socket.recv(timeout=60))).get("id") != number:
            pass  # events, of which none is needed
        assert "error" not in answer, f"{method}: {answer['error']}"
        return dict(answer["result"])


@contextmanager
def chromium() -> Iterator[Page]:
    """A fresh browser, ended with the block; AssertionError, with what to do, where there is none."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    assert program is not None, INSTALL
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [program, *FLAGS, "--window-size=1400,900", f"--user-data-dir={profile}"]
        process = subprocess.Popen(
            [*command, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            address = _tab(Path(profile) / "DevToolsActivePort")
            with connect(address, max_size=MESSAGE_BYTES, proxy=None) as socket:
                yield Page(socket)
        finally:
            process.terminate()
            process.wait(timeout=20)


def _tab(port_file: Path) -> str:
    """The socket of the only tab; Chromium writes its port into a file once it listens."""
    deadline = time.monotonic() + START_SECONDS
    while not (port_file.exists() and "\n" in port_file.read_text()):
        assert time.monotonic() < deadline, "Chromium did not start"
        time.sleep(POLL_SECONDS)
    port = port_file.read_text().split("\n")[0]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=10) as answer:
        tabs = [one for one in json.load(answer) if one["type"] == "page"]
    return str(tabs[0]["webSocketDebuggerUrl"])
