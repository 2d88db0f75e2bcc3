"""A reader's ONNX model with weights in int8, made even first so that little is lost.

Activations are quantised as they come with one scale for a whole tensor, which a few large channels
spoil. Each linear layer's input is therefore divided by a factor for each channel, and its weights
multiplied by the same: SmoothQuant (Xiao et al. 2023), the factors from train-part windows.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from onnxruntime import InferenceSession
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from assistant.reader.reader import inputs
from assistant.reader.windows import Framed

EVENING = 0.85
"""How much of the spread moves from the input into the weights, 0 to 1: these have a scale for each
column and bear it better. Chosen on development questions among 0.35, 0.5, 0.7 to 1.0."""


def quantise(source: Path, target: Path, frames: Sequence[Framed]) -> None:
    """Write `source`, an fp32 model, in int8.

    Args:
        source: fp32 model.
        target: int8 model.
        frames: windows to see the size of the activations on; a hundred are enough.
    """
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        model = onnx.load(str(prepared))
        even(model, frames)
        onnx.save(model, str(prepared))
        quantize_dynamic(str(prepared), str(target), per_channel=True, weight_type=QuantType.QInt8)


def even(model: Any, frames: Sequence[Framed]) -> None:
    """Give the inputs of all linear layers of the encoder channels of like size, in place."""
    weights = {one.name: one for one in model.graph.initializer}
    layers: dict[str, list[Any]] = {}
    for node in model.graph.node:
        if node.op_type == "MatMul" and node.input[1] in weights and "/layer." in node.name:
            layers.setdefault(node.input[0], []).append(node)
    if not layers:
        raise ValueError("the exported model has no layers of the names that are looked for")
    for name, largest in _largest(model, list(layers), frames).items():
        nodes = layers[name]
        tables = [numpy_helper.to_array(weights[node.input[1]]) for node in nodes]
        rows = np.max([np.abs(table).max(axis=1) for table in tables], axis=0)
        factors = np.maximum(largest, 1e-5) ** EVENING / np.maximum(rows, 1e-5) ** (1 - EVENING)
        factors = (factors / np.exp(np.log(factors).mean())).astype(np.float32)
        evened = f"{name}_evened"
        model.graph.initializer.append(numpy_helper.from_array(1 / factors, f"{evened}_by"))
        first = min(list(model.graph.node).index(node) for node in nodes)
        model.graph.node.insert(
            first, helper.make_node("Mul", [name, f"{evened}_by"], [evened], name=evened)
        )
        for node, table in zip(nodes, tables, strict=True):
            scaled = (table * factors[:, None]).astype(np.float32)
            weights[node.input[1]].CopyFrom(numpy_helper.from_array(scaled, node.input[1]))
            node.input[0] = evened


def _largest(
    model: Any, names: Sequence[str], frames: Sequence[Framed]
) -> dict[str, NDArray[np.float32]]:
    """The largest absolute value of each channel of the named tensors over all windows."""
    shown = onnx.ModelProto()
    shown.CopyFrom(model)
    for name in names:
        shown.graph.output.append(helper.make_empty_tensor_value_info(name))
    session = InferenceSession(shown.SerializeToString(), providers=["CPUExecutionProvider"])
    found: dict[str, NDArray[np.float32]] = {}
    for frame in frames:
        for name, values in zip(names, session.run(list(names), inputs([frame])), strict=True):
            top = np.abs(values).reshape(-1, values.shape[-1]).max(axis=0)
            found[name] = np.maximum(found.get(name, top), top)
    return found
