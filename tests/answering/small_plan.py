"""A tiny plan with areas, measures and units, as the tests of matching read it."""

from bot.documents.structure import parse
from bot.types import Document

TEXT = """某市培育新兴产业行动方案（2030—2032年）
一、总体要求
优先发展氢能、硅光等产业。
二、重点领域
（一）优先发展2大细分赛道
1.氢能。研制储氢瓶。
2.硅光。研制硅光芯片。
（二）谋划一批前沿赛道
跟踪前沿技术。
三、重点任务
（一）创新行动
1.强化资金支持。设立产业基金，重点投早、投小。注册资本不低于100万元的企业方可申请。（责任单位：甲局、乙局）鼓励银行开发金融产品。（责任单位：丙局）
2.丰富场景。每年发布硅光应用场景10个，鼓励中小企业参与。（牵头单位：丁局；配合单位：甲局）
（二）人才行动
3.引育人才。引进领军人才团队。每年申报一次，9月受理。（责任单位：甲局）
四、保障措施
加强组织领导。
"""

PLAN = parse(Document("plan", "某市培育新兴产业行动方案（2030—2032年）", TEXT))
RULES = parse(
    Document("rules", "某市办法", "某市办法\n第一条　为了规范产业发展，制定本办法。\n第二条　鼓励企业融资。\n")
)
