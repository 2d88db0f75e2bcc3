"""Train the reader: one pass over the plan, checkpoints on the way, an average of weights at last.

The plan is the same for the same seed, so that a run goes on from its last checkpoint.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from evals.reader.model import ReaderModel, fresh, loss_of, taught, tensors
from evals.reader.plan import Group
from index.embed import shipped_model


@dataclass(frozen=True)
class Recipe:
    """Settings of a training run.

    `rate` is the peak learning rate of the last layer, `decay` its factor for each layer below,
    `head_rate` that of the new heads; `warmup` a share of all steps; `average` the decay of the
    running mean of weights, of which the result is made (Polyak & Juditsky 1992); `teach` the share
    of the loss that is the distance from the model begun with.
    """

    seed: int = 1
    tokens: int = 4608
    rate: float = 2e-4
    decay: float = 0.85
    head_rate: float = 1e-3
    warmup: float = 0.04
    weight_decay: float = 0.01
    average: float = 0.998
    dropout: float = 0.1
    teach: float = 0.0


RECIPES = (
    Recipe(),
    Recipe(rate=1e-4, head_rate=3e-4),
    Recipe(rate=1e-4, head_rate=2e-4, teach=0.5),
)
"""Of the cycles, in order."""


def device() -> torch.device:
    """A GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def has_bf16() -> bool:
    """Whether the processor multiplies bf16 faster than fp32."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    able: Any = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    amx: Any = getattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    return bool(able() or amx())


def optimizer_of(model: ReaderModel, recipe: Recipe) -> torch.optim.Optimizer:
    """AdamW with learning rates by layer (Howard & Ruder 2018)."""
    layers = len(model.encoder.encoder.layer)
    sets: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.startswith("encoder."):
            depth = int(name.split(".")[3]) if ".layer." in name else -1
            rate = recipe.rate * recipe.decay ** (layers - 1 - depth)
        else:
            rate = recipe.head_rate
        decay = recipe.weight_decay if parameter.ndim > 1 else 0.0
        sets.setdefault((rate, decay), []).append(parameter)
    return torch.optim.AdamW(
        [
            {"params": found, "lr": rate, "weight_decay": decay, "peak": rate}
            for (rate, decay), found in sets.items()
        ],
        betas=(0.9, 0.98),
        fused=True,
    )


def share_of_peak(step: int, steps: int, warmup: float) -> float:
    """Rises linearly, falls as a cosine."""
    rise = max(1, int(steps * warmup))
    if step < rise:
        return (step + 1) / rise
    return 0.5 * (1 + math.cos(math.pi * (step - rise) / max(1, steps - rise)))


def train(
    plan: Sequence[Sequence[Group]],
    recipe: Recipe,
    checkpoint: Path,
    *,
    begin: Sequence[Path] = (),
    every: float = 240.0,
    until: int | None = None,
) -> ReaderModel:
    """Train on all batches of the plan and return the averaged model.

    Args:
        plan: batches in order.
        recipe: settings.
        checkpoint: file to go on from where it exists.
        begin: checkpoints of earlier cycles, the mean of whose averaged weights is begun with.
        every: seconds after which the checkpoint is written again.
        until: step to stop at before the last, to go on another time.
    """
    torch.manual_seed(recipe.seed)
    place = device()
    model = averaged(begin, recipe.dropout) if begin else fresh(shipped_model(), recipe.dropout)
    model.to(place)
    teacher = copy.deepcopy(model).eval() if begin and recipe.teach else None
    model.train()
    optimizer = optimizer_of(model, recipe)
    mean = {name: p.detach().clone() for name, p in model.named_parameters() if p.requires_grad}
    step = 0
    if checkpoint.exists():
        kept = torch.load(checkpoint, map_location=place, weights_only=True)
        model.load_state_dict(kept["model"])
        optimizer.load_state_dict(kept["optimizer"])
        mean, step = kept["mean"], kept["step"]
        print(f"going on at step {step}", flush=True)
    trained = [p for p in model.parameters() if p.requires_grad]
    saved = told = time.monotonic()
    losses, tokens, since = 0.0, 0, step
    low = has_bf16()
    print(f"{len(plan)} steps on {place.type}, {'bf16' if low else 'fp32'}", flush=True)
    last = len(plan) if until is None else until
    while step < last:
        groups = plan[step]
        batch = {
            name: tensor.to(place)
            for name, tensor in tensors([found for group in groups for found in group]).items()
        }
        share = share_of_peak(step, len(plan), recipe.warmup)
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * share
        with torch.autocast(place.type, dtype=torch.bfloat16, enabled=low):
            logits = model(batch["ids"], batch["mask"], batch["types"])
        loss = loss_of(logits, batch, groups)
        if teacher:
            with torch.no_grad(), torch.autocast(place.type, dtype=torch.bfloat16, enabled=low):
                told_by = teacher(batch["ids"], batch["mask"], batch["types"])
            loss = (1 - recipe.teach) * loss + recipe.teach * taught(logits, told_by, batch)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        step += 1
        decay = min(recipe.average, (1 + step) / (10 + step))
        with torch.no_grad():
            torch._foreach_lerp_(
                list(mean.values()),
                [p for p in model.parameters() if p.requires_grad],
                1 - decay,
            )
        losses += loss.item()
        tokens += int(batch["mask"].sum())
        now = time.monotonic()
        if step % 50 == 0:
            speed = tokens / (now - told)
            left = (now - told) / (step - since) * (len(plan) - step) / 60
            print(
                f"step {step} of {len(plan)}, loss {losses / (step - since):.3f}, "
                f"{speed:.0f} tokens/s, {left:.0f} min left",
                flush=True,
            )
            losses, tokens, since, told = 0.0, 0, step, now
        if now - saved > every or step == last:
            _save(checkpoint, model, optimizer, mean, step)
            saved = now
    model.load_state_dict(mean, strict=False)
    return model.cpu().eval()


def _save(
    path: Path, model: ReaderModel, optimizer: torch.optim.Optimizer, mean: Any, step: int
) -> None:
    """Write beside, then rename: a kill leaves the checkpoint before."""
    beside = path.with_suffix(".new")
    torch.save(
        {
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "mean": mean,
            "step": step,
        },
        beside,
    )
    beside.replace(path)


def averaged(checkpoints: Sequence[Path], dropout: float = 0.0) -> ReaderModel:
    """The averaged model of a checkpoint, also of an unfinished run; of several, their mean."""
    model = fresh(shipped_model(), dropout)
    total: dict[str, torch.Tensor] = {}
    for checkpoint in checkpoints:
        kept = torch.load(checkpoint, map_location="cpu", weights_only=True)
        for name, values in {**kept["model"], **kept["mean"]}.items():
            share = values / len(checkpoints)
            total[name] = total[name] + share if name in total else share
    model.load_state_dict(total)
    return model.eval()
