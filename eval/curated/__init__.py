"""
The matching of curated answers: does it know the same question in other words, and let go what only sounds like it?

    python -m eval curated [--learn]  ->  recall on variants, precision against look-alikes, floors
"""
