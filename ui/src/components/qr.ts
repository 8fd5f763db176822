// SPDX-License-Identifier: Apache-2.0
// A text as a QR code: byte mode, error correction M, versions 1 to 10 (213 bytes), after ISO/IEC
// 18004. For what a telephone reads off a screen once; it does not look for the shortest encoding.

export type Modules = boolean[][]; // rows of dark and light, without the quiet zone

interface Version {
  codewords: number; // of data and correction together
  blocks: number;
  correction: number; // codewords of each block
  alignment: readonly number[]; // centres, by row and by column
}

const VERSIONS: readonly Version[] = [
  { codewords: 26, blocks: 1, correction: 10, alignment: [] },
  { codewords: 44, blocks: 1, correction: 16, alignment: [6, 18] },
  { codewords: 70, blocks: 1, correction: 26, alignment: [6, 22] },
  { codewords: 100, blocks: 2, correction: 18, alignment: [6, 26] },
  { codewords: 134, blocks: 2, correction: 24, alignment: [6, 30] },
  { codewords: 172, blocks: 4, correction: 16, alignment: [6, 34] },
  { codewords: 196, blocks: 4, correction: 18, alignment: [6, 22, 38] },
  { codewords: 242, blocks: 4, correction: 22, alignment: [6, 24, 42] },
  { codewords: 292, blocks: 5, correction: 22, alignment: [6, 26, 46] },
  { codewords: 346, blocks: 5, correction: 26, alignment: [6, 28, 50] },
];
const LEVEL_M = 0; // in the format bits
const MASKS: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
];

// The modules of a text; null when it is too long for version 10.
export function qrOf(text: string): Modules | null {
  const bytes = new TextEncoder().encode(text);
  const index = VERSIONS.findIndex((version, place) =>
    bytes.length + (place < 9 ? 2 : 3) <= dataSize(version));
  const version = VERSIONS[index];

  if (!version) return null;
  const bits = bitsOf(corrected(dataOf(bytes, version, index < 9 ? 8 : 16), version));
  const drawn = MASKS.map((_, mask) => draw(version, index + 1, bits, mask));
  return drawn.reduce((best, each) => (penalty(each) < penalty(best) ? each : best));
}

function dataSize({ codewords, blocks, correction }: Version): number {
  return codewords - blocks * correction;
}

function dataOf(bytes: Uint8Array, version: Version, countBits: number): number[] {
  const bits = [0, 1, 0, 0, ...binary(bytes.length, countBits)];
  const size = dataSize(version);

  for (const byte of bytes) bits.push(...binary(byte, 8));
  bits.push(...Array<number>(Math.min(4, size * 8 - bits.length)).fill(0));
  while (bits.length % 8 > 0) bits.push(0);
  const words = Array.from({ length: bits.length / 8 }, (_, index) =>
    bits.slice(index * 8, index * 8 + 8).reduce((word, bit) => word * 2 + bit, 0));
  for (let filler = 0xec; words.length < size; filler ^= 0xec ^ 0x11) words.push(filler);
  return words;
}

function binary(value: number, width: number): number[] {
  return Array.from({ length: width }, (_, index) => (value >> (width - 1 - index)) & 1);
}

function bitsOf(words: readonly number[]): number[] {
  return words.flatMap((word) => binary(word, 8));
}

// ---- Reed-Solomon over GF(2⁸), x⁸ + x⁴ + x³ + x² + 1 ----

function times(left: number, right: number): number {
  let product = 0;

  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    product ^= ((right >> bit) & 1) * left;
  }
  return product;
}

function generator(degree: number): number[] {
  let factors = [...Array<number>(degree - 1).fill(0), 1];
  let root = 1;

  for (let each = 0; each < degree; each++) {
    factors = factors.map((factor, index) => times(factor, root) ^ (factors[index + 1] ?? 0));
    root = times(root, 2);
  }
  return factors;
}

function remainder(data: readonly number[], factors: readonly number[]): number[] {
  let rest = Array<number>(factors.length).fill(0);

  for (const word of data) {
    const lead = word ^ rest[0]!;
    rest = [...rest.slice(1), 0].map((each, index) => each ^ times(factors[index]!, lead));
  }
  return rest;
}

// The blocks with their correction, word by word from each in turn; later blocks may be one longer.
function corrected(data: readonly number[], version: Version): number[] {
  const { blocks, correction } = version;
  const short = Math.floor(data.length / blocks);
  const longFrom = blocks - (data.length % blocks);
  const factors = generator(correction);
  const parts: number[][] = [];

  for (let block = 0, at = 0; block < blocks; block++) {
    const size = short + (block >= longFrom ? 1 : 0);
    parts.push(data.slice(at, at + size));
    at += size;
  }
  return [
    ...interleaved(parts, short + 1),
    ...interleaved(parts.map((part) => remainder(part, factors)), correction),
  ];
}

