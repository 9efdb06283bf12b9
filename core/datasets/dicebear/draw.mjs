// Draw avatars: node draw.mjs JOB OUT, as core/datasets/dicebear/drawing.py starts it.
// JOB is JSON: {"style": "lorelei", "first": 0, "count": 10, "side": 64, "options": {}}; the seeds are s0, s1, ...
// OUT.rgb gets the images (count x side x side x 3 bytes), OUT.json what each shows (one object each).
import { createAvatar } from '@dicebear/core';
import * as styles from '@dicebear/collection';
import { Resvg } from '@resvg/resvg-js';
import fs from 'node:fs';

const [, , given, out] = process.argv;
const { style, first, count, side, options } = JSON.parse(given);
const backgroundColor = ['b6e3f4', 'c0aede', 'd1d4f9', 'ffd5dc', 'ffdfbf', 'd1f4d9'];
const images = Buffer.alloc(count * side * side * 3);
const shown = [];
let at = 0;
for (let i = first; i < first + count; i++) {
  const avatar = createAvatar(styles[style], { seed: `s${i}`, backgroundColor, ...options });
  const pixels = new Resvg(avatar.toString(), { fitTo: { mode: 'width', value: side }, font: { loadSystemFonts: false } }).render().pixels;
  for (let p = 0; p < pixels.length; p += 4) {
    const white = 255 - pixels[p + 3]; // the levels are premultiplied: what is transparent becomes white
    for (let c = 0; c < 3; c++) images[at++] = pixels[p + c] + white;
  }
  shown.push(avatar.toJson().extra);
}
fs.writeFileSync(`${out}.rgb`, images);
fs.writeFileSync(`${out}.json`, JSON.stringify(shown));
