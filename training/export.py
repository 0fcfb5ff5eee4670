"""
Save a trained table as a folder that sentence-transformers and model2vec both read.

    export(tokenizer, table, Path("bot/index/model"), card)  ->  model.safetensors tokenizer.json modules.json …
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer

# Stands before every question and never before a passage: what it learns is which articles people ask about at all.
QUERY_PROMPT = "query: "
# What sentence-transformers calls its modules; Normalize has no files of its own.
MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"},
    {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
]


def export(tokenizer: Tokenizer, table: np.ndarray, folder: Path, card: str) -> None:
    """Write beside `folder` first and then change places, so that no reader ever meets half a model."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        new = Path(temporary) / "new"
        _write(tokenizer, table, new, card)
        if folder.exists():
            folder.rename(Path(temporary) / "old")
        new.rename(folder)


def _write(tokenizer: Tokenizer, table: np.ndarray, folder: Path, card: str) -> None:
    (folder / "1_Normalize").mkdir(parents=True)
    (folder / "1_Normalize" / "config.json").write_text("{}\n", encoding="utf-8")
    save_file({"embeddings": np.ascontiguousarray(table, dtype=np.float16)}, folder / "model.safetensors")
    (folder / "model.safetensors").chmod(0o644)  # safetensors lets only the owner read
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    config = {"model_type": "model2vec", "normalize": True, "max_length": None, "hidden_dim": table.shape[1]}
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    (folder / "modules.json").write_text(json.dumps(MODULES, indent=2) + "\n", encoding="utf-8")
    settings: dict[str, object] = {"model_type": "SentenceTransformer", "similarity_fn_name": "cosine"}
    settings |= {"prompts": {"query": QUERY_PROMPT, "document": ""}, "default_prompt_name": None}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    (folder / "README.md").write_text(card, encoding="utf-8")
