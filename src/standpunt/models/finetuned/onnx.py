"""Cross-encoders in onnxruntime, with 8-bit weights: faster on a processor, for predicting only.

The network is traced once (LoRA additions merged), its weights are quantised a channel at a time, and the file is kept
in the cache folder under a name made of the weights, so that a model is converted once.
"""

from __future__ import annotations

import copy
import hashlib
import logging
import warnings
from collections.abc import Sequence
from contextlib import ExitStack
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from standpunt.encoders.cache import VARIABLE, cache_dir
from standpunt.errors import InputError, StandpuntError
from standpunt.models.base import Model
from standpunt.models.finetuned.pairs import reader
from standpunt.models.finetuned.parts import SEGMENTS
from standpunt.models.finetuned.settings import MEAN
from standpunt.storage.files import atomic_path

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedTokenizerBase

_OPSET = 17
_SAME = 1e-3  # logits of the traced network differ by less from those of the original, on texts of other lengths
# Fresh at every load, and never used: what peft has replaced and, below our own head, the encoder's pooling layer.
_REPLACED, _POOLER = "original_module", ".pooler."
_EXAMPLE = 48  # tokens of what is traced and checked at most: every encoder reads as many
_INPUTS = ("input_ids", "attention_mask")
_STATES = ("states", "attention_mask", "second")


class OnnxNetwork:
    """A traced network that is called as the one it was traced from; it cannot be trained or saved.

    One whose lower layers read the texts of a pair separately is two files, for these layers and for those above.
    """

    def __init__(self, parts: Sequence[Path], n_labels: int) -> None:
        """Open the files that `export` wrote."""
        import onnxruntime
        import torch

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        self._sessions = [
            onnxruntime.InferenceSession(str(part), options, providers=["CPUExecutionProvider"]) for part in parts
        ]
        self.config = SimpleNamespace(model_type="onnx", num_labels=n_labels, decomposed_layers=len(parts) > 1)

    def __call__(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, **others: Any) -> SimpleNamespace:
        """Return `logits`, shape (n_pairs, n_labels), of encoded pairs, shape (n_pairs, n_tokens)."""
        return SimpleNamespace(logits=self.read(input_ids, attention_mask))

    def read(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return what the first file makes of encoded texts."""
        return self._run(0, _INPUTS, input_ids, attention_mask)

    def join(self, states: torch.Tensor, attention_mask: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
        """Return logits, shape (n_pairs, n_labels), for what `segments.joined` makes of what `read` gave."""
        return self._run(1, _STATES, states, attention_mask, second)

    def _run(self, session: int, names: Sequence[str], *values: torch.Tensor) -> torch.Tensor:
        import torch

        inputs = {name: value.numpy() for name, value in zip(names, values, strict=True)}
        return torch.from_numpy(np.asarray(self._sessions[session].run(None, inputs)[0]))

    def eval(self) -> OnnxNetwork:
        """Return itself: it has no other mode."""
        return self

    def parameters(self) -> Any:
        """Yield one empty tensor, which says that its inputs belong on the processor."""
        import torch

        yield torch.empty(0)


def to_onnx(model: Model, *, int8: bool = True, cache: Path | None = None) -> Model:
    """Return a copy of a model that computes in onnxruntime: a cross_encoder, or another model with one in it.

    Args:
        model: a trained model; it is not changed.
        int8: whether weights are rounded to 8 bits, one scale a channel.
        cache: where converted networks are kept; by default in the cache folder.

    Raises:
        InputError: onnxruntime is not installed, or the family cannot be converted.
        StandpuntError: the network could not be traced, or its file not be written or read.
    """
    if find_spec("onnxruntime") is None or find_spec("onnx") is None:
        raise InputError("runtime onnx needs onnxruntime and onnx; install them with: pip install 'standpunt[onnx]'")
    converted: Any = copy.copy(model)
    if model.family == "two_stage":
        converted.second = to_onnx(converted.second, int8=int8, cache=cache)
    elif model.family == "collective":
        converted.base = to_onnx(converted.base, int8=int8, cache=cache)
    elif model.family == "blend" and _has_network(model):
        converted.members = {
            name: to_onnx(member, int8=int8, cache=cache) if _has_network(member) else member
            for name, member in converted.members.items()
        }
    elif model.family == "cross_encoder":
        if converted.config.head == MEAN:
            raise InputError(
                f"runtime onnx: model {model.config.name} reads both texts as one (model.head={MEAN}), which is not "
                "converted; use runtime torch"
            )
        folder = cache or cache_dir() / "onnx"
        converted._members = [_converted(network, converted._tokenizer, folder, int8) for network in converted._members]
    else:
        raise InputError(f"runtime onnx: a model of family {model.family} has no network to convert; use runtime torch")
    return converted


def _has_network(model: Any) -> bool:
    """Tell whether a model is a cross_encoder, or blends one."""
    members = model.members.values() if model.family == "blend" else ()
    return model.family == "cross_encoder" or any(_has_network(member) for member in members)


def _converted(network: Any, tokenizer: PreTrainedTokenizerBase, folder: Path, int8: bool) -> OnnxNetwork:
    name = f"{_digest(network)}-{'int8' if int8 else 'fp32'}"
    kinds = ("-read", "-join") if _decomposed(network) else ("",)
    parts = [folder / f"{name}{kind}.onnx" for kind in kinds]
    if not all(part.is_file() for part in parts):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StandpuntError(
                f"{folder}: cannot be made ({error.strerror}); set {VARIABLE} to a folder that can be written"
            ) from None
        export(network, tokenizer, parts, int8=int8)
    try:
        return OnnxNetwork(parts, int(network.config.num_labels))
    except Exception:  # whatever onnxruntime raises on a file it cannot read
        files = " and ".join(map(str, parts))
        raise StandpuntError(f"{files}: damaged; remove what is there, so that it is made again") from None


def _decomposed(network: Any) -> int:
    return getattr(network.config, "decomposed_layers", 0)


def _digest(network: Any) -> str:
    """Return a hash of a network's weights, how it reads, and the libraries that convert it."""
    digest = hashlib.sha256(" ".join(version(name) for name in ("torch", "onnxruntime", "transformers")).encode())
    digest.update(str(_decomposed(network)).encode())  # the same weights can be decomposed in more layers or fewer
    for name, tensor in sorted(network.state_dict().items()):
        if _REPLACED in name or (_POOLER in name and network.config.model_type == SEGMENTS):
            continue
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:24]


