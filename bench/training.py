"""PyTorch's side of bench/training.ts: waits for a line on stdin, trains for some seconds, prints samples a second
by the clock and of processor time."""

import json
import sys
import time

import torch
from torch import nn

options = json.loads(sys.argv[1])
torch.manual_seed(1)
# Faces without meaning are soon learned by heart; Adam's vanishing moments would slow PyTorch to half.
torch.set_flush_denormal(True)
torch.set_num_threads(options["threads"])
widths = [136, *options["hidden"]]
layers = []
for inputs, outputs in zip(widths, widths[1:]):
    layers += [nn.Linear(inputs, outputs, bias=False), nn.BatchNorm1d(outputs, eps=1e-3, momentum=0.01), nn.ReLU()]
    layers += [nn.Dropout(options["dropout"])]
network = nn.Sequential(*layers, nn.Linear(widths[-1], 6))
optimiser = torch.optim.Adam(network.parameters(), lr=1e-3, weight_decay=1e-5)
loss_of = nn.CrossEntropyLoss()
batch = options["batch"]
faces = torch.randn(8 * batch, 136)
labels = torch.randint(0, 6, (8 * batch,))


def step(turn):
    place = turn % 8 * batch
    optimiser.zero_grad(set_to_none=True)
    loss = loss_of(network(faces[place : place + batch]), labels[place : place + batch])
    loss.backward()
    optimiser.step()
    return loss.item()


step(0)
with open("/proc/self/maps") as maps:
    libraries = {line.split("/")[-1].strip() for line in maps if "/" in line}
blas = [name for name in libraries if name.startswith(("libopenblas", "libblas", "libmkl", "libblis"))]
print(json.dumps({"version": torch.__version__, "blas": " + ".join(sorted(blas))}), flush=True)
for line in sys.stdin:
    seconds = float(line)
    start = time.perf_counter()
    worked = time.process_time()
    steps = 0
    while time.perf_counter() < start + seconds:
        step(steps)
        steps += 1
    clock = time.perf_counter() - start
    processor = time.process_time() - worked
    print(json.dumps({"clock": steps * batch / clock, "processor": steps * batch / processor}), flush=True)