function interleaved(parts: readonly number[][], length: number): number[] {
  return Array.from({ length }, (_, index) => parts.flatMap((part) => part[index] ?? [])).flat();
}

// ---- the picture ----

// Modules of fixed patterns are known before the data comes; undefined: for data.
type Grid = (boolean | undefined)[][];

function draw(version: Version, number: number, bits: readonly number[], mask: number): Modules {
  const size = 17 + 4 * number;
  const grid: Grid = Array.from({ length: size }, () => Array<undefined>(size).fill(undefined));

  drawFinders(grid);
  drawAlignment(grid, version.alignment);
  for (let at = 8; at < size - 8; at++) {
    grid[6]![at] ??= at % 2 === 0;
    grid[at]![6] ??= at % 2 === 0;
  }
  drawFormat(grid, mask);
  if (number >= 7) drawVersion(grid, number);
  drawData(grid, bits, MASKS[mask]!);
  return grid as Modules;
}

// Rings round a centre, dark where `isDark` says so of the distance.
function ring(grid: Grid, row: number, column: number, reach: number,
              isDark: (distance: number) => boolean): void {
  for (let down = -reach; down <= reach; down++)
    for (let right = -reach; right <= reach; right++) {
      const line = grid[row + down];
      if (line && column + right >= 0 && column + right < grid.length)
        line[column + right] = isDark(Math.max(Math.abs(down), Math.abs(right)));
    }
}

function drawFinders(grid: Grid): void {
  const end = grid.length - 4;

  for (const [row, column] of [[3, 3], [3, end], [end, 3]] as const)
    ring(grid, row, column, 4, (distance) => distance !== 2 && distance !== 4);
}

function drawAlignment(grid: Grid, centres: readonly number[]): void {
  for (const row of centres)
    for (const column of centres)
      if (!isInFinder(grid.length, row, column))
        ring(grid, row, column, 2, (distance) => distance !== 1);
}

function isInFinder(size: number, row: number, column: number): boolean {
  return (row < 9 && (column < 9 || column > size - 9)) || (row > size - 9 && column < 9);
}

// Bits followed by the remainder of their division by a polynomial (BCH).
function withRemainder(value: number, polynomial: number, degree: number): number {
  let rest = value << degree;

  for (let bit = 31 - Math.clz32(rest); bit >= degree; bit--)
    if ((rest >> bit) & 1) rest ^= polynomial << (bit - degree);
  return (value << degree) | rest;
}

function drawFormat(grid: Grid, mask: number): void {
  const bits = withRemainder((LEVEL_M << 3) | mask, 0x537, 10) ^ 0x5412;
  const last = grid.length - 1;
  const bit = (index: number) => ((bits >> index) & 1) === 1;

  for (let index = 0; index < 6; index++) {
    grid[index]![8] = bit(index);
    grid[8]![5 - index] = bit(9 + index);
  }
  grid[7]![8] = bit(6);
  grid[8]![8] = bit(7);
  grid[8]![7] = bit(8);
  for (let index = 0; index < 8; index++) grid[8]![last - index] = bit(index);
  for (let index = 8; index < 15; index++) grid[last - 14 + index]![8] = bit(index);
  grid[last - 7]![8] = true;
}

function drawVersion(grid: Grid, number: number): void {
  const bits = withRemainder(number, 0x1f25, 12);

  for (let index = 0; index < 18; index++) {
    const [near, far] = [Math.floor(index / 3), grid.length - 11 + (index % 3)];
    grid[near]![far] = grid[far]![near] = ((bits >> index) & 1) === 1;
  }
}

// In columns of two from the right, upwards and downwards in turn, past the timing column.
function drawData(grid: Grid, bits: readonly number[],
                  isFlipped: (row: number, column: number) => boolean): void {
  const size = grid.length;
  let next = 0;
  let isUp = true;

  for (let right = size - 1; right > 0; right -= right === 8 ? 3 : 2, isUp = !isUp)
    for (let step = 0; step < size; step++) {
      const row = isUp ? size - 1 - step : step;
      for (const column of [right === 6 ? 5 : right, (right === 6 ? 5 : right) - 1])
        if (grid[row]![column] === undefined)
          grid[row]![column] = (bits[next++] === 1) !== isFlipped(row, column);
    }
}

// What makes a code hard to read: long runs of one colour, and squares of it.
function penalty(modules: Modules): number {
  const columns = modules.map((_, at) => modules.map((row) => row[at]!));
  let points = 0;

  for (const line of [...modules, ...columns])
    for (const run of line.map(Number).join("").match(/0{5,}|1{5,}/g) ?? [])
      points += run.length - 2;
  for (let row = 1; row < modules.length; row++)
    for (let column = 1; column < modules.length; column++) {
      const square = [modules[row]![column - 1], modules[row - 1]![column],
                      modules[row - 1]![column - 1]];
      if (square.every((each) => each === modules[row]![column])) points += 3;
    }
  return points;
}
