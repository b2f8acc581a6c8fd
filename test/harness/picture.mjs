// Pictures made for a test.

import {randomBytes} from 'node:crypto';
import {deflateSync} from 'node:zlib';

function crc(bytes) {
    let sum = ~0;
    for (const byte of bytes) {
        sum ^= byte;
        for (let i = 0; i < 8; i++)
            sum = sum >>> 1 ^ (sum & 1 ? 0xEDB88320 : 0);
    }
    return ~sum >>> 0;
}
function chunk(name, data) {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body), body.length + 4);
    return out;
}
/** A grey PNG of this size; with fewer rows than it says, a bomb. With noise nothing makes it small. */
export function png(width, height, {rows = height, noise = false} = {}) {
    const head = Buffer.alloc(13);
    head.writeUInt32BE(width, 0);
    head.writeUInt32BE(height, 4);
    head.set([8, 0, 0, 0, 0], 8);
    const pixels = noise ? randomBytes((width + 1) * rows) : Buffer.alloc((width + 1) * rows);
    for (let row = 0; row < rows; row++)
        pixels[row * (width + 1)] = 0; // each row begins with its filter: none
    const data = deflateSync(pixels, {level: noise ? 0 : 6});
    return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', data),
        chunk('IEND', Buffer.alloc(0))]);
}
