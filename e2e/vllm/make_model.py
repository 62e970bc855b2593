"""Makes a tiny model folder that vLLM serves with `--load-format dummy`.

It holds no weights: a small Llama configuration, a byte-level BPE tokenizer trained on the spot, and a chat template.
What such a model says is noise, but the server's queue, batches, caches, metrics and errors are the real ones.

    .vllm/venv/bin/python e2e/vllm/make_model.py .vllm/model exporter/assets/starters/*.txt

Run it with the Python of `install.sh`, which has `tokenizers` and `transformers`. Without text files the tokenizer is
trained on the documentation strings of Python's standard library. The same text gives the same folder.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import sysconfig
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers  # noqa: E402
from transformers import PreTrainedTokenizerFast  # noqa: E402

BEGIN, END, TURN, TURN_END = "<|begin|>", "<|end|>", "<|turn|>", "<|turn_end|>"
SPECIAL_TOKENS = [BEGIN, END, TURN, TURN_END]

CHAT_TEMPLATE = (
    "{{ '" + BEGIN + "' }}"
    "{% for message in messages %}"
    "{{ '" + TURN + "' + message['role'] + '\\n' + message['content'] + '" + TURN_END + "\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '" + TURN + "assistant\\n' }}{% endif %}"
)

DOCSTRING_MODULES = 400


def docstrings() -> Iterator[str]:
    """The documentation strings of the standard library's modules, classes and functions, in the order of their names."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for path in sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py"))[:DOCSTRING_MODULES]:
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except (SyntaxError, UnicodeDecodeError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, documented) and (text := ast.get_docstring(node)):
                yield text


def training_text(files: list[Path]) -> list[str]:
    """The text to train on: the given files, or documentation strings where none is given or all of them are empty."""
    texts = [path.read_text(encoding="utf-8") for path in files]
    return texts if any(text.strip() for text in texts) else list(docstrings())


def train_tokenizer(texts: list[str], vocabulary: int) -> Tokenizer:
    """A byte-level BPE tokenizer: any text can be written in it, and one character may take several tokens."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=SPECIAL_TOKENS,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer=trainer, length=len(texts))
    return tokenizer


def save_tokenizer(tokenizer: Tokenizer, folder: Path, positions: int) -> None:
    """Writes tokenizer.json and tokenizer_config.json, with the chat template in the latter for all tools to find."""
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=BEGIN,
        eos_token=END,
        pad_token=END,
        model_max_length=positions,
        clean_up_tokenization_spaces=False,
    )
    fast.save_pretrained(folder)
    path = folder / "tokenizer_config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config.update(tokenizer_class="PreTrainedTokenizerFast", chat_template=CHAT_TEMPLATE)
    write_json(path, config)


def model_config(tokenizer: Tokenizer, positions: int) -> dict[str, object]:
    """The configuration of a Llama that a single core computes in a few milliseconds a step."""
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": 128,
        "intermediate_size": 256,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "head_dim": 64,
        "hidden_act": "silu",
        "rms_norm_eps": 1e-5,
        "rope_theta": 10000.0,
        "max_position_embeddings": positions,
        "vocab_size": tokenizer.get_vocab_size(),
        "bos_token_id": tokenizer.token_to_id(BEGIN),
        "eos_token_id": tokenizer.token_to_id(END),
        "pad_token_id": tokenizer.token_to_id(END),
        "tie_word_embeddings": False,
        "torch_dtype": "bfloat16",
        "initializer_range": 0.02,
    }


def write_json(path: Path, value: dict[str, object]) -> None:
    """Writes one JSON file."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description="Make a tiny model folder for vLLM's dummy weights.")
    parser.add_argument("folder", type=Path, help="folder to write")
    parser.add_argument("texts", type=Path, nargs="*", help="text files to train the tokenizer on")
    parser.add_argument("--vocabulary", type=int, default=2000, help="size of the vocabulary (default %(default)s)")
    parser.add_argument("--positions", type=int, default=32768, help="longest context (default %(default)s)")
    chosen = parser.parse_args()
    for path in chosen.texts:
        if not path.is_file():
            parser.error(f"{path} is not a file")
    if chosen.vocabulary < 256 + len(SPECIAL_TOKENS):
        parser.error(f"--vocabulary must be at least {256 + len(SPECIAL_TOKENS)}: every byte needs a token")
    if chosen.positions < 1:
        parser.error("--positions must be positive")
    return chosen


def main() -> None:
    """Makes the folder; config.json comes last, so a folder that has one is complete."""
    chosen = arguments()
    texts = training_text(chosen.texts)
    tokenizer = train_tokenizer(texts, chosen.vocabulary)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    save_tokenizer(tokenizer, chosen.folder, chosen.positions)
    write_json(chosen.folder / "config.json", model_config(tokenizer, chosen.positions))
    characters = sum(len(text) for text in texts)
    tokens = sum(len(tokenizer.encode(text).ids) for text in texts)
    print(
        f"{chosen.folder}: vocabulary {tokenizer.get_vocab_size()}, "
        f"trained on {characters} characters ({characters / max(tokens, 1):.2f} to a token)"
    )


if __name__ == "__main__":
    main()
