/** Where border lines run on the screen, so that names keep off them. Pure. */

const CELL = 6;

/** @typedef {import("./geometry.js").Rect} Rect */
/** @typedef {import("./geometry.js").Spot} Spot */

export class Clearance {
  /** @param {Spot} size of the screen in pixels */
  constructor({ x, y }) {
    this.across = Math.ceil(x / CELL);
    this.down = Math.ceil(y / CELL);
    this.cells = new Uint8Array(this.across * this.down);
  }

  /** A line runs here. @param {Spot[]} line in pixels */
  add(line) {
    for (let i = 1; i < line.length; i++) this.#run(line[i - 1], line[i]);
  }

  /** How many cells with a line in them a label covers. @param {Rect} rect */
  crossed({ x, y, width, height }) {
    const [left, right] = this.#cells(x, width, this.across);
    const [top, bottom] = this.#cells(y, height, this.down);
    let found = 0;
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) found += this.cells[row * this.across + column];
    }
    return found;
  }

  /** @param {number} middle @param {number} long @param {number} most @returns {[number, number]} */
  #cells(middle, long, most) {
    return [Math.max(0, Math.floor((middle - long / 2) / CELL)), Math.min(most - 1, Math.floor((middle + long / 2) / CELL))];
  }

  /** @param {Spot} from @param {Spot} to */
  #run(from, to) {
    const [wide, high] = [this.across * CELL, this.down * CELL];
    const beside = Math.max(from.x, to.x) < 0 || Math.min(from.x, to.x) > wide || Math.max(from.y, to.y) < 0 || Math.min(from.y, to.y) > high;
    if (beside) return;
    const steps = Math.min(2000, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / (CELL / 2)) || 1);
    for (let step = 0; step <= steps; step++) {
      const [column, row] = [from.x + ((to.x - from.x) * step) / steps, from.y + ((to.y - from.y) * step) / steps].map((at) => Math.floor(at / CELL));
      if (column >= 0 && row >= 0 && column < this.across && row < this.down) this.cells[row * this.across + column] = 1;
    }
  }
}
