"""Cross-encoders in onnxruntime, with 8-bit weights: faster on a processor, for predicting only.

The network is traced once (LoRA additions merged), its weights are quantised a channel at a time, and the file is kept
in the cache folder under a name made of the weights, so that a model is converted once.
"""

from __future__ import annotations

import copy
import hashlib
import warnings
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from standpunt.encoders.cache import cache_dir
from standpunt.errors import InputError, StandpuntError
from standpunt.files import atomic_path
from standpunt.models.base import Model

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedTokenizerBase

_OPSET = 17
_SAME = 1e-3  # logits of the traced network differ by less from those of the original, on texts of other lengths
# Fresh at every load, and never used: what peft has replaced, and the encoder's own pooling layer.
_UNUSED = ("original_module", ".pooler.")
_EXAMPLE = 48  # tokens of what is traced and checked at most: every encoder reads as many
_INPUTS = ("input_ids", "attention_mask")


class OnnxNetwork:
    """A traced network that is called as the one it was traced from; it cannot be trained or saved."""

    def __init__(self, path: Path, n_labels: int) -> None:
        """Open a file that `export` wrote."""
        import onnxruntime
        import torch

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.config = SimpleNamespace(num_labels=n_labels)

    def __call__(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, **others: Any) -> SimpleNamespace:
        """Return `logits`, shape (n_pairs, n_labels), of encoded pairs, shape (n_pairs, n_tokens)."""
        import torch

        values = self._session.run(None, {"input_ids": input_ids.numpy(), "attention_mask": attention_mask.numpy()})
        return SimpleNamespace(logits=torch.from_numpy(np.asarray(values[0])))

    def eval(self) -> OnnxNetwork:
        """Return itself: it has no other mode."""
        return self

    def parameters(self) -> Any:
        """Yield one empty tensor, which says that its inputs belong on the processor."""
        import torch

        yield torch.empty(0)


def to_onnx(model: Model, *, int8: bool = True, cache: Path | None = None) -> Model:
    """Return a copy of a model that computes in onnxruntime: a cross_encoder, or a blend or two_stage with one in it.

    Args:
        model: a trained model; it is not changed.
        int8: whether weights are rounded to 8 bits, one scale a channel.
        cache: where converted networks are kept; by default in the cache folder.

    Raises:
        InputError: onnxruntime is not installed, or the family cannot be converted.
        StandpuntError: the network could not be traced, or its file not be written.
    """
    if find_spec("onnxruntime") is None or find_spec("onnx") is None:
        raise InputError("runtime onnx needs onnxruntime and onnx; install them with: pip install 'standpunt[onnx]'")
    converted: Any = copy.copy(model)
    if model.family == "two_stage":
        converted.second = to_onnx(converted.second, int8=int8, cache=cache)
    elif model.family == "blend" and any(member.family == "cross_encoder" for member in converted.members.values()):
        converted.members = {
            name: to_onnx(member, int8=int8, cache=cache) if member.family == "cross_encoder" else member
            for name, member in converted.members.items()
        }
    elif model.family == "cross_encoder":
        folder = cache or cache_dir() / "onnx"
        converted._members = [_converted(network, converted._tokenizer, folder, int8) for network in converted._members]
    else:
        raise InputError(f"runtime onnx: a model of family {model.family} has no network to convert; use runtime torch")
    return converted


def _converted(network: Any, tokenizer: PreTrainedTokenizerBase, folder: Path, int8: bool) -> OnnxNetwork:
    path = folder / f"{_digest(network)}-{'int8' if int8 else 'fp32'}.onnx"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        export(network, tokenizer, path, int8=int8)
    return OnnxNetwork(path, int(network.config.num_labels))


def _digest(network: Any) -> str:
    """Return a hash of a network's weights and of the libraries that convert them."""
    digest = hashlib.sha256(" ".join(version(name) for name in ("torch", "onnxruntime", "transformers")).encode())
    for name, tensor in sorted(network.state_dict().items()):
        if any(part in name for part in _UNUSED):
            continue
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:24]


def export(network: Any, tokenizer: PreTrainedTokenizerBase, path: Path, *, int8: bool) -> None:
    """Write a network as an ONNX file, in one step.

    Args:
        network: a sequence classifier; LoRA additions are merged into a copy.
        tokenizer: the tokenizer it was made with.
        path: the file.
        int8: whether weights are rounded to 8 bits, one scale a channel.

    Raises:
        StandpuntError: the traced network does not give the same logits, or the file cannot be written.
    """
    merged = copy.deepcopy(network).cpu().eval()
    if hasattr(merged, "merge_and_unload"):
        merged = merged.merge_and_unload()
    with atomic_path(path) as temporary:
        _trace(merged, tokenizer, temporary)
        _check(merged, tokenizer, temporary)
        if int8:
            _quantise(temporary)


def _pairs(tokenizer: PreTrainedTokenizerBase, *lengths: int) -> dict[str, torch.Tensor]:
    texts = [" ".join(["woord"] * length) for length in lengths]
    encoded = tokenizer(
        ["een voorstel"] * len(texts), texts, truncation=True, max_length=_EXAMPLE, padding=True, return_tensors="pt"
    )
    return {name: encoded[name] for name in _INPUTS}


def _trace(network: Any, tokenizer: PreTrainedTokenizerBase, path: Path) -> None:
    import torch

    class Logits(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            return self.network(input_ids=input_ids, attention_mask=attention_mask).logits

    example = _pairs(tokenizer, 3, 9)
    with warnings.catch_warnings():
        # The exporter by tracing is called legacy; the other one needs onnxscript. What is traced is checked.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Logits().eval(),
            tuple(example[name] for name in _INPUTS),
            str(path),
            input_names=list(_INPUTS),
            output_names=["logits"],
            dynamic_axes={name: {0: "pairs", 1: "tokens"} for name in _INPUTS} | {"logits": {0: "pairs"}},
            opset_version=_OPSET,
            dynamo=False,
        )


def _check(network: Any, tokenizer: PreTrainedTokenizerBase, path: Path) -> None:
    import torch

    traced = OnnxNetwork(path, int(network.config.num_labels))
    for lengths in ((5,), (1, 30, 7), (20, 20)):
        pairs = _pairs(tokenizer, *lengths)
        with torch.inference_mode():
            if not torch.allclose(traced(**pairs).logits, network(**pairs).logits, atol=_SAME, rtol=_SAME):
                raise StandpuntError("runtime onnx: the converted network gives other values; use runtime torch")


def _quantise(path: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # Seven of the eight bits: on processors without VNNI the sums of whole bytes overflow.
    quantize_dynamic(path, path, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)
