"""From the trained module to an ONNX model in fp32."""

from __future__ import annotations

import warnings
from pathlib import Path

import torch

from evals.reader.model import ReaderModel

NAMES = ("ids", "mask", "types")
OUTPUTS = ("start", "end", "answerable")


def export(model: ReaderModel, path: Path) -> None:
    """Write the module as ONNX in fp32, any number of windows of any length."""
    example = torch.ones((2, 8), dtype=torch.long)
    axes = {name: {0: "windows", 1: "tokens"} for name in (*NAMES, "start", "end")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter that needs no further package is the old one
        torch.onnx.export(
            model.eval(),
            (example, example, torch.zeros_like(example)),
            str(path),
            input_names=list(NAMES),
            output_names=list(OUTPUTS),
            dynamic_axes={**axes, "answerable": {0: "windows"}},
            opset_version=17,
            dynamo=False,
        )
