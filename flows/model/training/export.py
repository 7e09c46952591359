"""Make the files that ship from a checkpoint: the network's weights as int8, the vocabulary, the labels, their digests.

    python -m qantar.model.training.export --checkpoint DIR --encoder DIR --out DIR

`--checkpoint` is the `--out` of `qantar.model.train`. Needs torch. A matrix is quantised by column, the embedding by row; what runs
through them is quantised by row as the model runs (`native/network.h`).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import torch

from qantar.model.arrays import quantise_network, write_arrays
from qantar.model.runtime import FILES
from qantar.model.training.network import Network


def export(checkpoint: Path, encoder: Path, out: Path) -> None:
    """Write `FILES` and `SHA256SUMS` to `out`."""
    inventory = json.loads((checkpoint / "inventory.json").read_text("utf-8"))
    network = Network({head: len(labels) for head, labels in inventory.items()})
    network.load_state_dict(torch.load(checkpoint / "checkpoint.pt", map_location="cpu", weights_only=True))
    out.mkdir(parents=True, exist_ok=True)
    state = {name: value.detach().cpu().float().numpy() for name, value in network.state_dict().items()}
    write_arrays(out / "model.npz", quantise_network(state))
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
    arguments = parser.parse_args()
    export(arguments.checkpoint, arguments.encoder, arguments.out)


if __name__ == "__main__":
    main()
