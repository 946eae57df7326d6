"""Writes the TorchScript models of torchscript_test.cpp into a folder: write_models.py FOLDER."""

import sys

import torch
from torch import nn


class Net(nn.Module):
    """Batch norm straight on the input, so that its statistics are those of the pixels."""

    def __init__(self, momentum=0.25, dropout=0.0, classes=3):
        super().__init__()
        self.bn = nn.BatchNorm2d(1, momentum=momentum)
        self.conv = nn.Conv2d(1, 4, 3)
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(4 * 6 * 6, classes)
        self.register_buffer("mask", torch.ones(4, 1, 1))

    def forward(self, x):
        x = torch.relu(self.conv(self.bn(x))) * self.mask
        return self.fc(self.dropout(x.flatten(1)))


def save(model, name):
    torch.jit.script(model).save(sys.argv[1] + "/" + name)


torch.manual_seed(0)
save(Net(), "net.pt")
save(Net(momentum=None), "cumulative.pt")
save(Net(dropout=0.3), "dropout.pt")
save(Net(classes=5), "five_classes.pt")
save(nn.Sequential(nn.Flatten(), nn.ReLU()), "no_parameters.pt")
frozen = Net()
frozen.conv.weight.requires_grad_(False)
save(frozen, "frozen.pt")
example = torch.zeros(2, 1, 8, 8)
torch.jit.trace(Net(dropout=0.3).train(), example, check_trace=False).save(
    sys.argv[1] + "/traced_in_training.pt"
)
torch.save(Net().state_dict(), sys.argv[1] + "/state_dict.pt")
