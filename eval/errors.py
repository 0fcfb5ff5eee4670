"""
The one fault an evaluation can have: a file that is not what it should be.

    EvaluationError("plan-dev.jsonl 第 3 行缺少 id……")  ->  stderr: 错误：plan-dev.jsonl 第 3 行缺少 id……
"""

from bot.errors import BotError


class EvaluationError(BotError):
    """A set of questions, a saved run or a file of floors cannot be used."""
