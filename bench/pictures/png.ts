import { crc32, deflateSync, inflateSync, constants } from 'node:zlib';

/** A picture of 8 bits a channel. */
interface Raster {
  width: number;
  height: number;
  /** 3: RGB; 4: RGBA. */
  channels: 3 | 4;
  /** Row by row, unfiltered. */
  pixels: Buffer;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const RGB = 2;
const PALETTE = 3;
const RGBA = 6;
const MOST_COLORS = 256;

/**
 * Writes a screenshot anew, smaller and without loss: no alpha channel where nothing is transparent, a palette where there
 * are 256 colours at most, and deflate at its best. @throws Error when it is no PNG of 8-bit RGB or RGBA
 */
export function squeeze(png: Buffer): Buffer {
  const raster = withoutAlpha(decode(png));
  const indexed = raster.channels === 3 ? indexColors(raster) : null;
  return indexed ?? encode(raster);
}

function decode(png: Buffer): Raster {
  if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error('this is no PNG');
  const data: Buffer[] = [];
  let header: Buffer = Buffer.alloc(0);
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') header = body;
    if (type === 'IDAT') data.push(body);
    at += 12 + length;
  }
  const [width, height, depth, color] = [header.readUInt32BE(0), header.readUInt32BE(4), header[8], header[9]];
  if (depth !== 8 || (color !== RGB && color !== RGBA) || header[12] !== 0)
    throw new Error(
      `only PNGs of 8-bit RGB or RGBA without interlacing are read; this has depth ${depth}, type ${color}`,
    );
  const channels = color === RGB ? 3 : 4;
  return { width, height, channels, pixels: unfilter(inflateSync(Buffer.concat(data)), width * channels, channels) };
}

/** Undoes the filter of each row, as PNG's specification has it (section 9). */
function unfilter(lines: Buffer, rowBytes: number, step: number): Buffer {
  const rows = lines.length / (rowBytes + 1);
  const pixels = Buffer.alloc(rows * rowBytes);
  for (let row = 0; row < rows; row++) {
    const filter = lines[row * (rowBytes + 1)]!;
    const from = row * (rowBytes + 1) + 1;
    const to = row * rowBytes;
    for (let i = 0; i < rowBytes; i++) {
      const left = i < step ? 0 : pixels[to + i - step]!;
      const up = row === 0 ? 0 : pixels[to + i - rowBytes]!;
      const corner = i < step || row === 0 ? 0 : pixels[to + i - rowBytes - step]!;
      pixels[to + i] = lines[from + i]! + predicted(filter, left, up, corner);
    }
  }
  return pixels;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const estimate = left + up - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

function withoutAlpha(raster: Raster): Raster {
  const { channels, pixels, width, height } = raster;
  if (channels === 3) return raster;
  const opaque = Buffer.alloc(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    if (pixels[4 * i + 3] !== 255) return raster;
    pixels.copy(opaque, 3 * i, 4 * i, 4 * i + 3);
  }
  return { width, height, channels: 3, pixels: opaque };
}

/** null: more colours than a palette holds. */
function indexColors({ width, height, pixels }: Raster): Buffer | null {
  const places = new Map<number, number>();
  const indices = Buffer.alloc(width * height);
  for (let i = 0; i < indices.length; i++) {
    const color = pixels.readUIntBE(3 * i, 3);
    let place = places.get(color);
    if (place === undefined) {
      if (places.size === MOST_COLORS) return null;
      places.set(color, (place = places.size));
    }
    indices[i] = place;
  }
  const palette = Buffer.alloc(places.size * 3);
  for (const [color, place] of places) palette.writeUIntBE(color, 3 * place, 3);
  return assemble(width, height, PALETTE, unfiltered(indices, width), palette);
}

function encode({ width, height, channels, pixels }: Raster): Buffer {
  const rowBytes = width * channels;
  const type = channels === 3 ? RGB : RGBA;
  const plain = assemble(width, height, type, unfiltered(pixels, rowBytes), null);
  const above = assemble(width, height, type, minusAbove(pixels, rowBytes), null);
  return above.length < plain.length ? above : plain;
}

function unfiltered(pixels: Buffer, rowBytes: number): Buffer {
  const rows = pixels.length / rowBytes;
  const lines = Buffer.alloc(rows * (rowBytes + 1));
  for (let row = 0; row < rows; row++)
    pixels.copy(lines, row * (rowBytes + 1) + 1, row * rowBytes, (row + 1) * rowBytes);
  return lines;
}

function minusAbove(pixels: Buffer, rowBytes: number): Buffer {
  const lines = unfiltered(pixels, rowBytes);
  for (let at = rowBytes; at < pixels.length; at++) {
    const row = Math.floor(at / rowBytes);
    lines[at + row + 1] = pixels[at]! - pixels[at - rowBytes]!;
    lines[row * (rowBytes + 1)] = 2;
  }
  return lines;
}

function assemble(width: number, height: number, type: number, lines: Buffer, palette: Buffer | null): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, type, 0, 0, 0], 8);
  const packed = deflateSync(lines, { level: 9, memLevel: 9, strategy: constants.Z_DEFAULT_STRATEGY });
  const chunks = [chunk('IHDR', header), ...(palette === null ? [] : [chunk('PLTE', palette)]), chunk('IDAT', packed)];
  return Buffer.concat([SIGNATURE, ...chunks, chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  check.writeUInt32BE(crc32(named) >>> 0);
  return Buffer.concat([length, named, check]);
}
