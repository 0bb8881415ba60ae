import "./texts.mjs"; // first
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deflateRawSync } from "node:zlib";

import { createDeflated, deflatedSize } from "../../static/js/labs/deflated.js";
import * as weight from "../../static/js/labs/experiments/weight.js";
import { spokenText } from "../../static/js/labs/sentences.js";

describe("frames", () => {
  test("a header grows at 126 and at 65,536 bytes, as RFC 6455 section 5.2 says", () => {
    assert.deepEqual([0, 125, 126, 65_535, 65_536].map(weight.headerBytes), [2, 2, 4, 4, 10]);
  });

  test("a picture in base64 is what is built byte by byte", () => {
    for (const bytes of [1, 2, 3, 90, 125, 49_500]) {
      const { payload, header } = weight.asBase64(bytes);
      assert.equal(weight.builtBase64(bytes), payload + header, String(bytes));
    }
    assert.deepEqual(weight.asBase64(3), { payload: '{"picture":"AAAA"}'.length, header: 2 });
  });

  test("the table has the edges and the student's own size, in order", () => {
    const rows = weight.pictureRows(90);
    assert.deepEqual(rows.map(({ bytes, binary }) => [bytes, binary]), [[90, 92], [125, 127], [126, 130], [65_535, 65_539], [65_536, 65_546]]);
    assert.deepEqual(rows.filter(({ isOwn }) => isOwn).map(({ headers }) => headers), [[2, 4]]);
    assert.equal(weight.pictureRows(126).length, 4);
  });
});

describe("deflate", () => {
  const message = (number, textBytes) => JSON.stringify({ id: `k3f9ab12-${number}`, room: "lab-abcdef", sender: "sender 1", text: spokenText(number, textBytes), sent_at: 1763791234567 + 713 * number });
  const messages = (textBytes) => Array.from({ length: 60 }, (_, index) => message(index + 1, textBytes));

  test("texts are as long as is asked, of ASCII, and each begins otherwise", () => {
    const texts = Array.from({ length: 30 }, (_, index) => spokenText(index, 60));
    assert.ok(texts.every((text) => Buffer.byteLength(text) === 60));
    assert.equal(new Set(texts).size, 30);
  });

  test("what is expected is what zlib makes of such messages", () => {
    for (const textBytes of [20, 80, 120, 180, 220, 300]) {
      const all = messages(textBytes);
      const plain = all.join("").length;
      const alone = all.reduce((sum, each) => sum + deflateRawSync(each).length, 0);
      assert.ok(Math.abs((100 * alone) / plain - weight.deflatedShare(textBytes).alone) < 2, `${textBytes}: ${(100 * alone) / plain}`);
    }
  });

  test("beyond the table its ends count, and between its sizes what lies between", () => {
    assert.deepEqual(weight.deflatedShare(1), { alone: 86.2, kept: 18.2 });
    assert.deepEqual(weight.deflatedShare(5000), { alone: 39.1, kept: 3.3 });
    const { alone } = weight.deflatedShare(80);
    assert.ok(alone < 81.5 && alone > 77.9);
  });

  test("the stream of the platform agrees with zlib, and each text is compressed once", async () => {
    assert.equal(await deflatedSize(message(1, 100)), deflateRawSync(message(1, 100)).length);
    const sized = [];
    const { take } = createDeflated(async (text) => (sized.push(text), text.length / 2));
    await take(["ab", "cd"]);
    assert.deepEqual(await take(["ab", "cd", "ef"]), { count: 3, plain: 6, alone: 3, together: 3 });
    assert.deepEqual(sized.filter((text) => text.length === 2), ["ab", "cd", "ef"]);
  });

  test("where the browser cannot, or there is nothing, nothing is measured", async () => {
    assert.equal(await createDeflated(async () => null).take(["ab"]), null);
    assert.equal(await createDeflated(async () => 1).take([]), null);
  });
});

test("framing is of the frames that brought one message each, and nothing is nothing", () => {
  const unit = (framing, more) => ({ technique: "websocket", direction: "down", messages: ["a"], accounts: { framing }, ...more });
  const units = [unit(2), unit(4), unit(100, { messages: [] }), unit(100, { direction: "up" }), unit(100, { technique: "page" })];
  assert.deepEqual(weight.framing(units), { value: 3, error: null, samples: 2 });
  assert.equal(weight.framing([]), null);
});

test("a text never lies so near to the header's edge that its room or its number moves it over", () => {
  for (let seed = 1; seed < 2000; seed += 7) assert.ok(Math.abs(weight.jsonBytes(weight.parameters(seed).textBytes) - 125.5) > 6);
});
