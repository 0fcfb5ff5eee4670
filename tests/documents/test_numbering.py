from bot.documents.numbering import Divider, Lines, Mark, best_sequence, read_ref
from bot.types import Span


def marks(*numbers: int, level: int = 5, sure: bool = True) -> list[Mark]:
    return [Mark(level, at, at + 1, (number, 0), str(number), sure, True) for at, number in enumerate(numbers)]


def numbers(*given_numbers: int, level: int = 5, last: int = 0) -> list[int]:
    return [mark.number[0] for mark in best_sequence(marks(*given_numbers, level=level), (last, 0))]


def test_numbers_out_of_sequence_are_left_out():
    assert numbers(1, 7, 2, 2, 5, 3) == [1, 2, 3]


def test_a_sequence_may_start_again():
    assert numbers(1, 2, 3, 1, 2) == [1, 2, 3, 1, 2]


def test_a_sequence_may_go_on_from_an_earlier_one():
    assert numbers(4, 5, last=3) == [4, 5]


def test_a_lone_one_is_no_sequence():
    assert numbers(1) == [] and numbers(1, 2, 1) == [1, 2]


def test_only_articles_may_skip_a_number():
    assert numbers(1, 2, 4, 5, level=4) == [1, 2, 4, 5] and numbers(1, 2, 4, 5) == [1, 2]


def test_parts_nest():
    text = "一、甲\n（一）子\n1.鼠\n2.牛\n（二）丑\n3.虎\n二、乙"
    _, parts = Divider(text, Lines(text)).divide(Span(0, len(text)))
    assert [(part.mark.ref, [child.mark.ref for child in part.children]) for part in parts] == [
        ("一、", ["(一)", "(二)"]),
        ("二、", []),
    ]
    assert [item.mark.ref for item in parts[0].children[1].children] == ["3."]


def test_a_place_is_read_from_its_name():
    names = ("第四十五条　奖励", "第十条之二　同上", "二、（三）1.创新", "（三）创新", "奖励", "第四十五章")
    assert [read_ref(name) for name in names] == [
        ("第四十五条", 5),
        ("第十条之二", 5),
        ("二、(三)1.", 7),
        ("(三)", 3),
        None,
        None,
    ]
