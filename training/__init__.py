"""
The road from data folders to the embedding model the product ships.

    python -m training --data ../shared/retrieval --out bot/index/model

Nothing under bot/ imports this package: torch and sentence-transformers are needed here only.
"""
