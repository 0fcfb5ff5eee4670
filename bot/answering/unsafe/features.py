"""
What the detector sees of a text: which runs of characters it has, and which runs of letters when it is spoken.

    indices("怎么骗补")  ->  uint32 numbers below SIZE, one a run: 怎, 怎么, 怎么骗 … zenm, enme …

A word in pinyin, or in other characters of the same sound, shares the spoken runs. Runs are hashed, so there is no list
of words, and none of what the weights were learnt from.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.text.disguise import sounds

SIZE = 1 << 16
WRITTEN, SPOKEN = (1, 2, 3, 4), (5, 7)  # lengths of the runs
MOST = 600  # characters of one text
_FACTORS = np.array([2654435761, 2246822519, 3266489917, 668265263, 374761393, 2870177450, 4150755663], np.uint64)
_MASK = np.uint64(0xFFFFFFFF)


def indices(text: str) -> NDArray[np.uint32]:
    """The features of normalised text, each once."""
    text = text[:MOST].lower()
    runs = [_runs(text, length, length) for length in WRITTEN]
    spoken = sounds(text)
    runs += [_runs(spoken, length, 16 + length) for length in SPOKEN]
    found: NDArray[np.uint32] = np.unique(np.concatenate(runs))
    return found


def _runs(text: str, length: int, kind: int) -> NDArray[np.uint32]:
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
    if len(codes) < length:
        return np.empty(0, np.uint32)
    windows = np.lib.stride_tricks.sliding_window_view(codes, length)
    mixed = (windows * _FACTORS[:length]).sum(axis=1) + np.uint64(kind * 40503)
    mixed = ((mixed & _MASK) * _FACTORS[0]) & _MASK
    hashed: NDArray[np.uint32] = ((mixed >> np.uint64(15)) % np.uint64(SIZE)).astype(np.uint32)
    return hashed
