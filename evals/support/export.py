"""From the trained support model to the shipped files: ONNX in int8, and what is known of it."""

from __future__ import annotations

import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from evals.support.model import SupportModel


class _Whole(nn.Module):
    """Without the head that looks at single tokens."""

    def __init__(self, model: SupportModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> Tensor:
        carried: Tensor = self.model(ids, mask, types)[0]
        return carried


def export(model: SupportModel, path: Path) -> None:
    """Write the module as ONNX in fp32, any number of frames of any length."""
    example = torch.ones((2, 8), dtype=torch.long)
    names = ["ids", "mask", "types"]
    axes = {name: {0: "frames", 1: "tokens"} for name in names}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter that needs no further package is the old one
        torch.onnx.export(
            _Whole(model).eval(),
            (example, example, torch.zeros_like(example)),
            str(path),
            input_names=names,
            output_names=["carried"],
            dynamic_axes={**axes, "carried": {0: "frames"}},
            opset_version=17,
            dynamo=False,
        )
