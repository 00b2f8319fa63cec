import struct

import hypothesis.strategies as st
from hypothesis import given, settings
from tokenizers.normalizers import Precompiled

from standpunt.encoders.charsmap import compile_charsmap

CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.text(CHARACTERS, max_size=3)
TABLES = st.dictionaries(CHARACTERS, TEXTS, max_size=60)


def normalise(table, text):
    return Precompiled(compile_charsmap(table)).normalize_str(text)


@given(TABLES, st.sets(CHARACTERS, max_size=40))
@settings(max_examples=100, deadline=None)
def test_what_is_in_the_table_is_replaced_and_nothing_else(table, others):
    precompiled = Precompiled(compile_charsmap(table))
    for character in {*table, *others}:
        assert precompiled.normalize_str(character) == table.get(character, character)


@given(st.dictionaries(st.sampled_from("abcdé€𝐛ßﬁ \n"), TEXTS), st.text("abcdé€𝐛ßﬁxyz "))
@settings(max_examples=100, deadline=None)
def test_within_a_text_each_character_by_itself(table, text):
    # Of several characters that a reader sees as one, tokenizers looks up the first alone; none of these joins another.
    assert normalise(table, text) == "".join(table.get(character, character) for character in text)


def test_an_empty_table_changes_nothing():
    assert normalise({}, "één\nbrug\u0301") == "één\nbrug\u0301"


def test_characters_that_share_their_first_bytes():
    dense = {chr(code): f"{code:x}" for code in range(0x3A0, 0x400)} | {"a": "", "𝐚": "A", "𝐛": "B"}
    precompiled = Precompiled(compile_charsmap(dense))
    for code in range(0x390, 0x410):
        assert precompiled.normalize_str(chr(code)) == dense.get(chr(code), chr(code))
    assert precompiled.normalize_str("a𝐚𝐛b") == "ABb"


def test_nul_is_passed_over():
    assert compile_charsmap({"\0": "x", "a": "b"}) == compile_charsmap({"a": "b", "\0": "x"})
    assert normalise({"\0": "x", "a": "b"}, "a") == "b"


def test_a_large_table_takes_no_time():
    # A thousand places have to be found behind thousands that are taken: quadratic code would need minutes.
    table = {chr(code): chr(code - 1) for code in range(0x4E00, 0x9FFF)}
    compiled = compile_charsmap(table)
    (size,) = struct.unpack_from("<I", compiled)
    assert size % 1024 == 0
    assert Precompiled(compiled).normalize_str("丁中\u9fff") == "一丬\u9fff"
