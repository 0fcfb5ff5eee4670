"""Charts as text: the words are there to be read, and nothing is fetched."""

from __future__ import annotations

import re
import warnings
from xml.etree import ElementTree

import pytest

from eval import charts
from eval.calibration import Calibration
from tests.eval.small_runs import CALIBRATION

READ = Calibration.from_json(CALIBRATION)


def words(svg: str) -> set[str]:
    return {
        "".join(node.itertext()).strip() for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("}text")
    }


def test_each_chart_says_what_it_shows() -> None:
    assert {"调试集", "留出集", "模型认为答得上的概率"} <= words(charts.reliability({"调试集": READ, "留出集": READ}))
    assert {"答不上的被拒答", "答得上的被误拒", "现用 0.5"} <= words(charts.thresholds(READ))
    assert {"p50 9", "p99 31", "题数"} <= words(charts.latency([8.1, 9.4, 31.0]))


def test_a_chart_takes_its_column_s_width_and_fetches_nothing() -> None:
    svg = charts.latency([8.1, 9.4, 31.0])
    head = svg[: svg.index(">")]
    assert head.startswith("<svg") and 'viewBox="0 0 360 270"' in head and "width" not in head
    assert not re.search(r'href="(?!#)|url\((?!#)|@import', svg)


def test_the_same_numbers_make_the_same_chart() -> None:
    assert charts.thresholds(READ) == charts.thresholds(READ)


def test_without_a_chinese_font_the_words_stay_and_nobody_is_warned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "FONTS", ())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "拒答阈值" in words(charts.thresholds(READ))


def test_one_outcome_only_and_times_of_zero_can_be_drawn() -> None:
    assert "答不上的被拒答" not in words(charts.thresholds(Calibration(0.5, (0.3, 0.8), (True, True))))
    assert "p50 0" in words(charts.latency([0.0, 0.0]))
