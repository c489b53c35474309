"""A headless Chromium for tests: started, spoken to over a pipe (no socket, no package), and ended.

    with Browser("/usr/bin/chromium") as browser:
        page = browser.open("file:///tmp/page.html", width=390, height=844)
        assert page.evaluate("document.title") == "..."

The protocol is the DevTools protocol: JSON messages, each followed by a NUL byte, on the browser's
descriptors 3 (to it) and 4 (from it). Every wait has a deadline; the browser and its profile folder
are gone when the block is left, however it is left.
"""

import base64
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--no-default-browser-check",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
]


class BrowserError(Exception):
    """The browser did not do what it was asked."""


class Browser:
    def __init__(self, program, deadline=60):
        self.deadline = deadline
        self.events = []
        self._number = 0
        self._buffer = b""
        self._profile = tempfile.mkdtemp(prefix="joust-browser.")
        self._process = None
        to_browser = os.pipe()
        from_browser = os.pipe()
        self._write_to, self._read_from = to_browser[1], from_browser[0]
        try:
            self._start(program, to_browser[0], from_browser[1])
        except BaseException:
            self.close()
            raise
        finally:
            os.close(to_browser[0])
            os.close(from_browser[1])

    def _start(self, program, read_end, write_end):
        # The shell puts the pipes on 3 and 4: they may well have these numbers already, crosswise.
        command = 'exec 8<&"$0" 9>&"$1"; exec 3<&8 4>&9 8<&- 9>&-; shift; exec "$@"'
        self._process = subprocess.Popen(
            ["bash", "-c", command, str(read_end), str(write_end), program, *FLAGS,
             f"--user-data-dir={self._profile}", "about:blank"],
            pass_fds=(read_end, write_end),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Ends the browser with all its processes and removes its profile."""
        if self._process is not None and self._process.poll() is None:
            try:
                self.call("Browser.close", deadline=5)
                self._process.wait(5)
            except (BrowserError, OSError, subprocess.TimeoutExpired):
                pass
        if self._process is not None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self._process.wait(10)
            self._process = None
        for descriptor in (self._write_to, self._read_from):
            if descriptor is not None:
                os.close(descriptor)
        self._write_to = self._read_from = None
        shutil.rmtree(self._profile, ignore_errors=True)

    def call(self, method, session=None, deadline=None, **params):
        """Sends a command and returns its result."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self._write_to, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + (deadline or self.deadline)
        while True:
            answer = self._receive(end, method)
            if answer.get("id") == message["id"]:
                break
            self.events.append(answer)
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error']}")
        return answer["result"]

    def wait_for(self, session, method, is_wanted):
        """The first event of that name that is wanted, also one that came before."""
        end = time.monotonic() + self.deadline
        seen = 0
        while True:
            for event in self.events[seen:]:
                is_named = event.get("sessionId") == session and event.get("method") == method
                if is_named and is_wanted(event["params"]):
                    return event["params"]
            seen = len(self.events)
            self.events.append(self._receive(end, method))

    def _receive(self, end, waiting_for):
        while b"\0" not in self._buffer:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self._read_from], [], [], left)[0]:
                raise BrowserError(f"no answer to {waiting_for} in time")
            data = os.read(self._read_from, 1 << 16)
            if not data:
                raise BrowserError(f"the browser ended while {waiting_for} was awaited")
            self._buffer += data
        message, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(message)

    def open(self, address, width, height, dark=False):
        """Loads a page in a tab of its own; returns when its load event has fired."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, target, session)
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.call(f"{domain}.enable")
        page.call("Page.setLifecycleEventsEnabled", enabled=True)
        page.set_width(width, height)
        page.set_dark(dark)
        loader = page.call("Page.navigate", url=address)["loaderId"]
        self.wait_for(session, "Page.lifecycleEvent",
                      lambda event: event["name"] == "load" and event["loaderId"] == loader)
        return page


class Page:
    """One tab."""

    def __init__(self, browser, target, session):
        self._browser = browser
        self._target = target
        self._session = session

    def call(self, method, **params):
        return self._browser.call(method, session=self._session, **params)

    def close(self):
        self._browser.call("Target.closeTarget", targetId=self._target)

    def set_width(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)

    def set_dark(self, dark):
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def evaluate(self, expression):
        """The value of a JavaScript expression."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in answer:
            raise BrowserError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def press(self, key, code, text=""):
        """A key on the keyboard, down and up, for what has the focus."""
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                      windowsVirtualKeyCode=code, text=text if kind == "keyDown" else "")

    def events(self, method):
        """The parameters of all events of that name so far."""
        self.evaluate("0")  # what was sent before has arrived with the answer
        return [event["params"] for event in self._browser.events
                if event.get("sessionId") == self._session and event.get("method") == method]

    def screenshot(self, file, whole=True):
        """A PNG of the page, or of what the window shows."""
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        with open(file, "wb") as out:
            out.write(base64.b64decode(data))

    def screenshot_of(self, file, top, height, width):
        """A PNG of a part of the page, in CSS pixels from its top."""
        clip = {"x": 0, "y": top, "width": width, "height": height, "scale": 1}
        data = self.call("Page.captureScreenshot", format="png", clip=clip,
                         captureBeyondViewport=True)["data"]
        with open(file, "wb") as out:
            out.write(base64.b64decode(data))
