from bot.answering.pipeline import Pipeline
from bot.answering.stated import (
    missing_details,
    no_choice,
    other_year,
    results_missing,
    share_asked,
    told_apart,
    uncounted,
    undated,
    unnamed,
    unstated_details,
)


def test_an_amount_or_address_that_no_good_sentence_states_is_told(look) -> None:  # type: ignore[no-untyped-def]
    assert unstated_details(*look("先投后股一笔最多投多少钱")) == ["money"]
    assert unstated_details(*look("专业园区选址在哪个区")) == ["place"]
    assert unstated_details(*look("技术经纪人每年培养多少名")) == []


def test_usual_details_that_the_text_leaves_out_are_found(look) -> None:  # type: ignore[no-untyped-def]
    assert missing_details(*look("战略科学家有安家费吗")) == ["安家费"]


def test_a_detail_s_name_before_a_thing_of_the_text_asks_for_no_detail(look) -> None:  # type: ignore[no-untyped-def]
    assert missing_details(*look("负责人团队怎么引育")) == []
    assert missing_details(*look("团队负责人是谁")) == ["负责人"]


def test_a_number_is_stated_only_with_the_measure_asked_for(look) -> None:  # type: ignore[no-untyped-def]
    assert uncounted(*look("天启物联网星座一共多少颗星"))
    assert not uncounted(*look("每年培养多少名技术经纪人"))
    assert uncounted(*look("技术经纪人要学几个小时"))
    assert not uncounted(*look("标准预研盯着哪几样技术"))
    assert uncounted(*look("卓越工程师团队分几批建"))
    assert not uncounted(*look("高成长企业要集聚多少户"))
    assert not uncounted(*look("智慧航运的场景归几家管"))
    assert uncounted(*look("深海能源勘探要建几座母港"))
    assert not uncounted(*look("类脑智能有几种芯片"))


def test_organisations_asked_for_by_name_must_be_named(look) -> None:  # type: ignore[no-untyped-def]
    assert unnamed(*look("和哪几所高校合作攻关量子磁力计"))
    assert unnamed(*look("一区多园的园区是哪几个"))
    assert not unnamed(*look("支持哪几家实验室攻关"))
    assert not unnamed(*look("中试平台由哪家单位负责"))


def test_one_of_two_choices_must_be_stated(plan: Pipeline, look) -> None:  # type: ignore[no-untyped-def]
    words = plan.store.segmenter.words
    assert no_choice(*look("海底作业集矿机走电动还是柴油"), words)
    assert not no_choice(*look("卓越工程师团队归教育局还是工信局"), words)


def test_the_figure_of_another_year_is_not_the_one_asked_for(look) -> None:  # type: ignore[no-untyped-def]
    assert other_year(*look("2026年应用场景要打造多少个")) == "2026"
    assert other_year(*look("到2027年应用场景要打造多少个")) is None
    assert other_year(*look("2026年布局多少项颠覆性技术攻关")) is None  # 每年 holds for every year


def test_what_has_been_done_is_not_what_is_to_be_done(look) -> None:  # type: ignore[no-untyped-def]
    assert results_missing(*look("场景应用实验室上一批认定了几家"))
    assert results_missing(*look("未来产业发展基金成立了没有"))
    assert not results_missing(*look("每年培养多少名技术经纪人"))
    assert not results_missing(*look("场景应用实验室方案里提了没"))


def test_a_point_in_time_is_no_rhythm(look) -> None:  # type: ignore[no-untyped-def]
    assert undated(*look("示范应用场景清单什么时候发布"))
    assert not undated(*look("示范应用场景清单多久发布一次"))


def test_the_share_of_one_in_a_figure_of_all_is_a_figure_of_its_own(look) -> None:  # type: ignore[no-untyped-def]
    assert share_asked(*look("50项技术其中深海占几项"))
    assert share_asked(*look("30个应用场景里头分给类脑智能的有几个"))
    assert not share_asked(*look("突破技术多少项"))


def test_a_figure_is_stated_only_where_the_question_s_words_stand(look) -> None:  # type: ignore[no-untyped-def]
    assert told_apart(*look("每年培养多少名技术经纪人")) == 0.0
    assert told_apart(*look("未来产业发展基金一共多少元")) == 1.0
    assert told_apart(*look("未来产业发展基金归谁管")) == 0.0


def test_how_many_bodies_there_are_is_told_by_a_number_of_such_bodies(look) -> None:  # type: ignore[no-untyped-def]
    assert not uncounted(*look("高成长企业集聚多少家"))
    assert uncounted(*look("高成长企业集聚多少所"))


def test_what_there_is_now_is_a_result(look) -> None:  # type: ignore[no-untyped-def]
    assert results_missing(*look("青岛现在登记的隐形独角兽企业有多少家"))
    assert not results_missing(*look("高成长企业要集聚多少家"))


def test_a_share_in_hundredths_is_told_by_a_share(look) -> None:  # type: ignore[no-untyped-def]
    assert uncounted(*look("技术经纪人占全部人员的百分之几"))
    assert uncounted(*look("技术经纪人证几个工作日办好"))
