"""What the tests of deploy/ share: certificates as the files there ask for, and runs of the commands
that stand in them."""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time

LONGEST_WAIT = 120


def check(holds, what):
    if not holds:
        sys.exit("failed: " + what)


def skip(why):
    print("skipped: " + why)
    sys.exit(77)


def make_secrets(program, host):
    """The folder of `syncline certs`, with the token of a job besides."""
    folder = tempfile.mkdtemp(prefix="syncline-test-")
    subprocess.run([program, "certs", folder, "--host", host], check=True, capture_output=True)
    with open(os.path.join(folder, "token"), "w") as file:
        file.write(secrets.token_urlsafe(32) + "\n")
    return folder


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Process:
    """A program that runs beside the test, and does not outlive it."""

    def __init__(self, words, environment=None):
        self.output = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=self.output, stderr=self.output,
            env=environment)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.output.close()

    def said(self):
        return os.pread(self.output.fileno(), 1 << 20, 0).decode()

    def await_text(self, text):
        """What follows the text on its line of the output."""
        deadline = time.monotonic() + LONGEST_WAIT
        while True:
            over = self.process.poll() is not None
            _, found, rest = self.said().partition(text)
            if found and "\n" in rest:
                return rest.partition("\n")[0]
            status = self.process.returncode
            check(not over, f"it ended with {status} before '{text}': {self.said()}")
            check(time.monotonic() < deadline, f"'{text}' did not come: {self.said()}")
            time.sleep(0.01)

    def ended(self, status):
        try:
            result = self.process.wait(LONGEST_WAIT)
        except subprocess.TimeoutExpired:
            sys.exit("failed: it hangs: " + self.said())
        check(result == status, f"it ended with {result}, not {status}: {self.said()}")
