"""Personal numbers go, and what a policy is made of stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.iso7064 import mod_11_2

from bot.service.records.redact import redact

MOBILE, TELEPHONE, IDENTITY = "［手机号已隐去］", "［电话已隐去］", "［身份证号已隐去］"
CARD, MAIL, PLATE = "［银行卡号已隐去］", "［邮箱已隐去］", "［车牌已隐去］"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("我的手机13800001111，请回电", f"我的手机{MOBILE}，请回电"),
        ("13800001111、13900002222都行", f"{MOBILE}、{MOBILE}都行"),
        ("我要问3件事,13800001111,13900002222", f"我要问3件事,{MOBILE},{MOBILE}"),
        ("１３８００００１１１１", MOBILE),
        ("138-0000-1111", MOBILE),
        ("+86 138 0000 1111", MOBILE),
        ("1 3 8 0 0 0 0 1 1 1 1", MOBILE),
        ("一三八零零零零幺幺幺幺", MOBILE),
        ("138\u200b0000\u20601111", MOBILE),
        ("打0532-85911234转801", f"打{TELEPHONE}"),
        ("（010）66012345", TELEPHONE),
        ("电话：85911234", f"电话：{TELEPHONE}"),
        ("身份证11010519491231002X。", f"身份证{IDENTITY}。"),
        ("110105 19491231 002x", IDENTITY),
        ("卡号4111 1111 1111 1111", f"卡号{CARD}"),
        ("发到zhang.san@example.com吧", f"发到{MAIL}吧"),
        ("发到zhang＠example.com吧", f"发到{MAIL}吧"),
        ("鲁B12345的补贴", f"{PLATE}的补贴"),
        ("鲁B·D12345", PLATE),
        ("鲁bd12345", PLATE),
    ],
)
def test_a_personal_number_is_named_instead_of_written(said: str, written: str) -> None:
    assert redact(said) == written


@pytest.mark.parametrize(
    "said",
    [
        "青政办发〔2025〕12号有哪些支持？",
        "鲁政发〔2024〕3号和国发〔2023〕17号",
        "2025年12月31日前报送，12345怎么打",
        "20251231到20271231",
        "到2027年培育100家，产值1,380,000,000元",
        "补贴13800000000元",
        "金额13800000000",
        "￥13800000000.00",
        "15912345678万元以内",
        "增长12.5%，不超过50万元",
        "政务服务热线12345、12348、110",
        "身份证号11010519491231002",
        "序号110105194912310021",
        "编号4111 1111 1111 1112",
        "第十二条、三、(四)10.",
        "电话：2025年12月公布",
        "拨打12345",
        "G20青银高速、A股、5G",
        "91370200MA3CXXXX1U",
    ],
)
def test_what_a_policy_is_made_of_stays(said: str) -> None:
    assert redact(said) == said


DIGITS = st.text("0123456789", min_size=9, max_size=9)
WORDS = st.sampled_from(
    ["", "我的号码是", "请联系", "，", ",", "、", "谢谢。", "有什么补贴？", "（本人）", "共3家，", "\n"]
)


@given(WORDS, DIGITS, st.sampled_from("3456789"), st.sampled_from(["", "-", " "]), WORDS)
def test_no_mobile_number_gets_through(before: str, rest: str, second: str, gap: str, after: str) -> None:
    number = gap.join((f"1{second}{rest[0]}", rest[1:5], rest[5:]))
    assert redact(before + number + after) == before + MOBILE + after


@given(WORDS, st.integers(11_0000, 65_9999), st.dates().filter(lambda day: day.year > 1900), st.integers(0, 999), WORDS)
def test_no_identity_number_gets_through(before: str, area: int, born: object, order: int, after: str) -> None:
    number = f"{area}{born:%Y%m%d}{order:03d}"
    number += mod_11_2.calc_check_digit(number)
    assert redact(before + number + after) == before + IDENTITY + after


@given(WORDS, st.integers(10**14, 10**15 - 1), WORDS)
def test_no_bank_card_gets_through(before: str, rest: int, after: str) -> None:
    number = f"6{rest}"
    number += luhn.calc_check_digit(number)
    assert redact(before + number + after) == before + CARD + after


@given(
    st.sampled_from(["青政办发", "鲁工信", "国发", "青科规"]),
    st.integers(1990, 2030),
    st.integers(1, 9999),
    st.booleans(),
)
def test_every_doc_number_stays(issuer: str, year: int, number: int, plain: bool) -> None:
    said = f"{issuer}{'[' if plain else '〔'}{year}{']' if plain else '〕'}{number}号"
    assert redact(f"依据{said}，怎么申报？") == f"依据{said}，怎么申报？"


@given(st.integers(0, 10**12), st.sampled_from(["元", "美元", "平方米", "人次", "吨"]))
def test_every_amount_stays(amount: int, unit: str) -> None:
    for said in (f"不超过{amount}{unit}", f"{amount:,}{unit}", f"{amount}.50{unit}"):
        assert redact(said) == said


@given(st.dates(), st.sampled_from(["%Y年%m月%d日", "%Y-%m-%d", "%Y%m%d", "%Y.%m.%d", "%Y/%m/%d"]))
def test_every_date_stays(day: object, form: str) -> None:
    assert redact(f"截至{day:{form}}止") == f"截至{day:{form}}止"


@given(st.text(st.sampled_from("13800001111 -年元〔〕，ab@.鲁B（）０１３一幺"), max_size=60))
def test_what_was_redacted_has_nothing_left_to_redact(said: str) -> None:
    once = redact(said)
    assert redact(once) == once
