"""Probabilities beside outcomes."""

from __future__ import annotations

import pytest

from eval.calibration import Bin, Calibration
from tests.eval.small_runs import CALIBRATION

READ = Calibration.from_json(CALIBRATION)


def test_bins_hold_equally_many_samples_by_rising_probability() -> None:
    assert READ.bins(2) == [Bin(pytest.approx(0.25), 0.5, 2), Bin(pytest.approx(0.75), 0.5, 2)]
    assert [each.samples for each in READ.bins(8)] == [1, 1, 1, 1]


def test_a_threshold_refuses_what_lies_below_it() -> None:
    assert [READ.wrongly_refused(at) for at in (0.0, 0.5, 1.0)] == [0.0, 0.5, 1.0]
    assert [READ.rightly_refused(at) for at in (0.0, 0.1, 0.5, 1.0)] == [0.0, 0.0, 0.5, 1.0]
    assert Calibration(0.5, (0.3,), (True,)).rightly_refused(0.5) is None


def test_the_brier_score_is_the_mean_squared_distance() -> None:
    assert READ.brier == pytest.approx((0.01 + 0.36 + 0.36 + 0.01) / 4)
