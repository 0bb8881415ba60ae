"""The handshake page's own SHA-1 and base64, run by Node and held against Python's and the standards' examples."""

import base64
import hashlib
import json
import random
import subprocess
from functools import cache
from typing import Any

import pytest

from tests.unit.test_javascript import ROOT, node

SCRIPT = """
import "./tests/js/texts.mjs";
import { readFileSync } from "node:fs";
import { acceptSteps, keyProblem, randomKey } from "./static/js/handshake/accept.js";
import { base64Groups, fromBase64, toBase64 } from "./static/js/handshake/base64.js";
import { sha1 } from "./static/js/handshake/sha1.js";

const { messages, keys } = JSON.parse(readFileSync(0, "utf8"));
const hex = (bytes) => bytes && Buffer.from(bytes).toString("hex");
const million = new Uint8Array(1_000_000).fill("a".charCodeAt());
console.log(JSON.stringify({
  million: hex(sha1(million)),
  hashed: messages.map((message) => {
    const bytes = new Uint8Array(Buffer.from(message, "hex"));
    const text = toBase64(bytes);
    return { digest: hex(sha1(bytes)), text, back: hex(fromBase64(text)), groups: base64Groups(bytes).length };
  }),
  keys: Object.fromEntries(keys.map((key) => [key, { accept: acceptSteps(key).accept, problem: keyProblem(key) }])),
  decoded: Object.fromEntries(keys.map((key) => [key, hex(fromBase64(key))])),
  random: randomKey(), zero: randomKey((bytes) => bytes),
}));
"""
_bytes = random.Random(0).randbytes
MESSAGES = [*(_bytes(length) for length in (*range(131), 1_000)), b"\x00" * 64, b"\xff" * 119]
RFC_3174 = {  # section 7.3, but for a million times "a"
    b"abc": "a9993e364706816aba3e25717850c26c9cd0d89d",
    b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq": "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
    b"01234567" * 80: "dea356a2cddd90c7a7ecedc5ebb563934f460452",
}
ARTICLE = "x3JJHMbDL1EzLkh9GBhXDw=="
KEYS = {
    ARTICLE: None,
    "dGhlIHNhbXBsZSBub25jZQ==": None,
    "AQIDBAUGBwgJCgsMDQ4PEC==": None,  # RFC 6455 section 4.1, with bits left over that are not zero
    "": "There is no key.",
    "x3JJHMbDL1EzLkh9GBhXDw": "Base64 comes in fours of characters; these are 22.",
    "x3JJHMbDL1EzLkh9GBhX-w==": "“-” is not a character of base64.",
    "x3JJHMbDL1EzLkh9GBhXDw== ": "“ ” is not a character of base64.",
    "x3JJHMbDL1EzLkh9GBhX握w==": "“握” is not a character of base64.",
    "x3JJHMbD=1EzLkh9GBhXDw==": "In base64, = stands only at the end, at most twice.",
    "x3JJHMbDL1EzLkh9GBhX====": "In base64, = stands only at the end, at most twice.",
    "c2hvcnQ=": "A key is 16 bytes in base64; these are 5.",
    "AAAAAAAAAAAAAAAAAAAAAAA=": "A key is 16 bytes in base64; these are 17.",
    "AAAAAAAAAAAAAAAAAAAA": "A key is 16 bytes in base64; these are 15.",
}


@cache
def found() -> dict[str, Any]:
    """Return what the modules make of all messages and keys."""
    messages = [*MESSAGES, *RFC_3174]
    given = json.dumps({"messages": [message.hex() for message in messages], "keys": list(KEYS)})
    command = [node(), "--input-type=module", "--eval", SCRIPT]
    run = subprocess.run(command, cwd=ROOT, input=given, capture_output=True, text=True, check=False, timeout=50)
    assert run.returncode == 0, run.stderr
    return dict(json.loads(run.stdout))


def test_sha1_gives_what_python_gives_for_every_length() -> None:
    digests = [each["digest"] for each in found()["hashed"][: len(MESSAGES)]]
    assert digests == [hashlib.sha1(message).hexdigest() for message in MESSAGES]


def test_sha1_gives_what_rfc_3174_prints() -> None:
    digests = [each["digest"] for each in found()["hashed"][len(MESSAGES) :]]
    assert digests == list(RFC_3174.values())
    assert found()["million"] == "34aa973cd4c4daa4f61eeb2bdbad27316534016f"


def test_base64_gives_what_python_gives_and_leads_back() -> None:
    for message, each in zip(MESSAGES, found()["hashed"], strict=False):
        assert each["text"] == base64.b64encode(message).decode()
        assert each["back"] == message.hex()
        assert each["groups"] == -(-len(message) // 3)


@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_one_or_it_is_said_why_not(key: str) -> None:
    assert found()["keys"][key]["problem"] == KEYS[key]


def test_what_base64_takes_decodes_as_python_does() -> None:
    decoded = found()["decoded"]
    assert decoded["AQIDBAUGBwgJCgsMDQ4PEC=="] == bytes(range(1, 17)).hex()
    assert decoded["c2hvcnQ="] == b"short".hex()
    assert decoded["x3JJHMbDL1EzLkh9GBhX===="] is None


def test_the_accept_values_are_the_articles_and_the_rfcs() -> None:
    keys = found()["keys"]
    assert keys[ARTICLE]["accept"] == "HSmrc0sMlYUkAGmm5OPpG2HaGWk="
    assert keys["dGhlIHNhbXBsZSBub25jZQ=="]["accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # RFC 6455 section 1.3


def test_a_random_key_is_16_bytes_of_what_chance_gives() -> None:
    assert len(base64.b64decode(found()["random"], validate=True)) == 16
    assert found()["random"] != found()["zero"] == base64.b64encode(bytes(16)).decode()
