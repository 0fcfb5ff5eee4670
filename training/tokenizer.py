"""
A word tokenizer that lives whole inside tokenizer.json, so that no Python runs per passage.

    build_tokenizer(["用人单位拖欠工资的，…"])  ->  tokens 用人单位 / 拖欠 / 工资 / 的

jieba cuts a sentence along the most probable path through its dictionary. A Unigram model with the logarithms of
jieba's word frequencies as scores does the same in Rust; characters outside the vocabulary become [UNK].
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

import jieba
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

UNKNOWN = "[UNK]"
LATIN_OR_DIGITS = re.compile(r"[a-z]+|[0-9]+")


def build_tokenizer(texts: Sequence[str], words: Sequence[str] = (), minimum_count: int = 25) -> Tokenizer:
    """
    Tokenizer over the dictionary words that the texts really use.

    `words` are kept whatever their count. Single characters are kept from the first occurrence on.
    """
    scores = _dictionary_scores(texts, words)
    everything = _unigram(scores)
    counts = Counter(token for encoding in everything.encode_batch_fast(list(texts)) for token in encoding.ids)
    forced, places = set(words), everything.get_vocab()
    kept = {
        word: score
        for word, score in scores.items()
        if len(word) == 1 or word in forced or counts[places[word]] >= minimum_count
    }
    return _unigram(kept)


def _dictionary_scores(texts: Sequence[str], words: Sequence[str]) -> dict[str, float]:
    """Natural logarithm of each word's share of jieba's dictionary; words of ours count as common as 劳动合同."""
    jieba.setLogLevel(60)
    jieba.initialize()
    frequencies: dict[str, int] = jieba.dt.FREQ
    total = math.log(jieba.dt.total)
    scores = {word.lower(): math.log(count) - total for word, count in frequencies.items() if count > 0}
    common = math.log(frequencies["劳动合同"]) - total
    normalise = _normalizer().normalize_str
    text = "\n".join(map(normalise, texts))
    for piece, count in Counter(LATIN_OR_DIGITS.findall(text)).items():
        scores.setdefault(piece, math.log(count) - total)
    for character in set(text) - {"\n", " "}:
        scores.setdefault(character, -total)
    scores.update({normalise(word): max(common, scores.get(word, common)) for word in words})
    known = set(text).union(*words)
    return {word: round(score, 3) for word, score in scores.items() if known.issuperset(word)}


def _unigram(scores: dict[str, float]) -> Tokenizer:
    vocabulary = [(UNKNOWN, 0.0), *sorted(scores.items())]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=0))
    tokenizer.normalizer = _normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation("removed")]
    )
    return tokenizer


def _normalizer() -> normalizers.Normalizer:
    return normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
