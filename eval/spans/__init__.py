"""
Measure the product on papers and questions that nobody here wrote, where the right answer is a span of one paper.

    DIR/docs/*, DIR/questions.jsonl  ->  index built as the product builds it  ->  rows  ->  figures, one row a system
"""
