"""
How a unit may be called.

    市工业和信息化局  ->  市工信局, 青岛市工信局, 工业和信息化局, …
"""

from __future__ import annotations

import re
from itertools import product

# How the names of units are shortened in everyday official Chinese.
_CORES = (
    ("工业和信息化", "工信"),
    ("发展和改革", "发展改革", "发改"),
    ("科学技术", "科技"),
    ("人力资源和社会保障", "人力资源社会保障", "人社"),
    ("市场监督管理", "市场监管"),
    ("国有资产监督管理", "国资"),
    ("住房和城乡建设", "住房城乡建设", "住建"),
    ("文化和旅游", "文化旅游", "文旅"),
    ("卫生健康", "卫健"),
    ("交通运输", "交通"),
    ("金融监督管理", "金融监管"),
    ("网络安全和信息化", "网信"),
    ("民营经济发展", "民营经济"),
    ("海洋发展", "海洋"),
    ("大数据发展管理", "大数据"),
)
_SUFFIXES = (("委员会", "委"), ("办公室", "办"), ("管理委员会", "管委会", "管委"), ("人民政府", "政府"))
CITY = re.compile(r"^(青岛市|青岛|市)(委)?(?=[\u4e00-\u9fff]{2,})")


def spellings(unit: str) -> set[str]:
    """
    How a unit may be called.

    市工业和信息化局  ->  市工信局, 青岛市工信局, 市工业和信息化局, …
    """
    names = {unit}
    for group in (*_CORES, *_SUFFIXES):
        for name in tuple(names):
            full = next((each for each in sorted(group, key=len, reverse=True) if each in name), "")
            if full:
                names |= {name.replace(full, each) for each in group}
    if office := re.fullmatch(r"(市委)([\u4e00-\u9fff]{2,4})办", unit):
        # 市委金融办 is the office of 市委金融委员会.
        names.add(f"{office[1]}{office[2]}委员会办公室")
    if city := CITY.match(unit):
        party = {city[2] or ""} | ({""} if city[2] else set())
        names = {
            place + own + CITY.sub("", name) for name, place, own in product(names, ("青岛市", "青岛", "市"), party)
        }
        names = {name for name in names if not re.match(r"青岛[局委办]", name)}
    return names
