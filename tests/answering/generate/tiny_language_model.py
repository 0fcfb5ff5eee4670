"""A causal language model that tests build themselves: two layers, one word a character, random weights."""

from pathlib import Path

CHARACTERS = "[]1。苗圃除草每季度2次使用手工具由镇政府配发"
TEMPLATE = "{% for message in messages %}{{ message['content'] }}{% endfor %}"


def write_language_model(folder: Path, template: str | None = TEMPLATE) -> Path:
    import torch
    from transformers import BertTokenizerFast, LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *CHARACTERS]
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = LlamaConfig(vocab_size=len(words), max_position_embeddings=4096, eos_token_id=3, pad_token_id=0, **sizes)
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer = BertTokenizerFast(vocab={word: place for place, word in enumerate(words)})
    tokenizer.chat_template = template
    tokenizer.save_pretrained(folder)
    return folder
