"""Train the language model: the corpora's folders in, a checkpoint out.

    python -m qantar.model.train --corpora DIR --encoder DIR --out DIR [--config FILE]

`--corpora` holds `worldwide/`, `gum/` and `ewt/`; `--encoder` the files of all-MiniLM-L6-v2 (`model.safetensors`, `vocab.txt`).
The recipe is `config.toml`, and the same recipe on the same machine gives the same weights. `qantar.model.training.export` then
makes the files that ship. Needs torch and safetensors.
"""

from __future__ import annotations

import argparse
import json
import random
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from qantar.model.pieces import Encoded, Vocabulary
from qantar.model.training.batches import NO_LABEL, Example, batches, make_examples, tensors
from qantar.model.training.corpora import Text, inventories, read_entities, read_trees
from qantar.model.training.network import Network, load_encoder
from qantar.model.training.scores import Figures, measure
from qantar.model.training.swaps import swap_names

HERE = Path(__file__).parent


def read_corpora(folder: Path) -> dict[str, list[Text]]:
    """The texts to train on and to measure on, by name."""
    files = {part: sorted((folder / "gum" / part).glob("*.conllu")) for part in ("train", "dev")}
    trees = {part: [text for path in paths for text in read_trees(path)] for part, paths in files.items()}
    return {
        "entities": list(read_entities(folder / "worldwide" / "train.jsonl")),
        "entities_dev": list(read_entities(folder / "worldwide" / "dev.jsonl")),
        "trees": trees["train"],
        "web": list(read_trees(folder / "ewt" / "train.conllu")),
        "trees_dev": trees["dev"],
    }


def loss_of(network: Network, batch: dict[str, Tensor], weights: dict[str, float], smoothing: float, precision: torch.dtype) -> Tensor:
    """The weighted sum of the losses of all heads over the words that have labels for them."""
    device = batch["pieces"].device.type
    with torch.autocast(device, dtype=precision, enabled=precision is not torch.float32):
        scores = network(*(batch[name] for name in Encoded._fields), batch["mask"])
    scores = {name: value.float() for name, value in scores.items()}
    total = torch.zeros((), device=batch["pieces"].device)
    for name in ("ner", "upos", "tag", "lemma"):
        if (batch[name] != NO_LABEL).any():
            loss = functional.cross_entropy(scores[name].flatten(0, 1), batch[name].flatten(), label_smoothing=smoothing)
            total = total + weights[name] * loss
    known = batch["heads"] != NO_LABEL
    if known.any():
        same = batch["sentences"][:, :, None] == batch["sentences"][:, None, :]
        same[:, :, 0] = True  # the root
        arcs = scores["arcs"].masked_fill(~same, -1e4)
        total = total + weights["arcs"] * functional.cross_entropy(arcs[known], batch["heads"][known])
        heads = batch["heads"].clamp(min=0)
        relations = scores["rel_word"] + scores["rel_head"].gather(1, heads[:, :, None].expand(-1, -1, scores["rel_head"].shape[2]))
        total = total + weights["rel"] * functional.cross_entropy(relations[known], batch["rel"][known], label_smoothing=smoothing)
    return total


class Average:
    """A running average of the weights of a network, started afresh-weighted so that early steps do not linger."""

    def __init__(self, network: nn.Module, decay: float):
        self.decay, self.steps = decay, 0
        self.values = [p.detach().clone() for p in network.parameters()]

    def update(self, network: nn.Module) -> None:
        """Move the average toward the present weights."""
        self.steps += 1
        decay = min(self.decay, self.steps / (self.steps + 9))
        torch._foreach_lerp_(self.values, [p.detach() for p in network.parameters()], 1 - decay)

    def swap(self, network: nn.Module) -> None:
        """Exchange the network's weights with the average."""
        with torch.no_grad():
            for p, value in zip(network.parameters(), self.values, strict=True):
                kept = p.detach().clone()
                p.copy_(value)
                value.copy_(kept)


def passes(
    texts: dict[str, list[Text]], inventory: dict[str, list[str]], vocabulary: Vocabulary, config: dict[str, Any], rng: random.Random
) -> Iterator[list[Example]]:
    """Batches of one pass through the corpora after another; each swaps other names and draws another part of the web's texts."""
    while True:
        web = rng.sample(texts["web"], round(config["web"] * len(texts["web"])))
        read = swap_names(texts["entities"], config["augment"]["swap"], rng) + texts["trees"] + web
        yield from batches(make_examples(read, inventory, vocabulary, rng), config["batch_windows"], rng)


def train(config: dict[str, Any], corpora: Path, encoder: Path, out: Path, log: Any = print) -> Figures:
    """Train by a recipe, write a checkpoint of the averaged weights to `out` every `check_steps`, and give its last figures."""
    torch.manual_seed(config["seed"])
    torch.set_num_threads(config["threads"])  # sums are cut into as many parts
    rng = random.Random(config["seed"])
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    precision = getattr(torch, config["precision"])
    texts = read_corpora(corpora)
    inventory = inventories(texts["entities"], texts["trees"] + texts["web"])
    vocabulary = Vocabulary(encoder / "vocab.txt")
    network = Network({head: len(labels) for head, labels in inventory.items()}, config["dropout"])
    load_encoder(network, encoder)
    network.to(device)
    average = Average(network, config["average"])
    groups = network.groups(config["encoder_rate"], config["head_rate"], config["layer_decay"])
    optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)
    n_steps, warm, fall = config["steps"], config["warmup_steps"], config["decay_steps"]
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda s: min(1.0, (s + 1) / warm, max(0.0, (n_steps - s) / fall)))
    out.mkdir(parents=True, exist_ok=True)
    (out / "inventory.json").write_text(json.dumps(inventory, indent=1) + "\n", "utf-8")
    log(f"{n_steps} steps, {device}, {config['precision']}")
    began = time.monotonic()
    figures = Figures()
    source = passes(texts, inventory, vocabulary, config, rng)
    network.train()
    for step in range(1, n_steps + 1):
        ready = {name: value.to(device) for name, value in tensors(next(source), vocabulary, config["augment"], rng).items()}
        loss = loss_of(network, ready, config["weights"], config["label_smoothing"], precision)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), config["clip"])
        optimiser.step()
        schedule.step()
        average.update(network)
        if step % 20 == 0:
            log(f"step {step} of {n_steps}: loss {loss.item():.6f}, {(time.monotonic() - began) / step:.2f} s a step")
        if step % config["check_steps"] == 0 or step == n_steps:
            average.swap(network)
            figures = measure(network, texts["entities_dev"], texts["trees_dev"], inventory, vocabulary)
            log(f"step {step}, {(time.monotonic() - began) / 60:.1f} minutes: {figures}")
            for name in (f"checkpoint-{step}.pt", "checkpoint.pt"):
                torch.save(network.state_dict(), out / name)
            average.swap(network)
            network.train()
    return figures


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--config", type=Path, default=HERE / "config.toml")
    arguments = parser.parse_args()
    config = tomllib.loads(arguments.config.read_text("utf-8"))
    train(config, arguments.corpora, arguments.encoder, arguments.out, lambda line: print(line, flush=True))


if __name__ == "__main__":
    main()
