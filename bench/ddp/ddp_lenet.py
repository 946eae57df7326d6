#!/usr/bin/python3
"""Synchronous SGD by PyTorch's DistributedDataParallel: the peer of `syncline train --policy sync`.

The LeNet-type model of docs/models.md on Fashion-MNIST: the same layers, normalisation, batches
(drawn with replacement by every worker for itself), step size and evaluated samples. One process
for each worker, one thread in each, gloo. All images lie in memory as normalised tensors, so
nothing is loaded while it trains. Prints one JSON object.
"""

import argparse
import gzip
import json
import multiprocessing
import os
import random
import socket
import time

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[threads] = "1"

import numpy
import torch
import torch.distributed
from torch import nn
from torch.nn.parallel import DistributedDataParallel

FOLDER = "/usr/share/datasets/fashion-mnist/"
MEAN, DEVIATION = 0.2860, 0.3530
WARM_UP = 50  # steps that are not timed, where there is no target


class LeNet(nn.Module):
    """ReLU after pooling, as ours has it: the same values with a quarter to do."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(256, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = torch.relu(torch.max_pool2d(self.conv1(x), 2))
        x = torch.relu(torch.max_pool2d(self.conv2(x), 2)).flatten(1)
        return self.fc3(torch.relu(self.fc2(torch.relu(self.fc1(x)))))


def read(split):
    with gzip.open(f"{FOLDER}{split}-images-idx3-ubyte.gz") as stream:
        pixels = numpy.frombuffer(stream.read(), numpy.uint8, offset=16)
    with gzip.open(f"{FOLDER}{split}-labels-idx1-ubyte.gz") as stream:
        labels = numpy.frombuffer(stream.read(), numpy.uint8, offset=8)
    images = torch.from_numpy(pixels.reshape(-1, 1, 28, 28).astype(numpy.float32))
    return (images / 255 - MEAN) / DEVIATION, torch.from_numpy(labels.astype(numpy.int64))


def evaluated_samples(count, total):
    """Those that `--evaluation-samples count` takes: pieces of 250, evenly spaced."""
    pieces = count // 250
    starts = [250 * i + (total - count) * i // pieces for i in range(pieces)]
    return torch.cat([torch.arange(start, start + 250) for start in starts])


def reached(points, target):
    """The time at which three of five evaluations are at the target, as `syncline` counts it."""
    for last in range(5, len(points) + 1):
        window = points[last - 5 : last]
        if sum(loss <= target for _, _, loss in window) >= 3:
            return window[2][0]
    return None


def work(rank, options, port, last_step, results):
    torch.set_num_threads(1)
    torch.distributed.init_process_group(
        "gloo",
        init_method=f"tcp://127.0.0.1:{port}",
        rank=rank,
        world_size=options.workers,
    )
    images, labels = read("train")
    all_images, all_labels = read("t10k")
    chosen = evaluated_samples(options.evaluation_samples, len(all_images))
    test_images, test_labels = all_images[chosen], all_labels[chosen]

    torch.manual_seed(options.seed)
    model = LeNet()
    trained = DistributedDataParallel(model, gradient_as_bucket_view=True)
    optimizer = torch.optim.SGD(trained.parameters(), lr=options.step_size)
    generator = torch.Generator().manual_seed(1000 * options.seed + rank)
    luck = random.Random(1000 * options.seed + rank)
    loss_of = nn.CrossEntropyLoss()

    warm_up = 0 if options.target > 0 else WARM_UP
    points, paused, next_point = [], 0.0, 0.0
    torch.distributed.barrier()
    begin = time.perf_counter()
    for step in range(1, options.steps + warm_up + 1):
        if luck.random() < options.chance:
            time.sleep(options.delay)
        batch = torch.randint(len(images), (options.batch,), generator=generator)
        optimizer.zero_grad()
        loss_of(trained(images[batch]), labels[batch]).backward()
        optimizer.step()
        now = time.perf_counter()
        if step == warm_up:
            begin = now
        if options.target > 0 and rank == 0 and now - begin - paused >= next_point:
            with torch.no_grad():
                loss = loss_of(model(test_images), test_labels).item()
            points.append((now - begin - paused, step - warm_up, loss))
            # Nobody trains meanwhile: the time of an evaluation does not count.
            paused += time.perf_counter() - now
            next_point += options.evaluate_every
            if reached(points, options.target) or now - begin > options.time:
                last_step.value = step + 1  # none of the others is beyond it
        if 0 < last_step.value <= step:
            break
    seconds = time.perf_counter() - begin - paused
    if rank == 0:
        with torch.no_grad():
            final = loss_of(model(all_images), all_labels).item()
        results.put(
            {
                "workers": options.workers,
                "seed": options.seed,
                "steps": step - warm_up,
                "seconds": seconds,
                "steps_per_second": (step - warm_up) / seconds,
                "time_to_target": reached(points, options.target) if options.target > 0 else None,
                "points": points,
                "final_test_loss": final,  # of the whole test set
            }
        )
    torch.distributed.barrier()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--step-size", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=10**9, help="at most, after the warm-up")
    parser.add_argument("--time", type=float, default=60, help="seconds, at most, with --target")
    parser.add_argument("--target", type=float, default=0, help="test loss to stop at; 0: none")
    parser.add_argument("--evaluate-every", type=float, default=0.25, help="seconds")
    parser.add_argument("--evaluation-samples", type=int, default=1000)
    parser.add_argument("--delay", type=float, default=0.05, help="seconds that a worker sleeps")
    parser.add_argument("--chance", type=float, default=0, help="of that, in every step")
    options = parser.parse_args()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    context = multiprocessing.get_context("spawn")
    last_step, results = context.Value("q", 0), context.Queue()
    workers = [
        context.Process(target=work, args=(rank, options, port, last_step, results))
        for rank in range(options.workers)
    ]
    for worker in workers:
        worker.start()
    print(json.dumps(results.get()))
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
