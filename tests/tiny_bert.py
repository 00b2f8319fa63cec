"""A tiny BERT with random weights and a WordPiece tokenizer, built on the spot: an encoder that needs no network."""

from collections import Counter

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertForSequenceClassification, BertModel, PreTrainedTokenizerFast

torch.set_num_threads(1)  # threads of tiny networks do nothing but wait for one another
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
POSITIONS = 96


def tokenizer(texts, pieces=400, positions=POSITIONS):
    """Make a tokenizer of letters and the most frequent words of texts; a trained one differs from time to time."""
    normalizer, splitter = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    words = Counter(word for text in texts for word, _ in splitter.pre_tokenize_str(normalizer.normalize_str(text)))
    letters = sorted({letter for word in words for letter in word})
    frequent = sorted(words, key=lambda word: (-words[word], word))
    vocabulary = list(dict.fromkeys([*SPECIAL, *letters, *(f"##{letter}" for letter in letters), *frequent]))[:pieces]
    made = Tokenizer(models.WordPiece({piece: place for place, piece in enumerate(vocabulary)}, unk_token="[UNK]"))
    made.normalizer, made.pre_tokenizer = normalizer, splitter
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
        mask_token="[MASK]", model_max_length=positions, model_input_names=["input_ids", "attention_mask"],
    )  # fmt: skip


def save_tiny_bert(folder, texts, *, hidden=32, layers=2, labels=None, seed=0, positions=POSITIONS):
    """Write an encoder, or where labels are given a sequence classifier, and return its folder."""
    torch.manual_seed(seed)
    made = tokenizer(texts, positions=positions)
    settings = {
        "vocab_size": len(made), "hidden_size": hidden, "num_hidden_layers": layers, "num_attention_heads": 2,
        "intermediate_size": 2 * hidden, "max_position_embeddings": positions, "initializer_range": 0.2,
    }  # fmt: skip
    if labels is None:
        network = BertModel(BertConfig(**settings), add_pooling_layer=False)
    else:
        network = BertForSequenceClassification(BertConfig(**settings, id2label=dict(enumerate(labels))))
    network.save_pretrained(folder)
    made.save_pretrained(folder)
    return folder
