"""
The fixed sentences of ours: everything an answer says that is not a quotation.

    NOT_STATED.format(details="金额")  ->  "文件未载明金额，不作推测。"

What they say of a document is read off its structure (a count, a unit that no bracket names), so it cannot be invented.
"""

GREETING = (
    "您好，我是政策问答助手，依据已收录的政策文件作答，逐句标明条款。"
    "请直接输入您想了解的内容，例如“类脑智能重点做什么”。"
)
THANKS = "不客气。如还有疑问，可继续提问，或拨打12345政务服务热线。"
WHO_ARE_YOU = (
    "我是政策问答助手，只依据已收录的政策文件作答，每句标明条款，"
    "文件没有写的不作推测。您可以问重点领域、任务、数量目标和责任单位。"
)
HUMAN = "本助手不能直接转接人工。需要人工咨询的，请拨打12345政务服务热线，或者联系条款列明的责任单位。"
GOODBYE = "再见，祝您工作顺利。如需人工咨询，请拨打12345政务服务热线。"

EMPTY = "请输入您的问题，例如“中试平台由哪个部门负责”。"
TOO_LONG = "问题请控制在{limit}字以内（现有{length}字），可拆成几个问题分别提问。"
NO_WORDS = "没有看懂这个问题，请用一句话写明想了解的政策内容，例如“量子信息重点支持哪些方向”。"
INTERNAL = "系统暂时出错，这个问题没有得到回答，请稍后再试，或拨打12345咨询。"
BAD_ROW = "第 {line} 行不是有效的提问：{cause}。每行应为含 id 和 question 的 JSON 对象。"

NOT_IN_CORPUS = "已收录的文件中没有找到与这个问题相关的规定，不作推测。"
NOT_IN_CORPUS_TERMS = "已收录的文件中没有提到“{terms}”，不作推测。"
NO_DUTIES = "已收录的文件没有列出由{units}负责的任务，不作推测。"
NO_SHARED_DUTIES = "已收录的文件没有列出由{units}共同负责的任务，不作推测。"
NO_OWN_DUTIES = "已收录的文件没有列出仅由{units}负责的任务，不作推测。"
NOT_STATED = "文件未载明{details}，不作推测。"
THIS_DETAIL = "所问的细节"
OF_YEAR = "{year}年的数字"
NAME = "具体名称"
NO_PROMISE = "能否获得支持由主管部门审核决定，本助手不能作出承诺。"
NO_SUCH_ARTICLE = "《{title}》没有{article}，全文共{count}条，最后一条是{last}。"
NOT_IN_DIGEST = "《{title}》只收录了要点摘编，其中没有{article}，请查阅原文。"
NOT_COLLECTED = "没有收录“{title}”，不作推测。"
NOT_IN_PAPER = "《{title}》未载明所问的内容。"
LEVELS_DIFFER = "以下规定的层级和时间不同，请结合适用情形核对，以现行有效的原文为准。"
NOT_IN_FORCE = "注意：{papers}，以下内容仅供参考。"
OUT_OF_SCOPE = "这个问题不属于政策咨询的范围，本助手只回答已收录政策文件的内容。"
UNSAFE = "这个要求无法处理。本助手只依据已收录的政策原文回答问题。"
CLASSIFIED = "请勿输入涉密内容。本助手只处理可以公开的政策咨询，涉密事项请按保密规定办理。"

EXPLAINED = "政策原文没有给出这个说法的定义，以下解释由本助手编写，供理解时参考："
NEAREST = "最接近的条款是："
ASK_UNIT = "可向{units}咨询，或拨打12345政务服务热线。"
ASK_HOTLINE = "可拨打12345政务服务热线咨询。"
NO_UNIT = "该条款未列责任单位。"
NOT_RESPONSIBLE = "所问的单位不在所引内容列明的责任单位之列。"
NOT_AMONG = "原文所列的{count}项中没有“{name}”。"
MISCOUNTED = "原文所列为{count}项，不是{said}项："
OTHER_FIGURE = "原文写明的是{stated}，不是{said}："
INDICATORS = "原文写有数量的句子如下："
COUNTED = "共{count}项："

# What is said beside sentences that a model wrote.
UNVERIFIED = "模型所写的内容有{count}句未能在原文中得到印证，已略去或改引原文。"
CUT_SHORT = "模型的回答没有写完，其余直接摘引原文："
MORE_QUOTED = "原文还有以下内容："

DETAILS = {
    "money": "金额或标准",
    "count": "数量",
    "date": "时间",
    "place": "地点",
    "contact": "联系方式",
    "procedure": "申报条件、材料和流程",
    "names": "名单",
    "penalty": "罚则",
}

# The answer card: what it says besides quotations.
UNSTATED = "文件未载明"
SITUATION = "您的情况：{situation}。"
MAY_APPLY = "列有责任单位的任务中有{count}段与此可能相关，以主管部门审核为准。"
ONLY_TRACK = "文件列有这一方向，列有责任单位的任务没有逐一点名；能否享受支持，以主管部门审核为准。"
NO_MEASURE = "文件未载明与此直接对应的支持内容；相关事宜以主管部门答复为准。"
UNMET = "文件未载明与“{needs}”直接对应的支持内容。"
READ_ORIGINAL = "按标号核对原文，看清适用对象和责任单位。"
ASK_UNITS = "就具体条款向其列明的责任单位咨询，或拨打12345政务服务热线。"
FOLLOW_NOTICE = "申报条件、材料、时限和标准，以主管部门发布的申报通知为准。"
TRACK_FOUND = "所述产品或技术可能对应“{track}”，其后是可能相关的任务和责任单位，均以主管部门审核为准："
OUTSIDE = "对所列方向以外的技术和产业，文件有以下表述，能否享受支持以主管部门审核为准："
MEASURES_FOUND = "可能相关的任务和责任单位如下，以主管部门审核为准："
CHOOSE = "请至少选择一项：赛道、阶段或需求。"
NO_PLAN = "已收录的文件没有列出责任单位的任务。"
