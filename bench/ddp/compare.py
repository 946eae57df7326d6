#!/usr/bin/python3
"""Syncline beside PyTorch's DistributedDataParallel, in turns on one machine.

  compare.py speed       no delays, two workers: updates of `sync` per second over those of DDP
  compare.py stragglers  every worker delayed 50 ms with chance 0.2 in each step: seconds to one
                         test loss, for sync, k-sync, k-async and async, and DDP

Both print Markdown rows. See docs/ddp.md.
"""

import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SYNCLINE = HERE.parent.parent / "build/release/syncline"
STEP_SIZE, BATCH, CHANCE, DELAY = 0.1, 32, 0.2, 0.05
SAMPLES, EVERY = 1000, 0.25  # of evaluations
# 97.5 % quantiles of Student's t for 1, 2, ... degrees of freedom.
T = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262]


def reached(points, target):
    """As `syncline` and ddp_lenet.py count it."""
    for last in range(5, len(points) + 1):
        window = points[last - 5 : last]
        if sum(loss <= target for _, loss in window) >= 3:
            return window[2][0]
    return None


def ddp(workers, *words):
    command = ["/usr/bin/python3", HERE / "ddp_lenet.py", "--workers", workers]
    command += ["--batch", BATCH, "--step-size", STEP_SIZE, *words]
    said = subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True)
    return json.loads(said.stdout)


def ours(fleet, workers, policy, *words):
    """The events of a run's log."""
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder) / "run.jsonl"
        command = [SYNCLINE, "train", "--fleet", fleet, "--policy", policy, "--model", "lenet"]
        command += ["--data", "fashion-mnist", "--batch", BATCH, "--step-size", STEP_SIZE]
        command += ["--log", log, *words]
        if fleet == "mpi":
            root = ["--allow-run-as-root"] if os.geteuid() == 0 else []
            command = ["mpirun", "-n", workers + 1, "--oversubscribe", "--bind-to", "none"] + root + command
        else:
            command += ["--workers", workers]
        # 1: the target was missed, which the log says, too.
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
        if not log.exists():
            raise SystemExit(done.stderr)
        return [json.loads(line) for line in log.read_text().splitlines()]


def begin(events):
    """When the last of the workers had come: those of DDP all wait for each other first."""
    return max([e["time"] for e in events if e["event"] == "up"], default=0)


def speed(options):
    rates, ratios, losses = {}, {}, {}

    def note(name, rate, loss):
        rates.setdefault(name, []).append(rate)
        losses.setdefault(name, []).append(loss)
        ratios.setdefault(name, []).append(rate / rates["DDP"][-1])

    for turn in range(options.turns):
        run = ddp(2, "--steps", options.steps, "--seed", turn + 1)
        note("DDP", run["steps_per_second"], run["final_test_loss"])
        for fleet in ("mpi", "threads"):
            words = ["--evaluate-every", 1e6, "--evaluation-samples", 1, "--seed", turn + 1]
            events = ours(fleet, 2, "sync", "--updates", options.steps + 50, *words)
            times = [e["time"] for e in events if e["event"] == "update"][50:]
            rate = (len(times) - 1) / (times[-1] - times[0])
            note(fleet, rate, events[-1]["final"]["test_loss"])
    print(f"| | steps/s | over DDP | test loss after {options.steps + 50} steps |\n|---|---|---|---|")
    for name, values in rates.items():
        print(
            f"| {name} | {statistics.median(values):.0f} | {statistics.median(ratios[name]):.2f} "
            f"| {cell(losses[name], 3)} |"
        )


def delays(folder):
    """A law that is 50 ms with chance 0.2, and nothing (a nanosecond) otherwise."""
    file = pathlib.Path(folder) / "delays.txt"
    others = round(1 / CHANCE) - 1
    file.write_text(f"{DELAY}\n" + "1e-9\n" * others)
    return f"empirical(file={file})"


def cell(values, digits=1):
    """The mean and its 95 % interval."""
    if None in values or len(values) < 2:
        return "missed" if None in values else f"{values[0]:.{digits}f}"
    half = T[len(values) - 2] * statistics.stdev(values) / math.sqrt(len(values))
    return f"{statistics.mean(values):.{digits}f} ± {half:.{digits}f}"


POLICIES = {
    2: ["sync", "k-sync(k=1)", "async"],
    4: ["sync", "k-sync(k=3)", "k-sync(k=2)", "k-async(k=2)", "async"],
}


def straggling_run(options, law, workers, name, seed):
    """Seconds to the target, updates per second, and the last loss."""
    words = ["--target", options.target, "--time", options.time, "--seed", seed]
    words += ["--evaluate-every", EVERY, "--evaluation-samples", SAMPLES]
    if name == "DDP":
        run = ddp(workers, *words, "--chance", CHANCE, "--delay", DELAY)
        return run["time_to_target"], run["steps_per_second"], run["points"][-1][2]
    words += ["--metric", "test_loss", "--inject-delay", law]
    events = ours(options.fleet, workers, name, *words)
    start = begin(events)
    points = [
        (e["time"] - start, e["test_loss"])
        for e in events
        if e["event"] == "evaluation" and e["time"] >= start
    ]
    updates = [e["time"] for e in events if e["event"] == "update"]
    return reached(points, options.target), len(updates) / (updates[-1] - start), points[-1][1]


def stragglers(options):
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        law = delays(folder)
        for seed in range(1, options.seeds + 1):
            for workers in options.workers:
                for name in ["DDP", *POLICIES[workers]]:
                    run = straggling_run(options, law, workers, name, seed)
                    print(f"seed {seed}, {workers} workers, {name}: {run}", file=sys.stderr)
                    rows.setdefault((workers, name), []).append(run)
    print(f"| workers | | seconds to a test loss of {options.target} | updates/s | last loss |")
    print("|---|---|---|---|---|")
    for (workers, name), runs in sorted(rows.items(), key=lambda row: row[0][0]):
        times, rates, losses = zip(*runs)
        print(
            f"| {workers} | {name} | {cell(times)} | {statistics.mean(rates):.0f} "
            f"| {statistics.mean(losses):.3f} |"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", choices=["speed", "stragglers"])
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--workers", type=int, nargs="+", default=[2, 4])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--target", type=float, default=0.6)
    parser.add_argument("--time", type=float, default=60, help="seconds, at most")
    parser.add_argument("--fleet", choices=["threads", "mpi"], default="mpi")
    options = parser.parse_args()
    {"speed": speed, "stragglers": stragglers}[options.what](options)


if __name__ == "__main__":
    main()
