import pytest

from bot.documents.formats.lines import is_rule, without_leader


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("一、总则........- 1 -", "一、总则"),
        ("一、总则………………12", "一、总则"),
        ("3.3 某类人员恢复户口. . - 43 -", "3.3 某类人员恢复户口"),
        ("二、附则\t- 3 -", "二、附则"),
        ("种树、浇水……", "种树、浇水……"),
        ("电话 0532-1234", "电话 0532-1234"),
        ("共 12", "共 12"),
    ],
)
def test_dots_and_page_of_an_entry_of_contents_go(line: str, left: str):
    assert without_leader(line) == left


def test_a_drawn_rule_is_no_text():
    assert [is_rule(line) for line in ("______", "— — —", "——", "种树")] == [True, True, False, False]
