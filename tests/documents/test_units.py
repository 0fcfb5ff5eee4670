import pytest

from bot.documents.units import find_unit_groups, split_units
from bot.types import Span


@pytest.mark.parametrize(
    ("listing", "units"),
    [
        ("市科技局、市财政局", ("市科技局", "市财政局")),
        ("市科技局，有关区、市政府", ("市科技局", "有关区、市政府")),
        ("各区、市人民政府，市财政局", ("各区、市人民政府", "市财政局")),
        ("各行业主管部门", ("各行业主管部门",)),
        ("市委网信办（市大数据局、市密码局）、市科技局", ("市委网信办（市大数据局、市密码局）", "市科技局")),
        ("市科技局、市财政局等按职责分工负责", ("市科技局", "市财政局")),
    ],
)
def test_units_are_split_where_one_ends(listing: str, units: tuple[str, ...]):
    assert split_units(listing) == units


def test_both_widths_are_read():
    text = "做事。（责任单位：市科技局）再做。(责任单位:市财政局,市商务局)"
    assert [(group.span.of(text), group.units) for group in find_unit_groups(text)] == [
        ("（责任单位：市科技局）", ("市科技局",)),
        ("(责任单位:市财政局,市商务局)", ("市财政局", "市商务局")),
    ]


def test_leading_and_supporting_units_keep_their_roles():
    (group,) = find_unit_groups("做事。（牵头单位：市科技局；配合单位：市财政局、市商务局）")
    assert group.roles == (("牵头单位", ("市科技局",)), ("配合单位", ("市财政局", "市商务局")))


def test_a_line_of_its_own_needs_no_bracket():
    text = "做事。\n责任单位：市科技局、市财政局\n再做。"
    (group,) = find_unit_groups(text)
    assert (group.span, group.units) == (Span(4, 18), ("市科技局", "市财政局"))


def test_other_brackets_are_left_alone():
    assert find_unit_groups("种树（含市科技局的树）。落实单位责任（见第三条）。") == ()
