"""Answers, for each text in a JSON array, what ast.literal_eval makes of it, as testing.ts writes it; null for refused."""

import ast
import json
import struct
import sys
import warnings

warnings.simplefilter("ignore")


def bits(number):
    return struct.pack(">d", number).hex()


def written(value):
    if value is None:
        return "none"
    if value is Ellipsis:
        return "ellipsis"
    if value is True or value is False:
        return f"bool {str(value).lower()}"
    if isinstance(value, int):
        return f"int {'-' if value < 0 else ''}{abs(value):x}"
    if isinstance(value, float):
        return f"float {bits(value)}"
    if isinstance(value, complex):
        return f"complex {bits(value.real)} {bits(value.imag)}"
    if isinstance(value, str):
        return f"text {json.dumps(value)}"
    if isinstance(value, bytes):
        return f"bytes {value.hex()}"
    if isinstance(value, dict):
        return "dict {" + ", ".join(f"{written(key)}: {written(held)}" for key, held in value.items()) + "}"
    items = [written(item) for item in value]
    return f"{type(value).__name__} [" + ", ".join(sorted(items) if isinstance(value, set) else items) + "]"


def answer(text):
    try:
        value = ast.literal_eval(text)
    except Exception:
        return None
    return written(value)


print(json.dumps({"version": list(sys.version_info[:2]), "answers": [answer(text) for text in json.load(sys.stdin)]}))
