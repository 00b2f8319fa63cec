"""A tiny sentence encoder with random weights, of EmbeddingGemma's architecture and layout, built on the spot."""

import json

import numpy as np
import torch
from safetensors.numpy import save_file
from tokenizers import processors
from transformers import Gemma3TextConfig, Gemma3TextModel

from tiny_bert import tokenizer

WIDTH, WIDER = 24, 40
PROMPTS = {"query": "taak: zoeken | vraag: ", "Classification": "taak: indelen | vraag: "}
MODULES = ("", "1_Pooling", "2_Dense", "3_Dense", "4_Normalize")
KINDS = ("Transformer", "Pooling", "Dense", "Dense", "Normalize")


def write_json(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def save_dense(folder, weight, bias=None, activation="torch.nn.modules.linear.Identity"):
    """Write a dense layer of sentence-transformers; `weight` has shape (out, in)."""
    out, given = weight.shape
    write_json(
        folder / "config.json",
        {"in_features": given, "out_features": out, "bias": bias is not None, "activation_function": activation},
    )
    parts = {"linear.weight": weight.astype(np.float32)}
    if bias is not None:
        parts["linear.bias"] = bias.astype(np.float32)
    save_file(parts, folder / "model.safetensors")


def save_tiny_gemma(folder, texts, *, seed=0, width=WIDTH, pooling=None, default_prompt=None, longest=96):
    """Write an encoder and return its folder; `pooling` are settings of 1_Pooling/config.json."""
    torch.manual_seed(seed)
    draw = np.random.default_rng(seed)
    made = tokenizer([*texts, *PROMPTS.values()], pieces=600, positions=longest)
    made.add_special_tokens({"bos_token": "<bos>", "eos_token": "<eos>"})
    marks = [(mark, made.convert_tokens_to_ids(mark)) for mark in ("<bos>", "<eos>")]
    made.backend_tokenizer.post_processor = processors.TemplateProcessing(single="<bos> $A <eos>", special_tokens=marks)
    config = Gemma3TextConfig(
        vocab_size=len(made), hidden_size=width, num_hidden_layers=3, num_attention_heads=2, num_key_value_heads=1,
        head_dim=16, intermediate_size=2 * width, max_position_embeddings=longest, sliding_window=8,
        layer_types=["sliding_attention", "full_attention", "sliding_attention"], query_pre_attn_scalar=16,
        use_bidirectional_attention=True, pad_token_id=0, bos_token_id=marks[0][1], eos_token_id=marks[1][1],
        initializer_range=0.2,
    )  # fmt: skip
    Gemma3TextModel(config).save_pretrained(folder)
    made.save_pretrained(folder)
    modules = [
        {"idx": place, "name": str(place), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for place, (path, kind) in enumerate(zip(MODULES, KINDS, strict=True))
    ]
    write_json(folder / "modules.json", modules)
    pooling = pooling or {"pooling_mode_mean_tokens": True}
    several = pooling.get("pooling_mode") or [name for name, on in pooling.items() if on is True and "_mode_" in name]
    pooled = width if isinstance(several, str) else width * len(several)
    write_json(folder / "1_Pooling" / "config.json", {"word_embedding_dimension": width, **pooling})
    save_dense(folder / "2_Dense", draw.normal(0, 0.3, (WIDER, pooled)))
    save_dense(folder / "3_Dense", draw.normal(0, 0.3, (width, WIDER)))
    write_json(
        folder / "config_sentence_transformers.json", {"prompts": PROMPTS, "default_prompt_name": default_prompt}
    )
    write_json(folder / "sentence_bert_config.json", {"max_seq_length": longest, "do_lower_case": False})
    return folder
