"""
Measure whether the check of generated sentences tells true ones from false ones, on sentences built from any index.

    outlines  ->  Case("税率为20%。", (Citation(1, 第四条, "企业所得税税率为25%。"),), "figure", is_true=False), …
              ->  what was detected, kind by kind, and how many true sentences were taken for false

How the check works is not known here: only `Grounder(outlines).check(sentence, cited)` is called.
"""
