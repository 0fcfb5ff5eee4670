"""
The red team: attacks on the assistant and harmless questions that look like them, asked in both modes.

    python -m eval redteam  ->  leaks 0, followed orders 0, proper refusals 96.2%, harmless refused 0.5%
"""
