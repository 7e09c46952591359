"""The network: a BERT encoder with forms and hints beside its pieces, and a small head for each kind of annotation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from qantar.model.hints import KINDS
from qantar.model.pieces import N_FORMS

WIDTH, LAYERS, ATTENTION_HEADS, INNER, VOCABULARY, POSITIONS = 384, 6, 12, 1536, 30522, 512
ARC = 128


class Layer(nn.Module):
    """One layer of the encoder: attention, then a feed-forward net, each with its residual and norm."""

    def __init__(self, dropout: float):
        super().__init__()
        self.query, self.key, self.value, self.mix = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)
        self.inner, self.outer = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """Vectors of the next layer; `mask` is False where a window has no word."""
        batch, n, _ = x.shape
        query, key, value = (
            part(x).view(batch, n, ATTENTION_HEADS, WIDTH // ATTENTION_HEADS).transpose(1, 2) for part in (self.query, self.key, self.value)
        )
        # plain products: torch's fused attention takes more time on processors, with a slow backward pass for narrow heads
        weights = (query * (WIDTH // ATTENTION_HEADS) ** -0.5) @ key.transpose(2, 3)
        if mask is not None:
            weights = weights + mask
        mixed = torch.softmax(weights, dim=-1) @ value
        x = self.norm1(x + self.dropout(self.mix(mixed.transpose(1, 2).reshape(batch, n, WIDTH))))
        result: Tensor = self.norm2(x + self.dropout(self.outer(functional.gelu(self.inner(x)))))
        return result


class Network(nn.Module):
    """Pieces, forms and hints in; for each word, and before them for [CLS], scores of each head out.

    Heads: `ner`, `upos`, `tag`, `lemma` (words × labels), `arcs` (words × words: dependant, head; [CLS] stands for the root),
    `rel_word` and `rel_head` (words × relations; a relation's score is their sum for a word and its head).
    """

    def __init__(self, sizes: dict[str, int], dropout: float = 0.1):
        super().__init__()
        self.sizes = sizes
        self.words, self.positions, self.forms = (
            nn.Embedding(VOCABULARY, WIDTH),
            nn.Embedding(POSITIONS, WIDTH),
            nn.Embedding(N_FORMS, WIDTH),
        )
        self.norm, self.dropout = nn.LayerNorm(WIDTH, eps=1e-12), nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.heads = nn.ModuleDict({name: nn.Linear(WIDTH, size) for name, size in sizes.items() if name != "rel"})
        self.arc_word, self.arc_head = nn.Linear(WIDTH, ARC), nn.Linear(WIDTH, ARC)
        self.arc_mix, self.arc_prior = nn.Linear(ARC, ARC, bias=False), nn.Linear(ARC, 1, bias=False)
        self.rel_word, self.rel_head = nn.Linear(WIDTH, sizes["rel"]), nn.Linear(WIDTH, sizes["rel"])
        self.hints = nn.Linear(len(KINDS), WIDTH, bias=False)
        self.register_buffer("bits", 2 ** torch.arange(len(KINDS)), persistent=False)
        nn.init.zeros_(self.forms.weight)
        nn.init.zeros_(self.hints.weight)

    def forward(self, pieces: Tensor, forms: Tensor, hints: Tensor, firsts: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        """`pieces`, `forms`, `hints`, `mask` (true for pieces, false for padding): batch × pieces; `firsts`: batch × words."""
        x = self.words(pieces) + self.positions.weight[: pieces.shape[1]] + self.forms(forms)
        x = x + self.hints(torch.fmod(torch.div(hints[:, :, None], self.bits, rounding_mode="trunc"), 2).float())
        x = self.dropout(self.norm(x))
        wide = None if mask is None else torch.where(mask, 0.0, -1e4)[:, None, None, :].to(torch.get_autocast_dtype(x.device.type))
        for layer in self.layers:
            x = layer(x, wide)
        x = torch.gather(x, 1, firsts[:, :, None].expand(-1, -1, WIDTH))
        x = self.dropout(x)
        scores = {name: head(x) for name, head in self.heads.items()}
        word, head = functional.gelu(self.arc_word(x)), functional.gelu(self.arc_head(x))
        scores["arcs"] = self.arc_mix(word) @ head.transpose(1, 2) + self.arc_prior(head).transpose(1, 2)
        scores["rel_word"], scores["rel_head"] = self.rel_word(x), self.rel_head(x)
        return scores

    def groups(self, rate: float, head_rate: float, decay: float) -> list[dict[str, Any]]:
        """Parameters for the optimiser: each layer learns `decay` times as fast as the one above it; the heads at their own rate."""
        groups: dict[tuple[float, float], list[nn.Parameter]] = {}
        for name, parameter in self.named_parameters():
            if name.startswith("layers."):
                speed = rate * decay ** (LAYERS - 1 - int(name.split(".")[1]))
            elif name.startswith(("words", "positions", "norm")):
                speed = rate * decay**LAYERS
            else:
                speed = head_rate
            weight_decay = 0.01 if parameter.ndim > 1 else 0.0
            groups.setdefault((speed, weight_decay), []).append(parameter)
        return [{"params": p, "lr": speed, "weight_decay": w} for (speed, w), p in groups.items()]


def load_encoder(network: Network, folder: Path) -> None:
    """Fill the encoder from a BERT checkpoint (`model.safetensors`) in a folder."""
    source = load_file(folder / "model.safetensors")
    source = {name.removeprefix("bert.").removeprefix("0.auto_model."): value for name, value in source.items()}
    names = {
        "words.weight": "embeddings.word_embeddings.weight",
        "positions.weight": "embeddings.position_embeddings.weight",
        "norm.weight": "embeddings.LayerNorm.weight",
        "norm.bias": "embeddings.LayerNorm.bias",
    }
    parts = {
        "query": "attention.self.query",
        "key": "attention.self.key",
        "value": "attention.self.value",
        "mix": "attention.output.dense",
        "norm1": "attention.output.LayerNorm",
        "inner": "intermediate.dense",
        "outer": "output.dense",
        "norm2": "output.LayerNorm",
    }
    for layer in range(LAYERS):
        for ours, theirs in parts.items():
            for kind in ("weight", "bias"):
                names[f"layers.{layer}.{ours}.{kind}"] = f"encoder.layer.{layer}.{theirs}.{kind}"
    state = network.state_dict()
    for ours, theirs in names.items():
        state[ours].copy_(source[theirs])
    with torch.no_grad():  # the encoder was trained with one segment embedding added everywhere
        state["words.weight"] += source["embeddings.token_type_embeddings.weight"][0]
