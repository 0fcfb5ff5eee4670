"""
How far a probability can be trusted, and what a threshold on it costs.

    Calibration(threshold=0.55, likely=(0.2, 0.9, …), right=(False, True, …))
    ->  bins(8): [(0.31, 0.25, 40), …]   wrongly_refused(0.55): 0.06   rightly_refused(0.55): 0.52   brier: 0.12

`likely` is the model's probability that the best evidence answers; `right` whether it does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np


class Bin(NamedTuple):
    """Samples of about one probability: its mean, the share that was right, how many they are."""

    likely: float
    right: float
    samples: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """Probabilities and outcomes, in one order, and the threshold in force."""

    threshold: float
    likely: tuple[float, ...]
    right: tuple[bool, ...]

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> Calibration:
        pairs = saved["samples"]
        return cls(saved["threshold"], tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs))

    @property
    def brier(self) -> float:
        """The mean squared distance of probability and outcome (Brier 1950): 0 is perfect, 0.25 a coin's."""
        return float(((np.array(self.likely) - np.array(self.right)) ** 2).mean())

    def bins(self, most: int) -> list[Bin]:
        """The samples by rising probability in at most `most` bins of equal size."""
        groups = np.array_split(np.argsort(self.likely, kind="stable"), min(most, len(self.likely)))
        likely, right = np.array(self.likely), np.array(self.right, dtype=float)
        return [Bin(float(likely[group].mean()), float(right[group].mean()), len(group)) for group in groups]

    def wrongly_refused(self, threshold: float) -> float | None:
        """The share of what would be right that a threshold refuses; None where nothing would be right."""
        return self._refused(threshold, right=True)

    def rightly_refused(self, threshold: float) -> float | None:
        """The share of what would be wrong that a threshold refuses; None where nothing would be wrong."""
        return self._refused(threshold, right=False)

    def _refused(self, threshold: float, right: bool) -> float | None:
        of_these = [likely for likely, outcome in zip(self.likely, self.right, strict=True) if outcome == right]
        return sum(likely < threshold for likely in of_these) / len(of_these) if of_these else None
