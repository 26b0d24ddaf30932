/** Runs callbacks one at a time, in the order of the calls. A callback that throws does not block the next. */
export class Mutex {
  #tail: Promise<unknown> = Promise.resolve()

  run<T>(callback: () => Promise<T> | T): Promise<T> {
    const result = this.#tail.then(callback)
    this.#tail = result.catch(() => {})
    return result
  }
}
