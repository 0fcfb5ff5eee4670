"""Tiny transformer models that tests build themselves: two layers, one word a character, random weights."""

from pathlib import Path

CHARACTERS = "种树苗圃浇灌水银杏归谁管市园林局务科技引进瞪羚政策办法每年次"


def write_encoder(folder: Path, seed: int = 0, width: int = 32) -> Path:
    """A sentence-transformers model: BERT, mean pooling, `width` dimensions."""
    from sentence_transformers import SentenceTransformer
    from transformers import BertModel

    write_bert(folder / "bert", BertModel, seed, width)
    SentenceTransformer(str(folder / "bert"), device="cpu").save(str(folder / "encoder"))
    return folder / "encoder"


def write_cross_encoder(folder: Path, labels: int = 1) -> Path:
    from transformers import BertForSequenceClassification

    return write_bert(folder / "cross-encoder", BertForSequenceClassification, num_labels=labels)


def write_bert(folder: Path, kind: type, seed: int = 0, width: int = 32, **config: int) -> Path:
    """A model as transformers saves it, with its tokenizer."""
    import torch
    from transformers import BertConfig, BertTokenizerFast

    torch.manual_seed(seed)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *CHARACTERS]
    sizes = {"num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64, "max_position_embeddings": 128}
    kind(BertConfig(vocab_size=len(words), hidden_size=width, **sizes, **config)).save_pretrained(folder)  # type: ignore[attr-defined]
    BertTokenizerFast(vocab={word: place for place, word in enumerate(words)}).save_pretrained(folder)
    return folder


def break_file(path: Path, fault: str) -> None:
    content = path.read_bytes()
    path.unlink()
    if fault != "missing":
        path.write_bytes(content[: len(content) // 2] if fault == "truncated" else b"")