def export(network: Any, tokenizer: PreTrainedTokenizerBase, parts: Sequence[Path], *, int8: bool) -> None:
    """Write a network as ONNX, each file in one step.

    Args:
        network: a sequence classifier; LoRA additions are merged into a copy.
        tokenizer: the tokenizer it was made with.
        parts: the file; two where its lower layers read the texts of a pair separately, for them and for those above.
        int8: whether weights are rounded to 8 bits, one scale a channel.

    Raises:
        StandpuntError: the traced network does not give the same logits, or a file cannot be written.
    """
    merged = copy.deepcopy(network).cpu().eval()
    if hasattr(merged, "merge_and_unload"):
        merged = merged.merge_and_unload()
    with ExitStack() as stack:
        temporary = [stack.enter_context(atomic_path(part)) for part in parts]
        _trace(merged, tokenizer, temporary)
        _check(merged, tokenizer, temporary)
        if int8:
            for part in temporary:
                _quantise(part)


def _pairs(*lengths: int) -> list[tuple[str, str]]:
    return [("een voorstel", " ".join(["woord"] * length)) for length in lengths]


def _trace(network: Any, tokenizer: PreTrainedTokenizerBase, parts: Sequence[Path]) -> None:
    """Write what is called of a network, a file each."""
    import torch

    from standpunt.models.finetuned.network import joined

    def encoded(*texts: Sequence[str]) -> list[torch.Tensor]:
        inputs = tokenizer(*map(list, texts), truncation=True, max_length=_EXAMPLE, padding=True, return_tensors="pt")
        return [inputs[name] for name in _INPUTS]

    class Call(torch.nn.Module):
        def __init__(self, what: str) -> None:
            super().__init__()
            self.network, self._what = network, what

        def forward(self, *values: torch.Tensor) -> torch.Tensor:
            inputs = getattr(self.network, self._what)(*values)
            return getattr(inputs, "logits", inputs)

    firsts, seconds = zip(*_pairs(3, 9), strict=True)
    if len(parts) == 1:
        calls = [("forward", _INPUTS, encoded(firsts, seconds))]
    else:
        texts = encoded(seconds)
        with torch.no_grad():
            states = network.read(*texts)
        calls = [("read", _INPUTS, texts), ("join", _STATES, joined([(states[0], states[1])]))]
    for path, (what, names, example) in zip(parts, calls, strict=True):
        with warnings.catch_warnings():
            # The exporter by tracing is called legacy; the other one needs onnxscript. What is traced is checked.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                Call(what).eval(),
                tuple(example),
                str(path),
                input_names=list(names),
                output_names=["found"],
                dynamic_axes={name: {0: "texts", 1: "tokens"} for name in names}
                | {"found": {0: "texts"} | ({1: "tokens"} if what == "read" else {})},
                opset_version=_OPSET,
                dynamo=False,
            )


def _check(network: Any, tokenizer: PreTrainedTokenizerBase, parts: Sequence[Path]) -> None:
    traced = OnnxNetwork(parts, int(network.config.num_labels))
    for lengths in ((5,), (1, 30, 7), (20, 20)):
        given, expected = (reader(one, tokenizer, _EXAMPLE).read(_pairs(*lengths)) for one in (traced, network))
        if not np.allclose(given, expected, atol=_SAME, rtol=_SAME):
            raise StandpuntError("runtime onnx: the converted network gives other values; use runtime torch")


def _quantise(path: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    before = logging.root.manager.disable
    logging.disable(logging.WARNING)  # that it could be prepared, on the root logger: it is as it should be
    try:
        # Seven of the eight bits: on processors without VNNI the sums of whole bytes overflow.
        quantize_dynamic(path, path, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)
    finally:
        logging.disable(before)
