"""Train the support model: passes over the pairs, a checkpoint on the way, a mean of weights."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from evals.reader.model import fresh
from evals.reader.train import averaged, device, has_bf16, optimizer_of, share_of_peak
from evals.support.model import Input, SupportModel, batches, loss_of, tensors
from index.embed import shipped_model


@dataclass(frozen=True)
class Recipe:
    """Settings of a run, named as those of the reader's."""

    seed: int = 1
    tokens: int = 4608
    rounds: int = 1
    rate: float = 1.2e-4
    decay: float = 0.9
    head_rate: float = 5e-4
    warmup: float = 0.05
    weight_decay: float = 0.01
    average: float = 0.995
    dropout: float = 0.1


def begun(reader: Path | None, dropout: float = 0.0) -> SupportModel:
    """A model to begin with: the reader's encoder and head from its checkpoint, if there is one."""
    source = averaged([reader], dropout) if reader else fresh(shipped_model(), dropout)
    model = SupportModel(source.encoder)
    model.carried.load_state_dict(source.answerable.state_dict())
    return model


def train(
    inputs: list[Input],
    recipe: Recipe,
    checkpoint: Path,
    reader: Path | None = None,
    every: float = 180.0,
) -> SupportModel:
    """Train and return the averaged model.

    Args:
        inputs: what to learn from.
        recipe: settings.
        checkpoint: file to go on from where it exists.
        reader: checkpoint of the reader to begin with.
        every: seconds after which the checkpoint is written again.
    """
    torch.manual_seed(recipe.seed)
    place = device()
    model = begun(reader, recipe.dropout).to(place).train()
    optimizer = optimizer_of(model, recipe)  # type: ignore[arg-type]  # the same parts
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    mean = {name: p.detach().clone() for name, p in trained.items()}
    plan: list[list[Input]] = []
    for number in range(recipe.rounds):
        rng = random.Random(recipe.seed + number)  # noqa: S311 - a seeded draw
        mixed = list(inputs)
        rng.shuffle(mixed)
        plan += batches(mixed, recipe.tokens, rng)
    step = 0
    if checkpoint.exists():
        kept = torch.load(checkpoint, map_location=place, weights_only=True)
        model.load_state_dict(kept["model"])
        optimizer.load_state_dict(kept["optimizer"])
        mean, step = kept["mean"], kept["step"]
        print(f"going on at step {step}", flush=True)
    low, losses, since = has_bf16(), 0.0, step
    saved = told = time.monotonic()
    print(f"{len(plan)} steps on {place.type}, {'bf16' if low else 'fp32'}", flush=True)
    while step < len(plan):
        batch = {name: tensor.to(place) for name, tensor in tensors(plan[step]).items()}
        share = share_of_peak(step, len(plan), recipe.warmup)
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * share
        with torch.autocast(place.type, dtype=torch.bfloat16, enabled=low):
            logits = model(batch["ids"], batch["mask"], batch["types"])
        loss = loss_of(logits, batch)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(list(trained.values()), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        step += 1
        decay = min(recipe.average, (1 + step) / (10 + step))
        with torch.no_grad():
            torch._foreach_lerp_(list(mean.values()), list(trained.values()), 1 - decay)
        losses += loss.item()
        now = time.monotonic()
        if step % 25 == 0:
            left = (now - told) / (step - since) * (len(plan) - step) / 60
            mean_loss = losses / (step - since)
            print(f"step {step} of {len(plan)}, loss {mean_loss:.3f}, {left:.0f} min", flush=True)
            losses, since, told = 0.0, step, now
        if now - saved > every or step == len(plan):
            beside = checkpoint.with_suffix(".new")
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
            torch.save({**state, "mean": mean, "step": step}, beside)
            beside.replace(checkpoint)
            saved = now
    model.load_state_dict(mean, strict=False)
    return model.cpu().eval()
