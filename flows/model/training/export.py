"""Make the files that ship from a checkpoint: the network as int8 ONNX, the vocabulary, the labels, their digests.

    python -m qantar.model.training.export --checkpoint DIR --encoder DIR --out DIR

`--checkpoint` is the `--out` of `qantar.model.train`. Needs torch and onnx. Weights are quantised to int8 by channel (of the
embedding by row), activations by window as the model runs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn
from torch.nn import functional

from qantar.model.pieces import Encoded
from qantar.model.runtime import FILES
from qantar.model.training.network import Network

OUTPUTS = ("ner", "upos", "tag", "lemma", "arcs", "rel_word", "rel_head")


class SmallEmbedding(nn.Module):
    """An embedding kept as int8 with a scale for each row: a quarter of the size, and nearer to the original than one scale for all."""

    def __init__(self, weight: Tensor):
        super().__init__()
        scale = weight.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("values", torch.round(weight / scale).to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, pieces: Tensor) -> Tensor:
        """The rows of pieces, as float32."""
        rows: Tensor = functional.embedding(pieces, self.values).to(torch.float32) * functional.embedding(pieces, self.scale)
        return rows


class Exported(nn.Module):
    """The network with its results in a fixed order and the large embedding made small."""

    def __init__(self, network: Network, quantise: bool):
        super().__init__()
        self.network = network
        if quantise:
            network.words = SmallEmbedding(network.words.weight.detach())

    def forward(self, pieces: Tensor, forms: Tensor, hints: Tensor, firsts: Tensor) -> tuple[Tensor, ...]:
        """The scores of all heads, in the order of `OUTPUTS`."""
        scores = self.network(pieces, forms, hints, firsts)
        return tuple(scores[name] for name in OUTPUTS)


def export(checkpoint: Path, encoder: Path, out: Path, quantise: bool = True) -> None:
    """Write `FILES` and `SHA256SUMS` to `out`; float32 weights where `quantise` is false."""
    inventory = json.loads((checkpoint / "inventory.json").read_text("utf-8"))
    network = Network({head: len(labels) for head, labels in inventory.items()})
    network.load_state_dict(torch.load(checkpoint / "checkpoint.pt", map_location="cpu", weights_only=True))
    network.eval()
    out.mkdir(parents=True, exist_ok=True)
    nothing = torch.zeros(1, 9, dtype=torch.long)
    example = (torch.full((1, 9), 1037), nothing, nothing.clone(), torch.tensor([[0, 1, 2, 4, 6]]))
    pieces, words = {1: "pieces"}, {1: "words"}
    axes = dict.fromkeys(Encoded._fields, pieces) | dict.fromkeys(("firsts", *OUTPUTS), words) | {"arcs": {1: "words", 2: "words"}}
    with tempfile.TemporaryDirectory() as folder:
        plain, ready = Path(folder) / "plain.onnx", Path(folder) / "ready.onnx"
        torch.onnx.export(
            Exported(network, quantise), example, str(plain), input_names=list(Encoded._fields),
            output_names=list(OUTPUTS), dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        if quantise:
            quant_pre_process(str(plain), str(ready), skip_symbolic_shape=True)
            quantize_dynamic(str(ready), str(out / "model.onnx"), ["MatMul"], per_channel=True, weight_type=QuantType.QInt8)
        else:
            shutil.copy(plain, out / "model.onnx")
    shutil.copy(encoder / "vocab.txt", out / "vocab.txt")
    (out / "labels.json").write_text(json.dumps(inventory, indent=1, ensure_ascii=False) + "\n", "utf-8")
    sums = [f"{hashlib.sha256((out / name).read_bytes()).hexdigest()}  {name}\n" for name in FILES]
    (out / "SHA256SUMS").write_text("".join(sums), "utf-8")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--float", action="store_true", help="keep float32 weights")
    arguments = parser.parse_args()
    export(arguments.checkpoint, arguments.encoder, arguments.out, not arguments.float)


if __name__ == "__main__":
    main()
