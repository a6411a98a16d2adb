/** A list of 32-bit words that grows. */
export class WordList {
  #words = new Uint32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The words so far; valid until the next `push`. */
  get words(): Uint32Array {
    return this.#words.subarray(0, this.#length);
  }

  push(word: number): void {
    if (this.#length === this.#words.length) this.#grow(this.#length + 1);
    this.#words[this.#length++] = word;
  }

  /** A count of 64 bits, low word first. */
  push64(count: number): void {
    this.push(count % 2 ** 32);
    this.push(Math.floor(count / 2 ** 32));
  }

  append(words: ArrayLike<number>): void {
    if (this.#length + words.length > this.#words.length) this.#grow(this.#length + words.length);
    this.#words.set(words, this.#length);
    this.#length += words.length;
  }

  #grow(length: number): void {
    const larger = new Uint32Array(Math.max(length, 2 * this.#words.length));
    larger.set(this.words);
    this.#words = larger;
  }
}
