from datetime import date

import pytest

from bot.documents.dates import find_date, find_effective, find_expiry

ISSUED = date(2024, 5, 6)


@pytest.mark.parametrize(
    "written",
    [
        "2024年5月6日",
        "2024年 05 月 06 日",
        "二〇二四年五月六日",
        "二○二四年五月六日",
        "2024-05-06 10:00",
        "2024/5/6",
        "2024.5.6",
    ],
)
def test_a_date_is_read_however_it_is_written(written: str):
    assert find_date(f"成文日期：{written}") == ISSUED


def test_what_is_no_date_is_passed_over():
    assert find_date("2024年13月40日，2024年5月6日") == ISSUED
    assert find_date("第5号") is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("本办法自2024年6月1日起施行。", date(2024, 6, 1)),
        ("本办法自2024年6月1日起施行。《养花办法》自2020年1月1日起施行，同时废止。", date(2024, 6, 1)),
        ("本《种树办法》自2024年6月1日起实施。", date(2024, 6, 1)),
        ("本条例自公布之日起施行。", ISSUED),
        ("本通知自印发之日起实施，有效期5年。", ISSUED),
        ("种树条例\n2024年6月1日 施行", date(2024, 6, 1)),
        ("自登记之日起三十日内种树。", None),
    ],
)
def test_when_a_text_takes_effect(text: str, day: date | None):
    assert find_effective(text, ISSUED) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("本办法自2024年6月1日起施行，有效期5年。", date(2029, 5, 31)),
        ("本办法自2024年6月1日起施行，有效期为三年。", date(2027, 5, 31)),
        ("本办法自2024年6月1日起施行，有效期至2026年12月31日。", date(2026, 12, 31)),
        ("本办法自2024年6月1日起施行，试行期2年。", date(2026, 5, 31)),
        ("本通知有效期1年。", date(2025, 5, 31)),
        ("有效期调整至2026年12月31日。", date(2026, 12, 31)),
        ("证书有效期3年。", None),
        ("优待卡均设置2年有效期，在有效期届满前一个月内续期。", None),
    ],
)
def test_when_a_text_expires(text: str, day: date | None):
    assert find_expiry(text, date(2024, 6, 1)) == day


def test_a_term_that_ends_on_a_leap_day_ends_on_the_day_before():
    assert find_expiry("本办法自2024年2月29日起施行，有效期5年。", date(2024, 2, 29)) == date(2029, 2, 28)


def test_a_term_without_a_beginning_has_no_end():
    assert find_expiry("本办法有效期5年。", None) is None
