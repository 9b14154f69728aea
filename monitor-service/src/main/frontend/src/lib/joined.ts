/**
 * `read`, at most once at a time. Whoever asks while it reads gets the promise of that reading, after which it reads
 * once more: the answer on its way may be from before the reason to ask.
 */
export function joined(read: () => Promise<void>): () => Promise<void> {
  let reading: Promise<void> | null = null;
  let again = false;
  const run = async () => {
    try {
      do {
        again = false;
        await read();
      } while (again);
    } finally {
      reading = null;
    }
  };
  return () => {
    if (reading) again = true;
    else reading = run();
    return reading;
  };
}
