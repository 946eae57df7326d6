"""deploy_systemd_test.py SYNCLINE UNIT: the unit of a worker says nothing that systemd does not know,
and what it starts takes part in a run with nothing but the files that it is given."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile

from deployed import Process, check, make_secrets

# Where systemd is not installed, this is all that finds a word that is misspelt.
KNOWN = {
    "Unit": {"Description", "After", "Wants"},
    "Service": {"EnvironmentFile", "Environment", "DynamicUser", "LoadCredential", "CacheDirectory",
                "ExecStart", "Restart", "RestartSec", "KillSignal", "SuccessExitStatus",
                "NoNewPrivileges", "PrivateDevices", "ProtectHome", "ProtectSystem",
                "RestrictAddressFamilies"},
    "Install": {"WantedBy"},
}


def read_unit(path):
    settings, section = [], None
    for line in open(path):
        line = line.strip()
        if not line or line[0] in "#;":
            continue
        if line[0] == "[":
            section = line.strip("[]")
            check(section in KNOWN, f"section {line}")
            continue
        key, equals, value = line.partition("=")
        check(equals and key in KNOWN[section],
              f"{key} in [{section}]; if systemd has it, add it here")
        settings.append((key, value))
    return settings


def verify(unit, program):
    """By systemd itself, with the program where it is here."""
    if shutil.which("systemd-analyze") is None:
        print("systemd-analyze is not installed: the keys were looked up in this test's own list")
        return
    with tempfile.TemporaryDirectory(prefix="syncline-test-") as folder:
        copy = os.path.join(folder, os.path.basename(unit))
        text = open(unit).read()
        check("ExecStart=/usr/local/bin/syncline " in text, "where the program is")
        with open(copy, "w") as file:
            file.write(text.replace("/usr/local/bin/syncline", program))
        done = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True)
        # It reads units of the machine besides, which are not ours.
        ours = [line for line in done.stderr.splitlines() if "syncline" in line]
        check(not ours, "systemd-analyze verify: " + "\n".join(ours))


def main():
    program, unit = sys.argv[1:]
    settings = read_unit(unit)
    values = dict(settings)
    verify(unit, program)

    # Data sets are looked for in $XDG_CACHE_HOME/syncline.
    check(values["Environment"] == "XDG_CACHE_HOME=%C", "Environment")
    check(values["CacheDirectory"] == "syncline", "CacheDirectory")

    made = make_secrets(program, "server.example")
    credentials = tempfile.mkdtemp(prefix="syncline-test-")
    for key, value in settings:
        if key == "LoadCredential":
            name, _, source = value.partition(":")
            shutil.copy(os.path.join(made, os.path.basename(source)),
                        os.path.join(credentials, name))
    try:
        with Process([program, "serve", "--listen", "127.0.0.1:0", "--workers", "1", "--model",
                      "quadratic(dimension=50)", "--policy", "async", "--step-size", "0.01",
                      "--updates", "20", "--json", "--tls-folder", made, "--token-file",
                      os.path.join(made, "token")]) as server:
            address = server.await_text("listening at ")
            start = values["ExecStart"].replace("${SYNCLINE_SERVER}", address)
            words = shlex.split(start.replace("%d", credentials))
            check(not re.search(r"[$%]", " ".join(words[1:])), "unknown variables: " + start)
            words[0] = program
            with Process(words) as worker:
                worker.ended(0)
            server.ended(0)
        # Nobody is there now, and it would wait for ever.
        with Process(words) as worker:
            worker.await_text("no connection")
            worker.process.send_signal(getattr(signal, values["KillSignal"]))
            worker.ended(int(values["SuccessExitStatus"]))
    finally:
        shutil.rmtree(made)
        shutil.rmtree(credentials)


main()
