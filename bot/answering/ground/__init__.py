"""
Check one generated sentence against the passages it cites, without a model.

    Grounder(outlines).check("每年培养技术经纪人50名以上", (citation,))
        ->  Verdict(faults=(Fault("figure", "50名", "30名"),), omitted=())
"""

from bot.answering.ground.grounder import Grounder
from bot.answering.ground.verdict import Fault, FaultKind, Verdict

__all__ = ("Fault", "FaultKind", "Grounder", "Verdict")
