"""
Curated answers (人工审定): what staff have answered themselves, given before the documents are asked.

    entries.py    kept, changed, published, retired; each change audited
    reading.py    a question taken apart; words.toml is its vocabulary
    likeness.py   whether two questions ask the same; likeness.toml is what was learnt (python -m eval curated --learn)
    matching.py   which entry a question asks for
    live.py       the entries that answer now, in every process; expiry
    conflicts.py  what speaks against an answer before it is saved
"""

from bot.service.curated.live import Curated

__all__ = ["Curated"]
