/** The largest and the mean magnitude in each of `count` equal parts of a sound, over all its channels. */
export function outline(channels: readonly Float32Array[], count: number): { peak: number; mean: number }[] {
  const length = channels[0]?.length ?? 0;
  return Array.from({ length: count }, (_, part) => {
    const from = Math.floor((part * length) / count);
    const to = Math.max(from + 1, Math.floor(((part + 1) * length) / count));
    const step = Math.max(1, Math.floor((to - from) / 200)); // 200 samples of a part show it as well as all
    let peak = 0;
    let sum = 0;
    let looked = 0;
    for (const samples of channels) {
      for (let at = from; at < to; at += step) {
        const magnitude = Math.abs(samples[at] ?? 0);
        peak = Math.max(peak, magnitude);
        sum += magnitude;
        looked += 1;
      }
    }
    return { peak, mean: looked ? sum / looked : 0 };
  });
}
