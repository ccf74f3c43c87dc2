/* The loops over samples and control steps that numpy is slow at. Plain C, called through ctypes; `__init__.py` says
 * what each takes. Every loop has a numpy twin in the module that calls it, which runs where there is no compiler.
 *
 * Sums are written in a fixed order and contracted only where it says `fused`: every machine gives the same bits.
 * Signals are float, [frames, channels]; the recursions are double, as their parts almost cancel at low frequencies. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

#if __has_builtin(__builtin_shufflevector) /* clang, and gcc from 12 on */
#define SHUFFLED(x, ...) __builtin_shufflevector(x, x, __VA_ARGS__)
#else
#define SHUFFLED(x, ...) __builtin_shuffle(x, (EightInts){__VA_ARGS__})
#endif

typedef double Pair __attribute__((vector_size(16))); /* two channels */
typedef int64_t PairBits __attribute__((vector_size(16)));
typedef float Eight __attribute__((vector_size(32)));
typedef int32_t EightInts __attribute__((vector_size(32)));
typedef float EightAnywhere __attribute__((vector_size(32), aligned(4), may_alias));

enum { TILE = 256, TAPS = 48, LEAD = TAPS / 2 - 1, MIDDLE = 16, PHASES = 7, GROUP = 16, ROOM = TILE + 64 };

/* Whether this machine has what the rest was compiled for. */
int runs_here(void) {
#ifdef __AVX2__
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
    return 1;
#endif
}

/* Decaying states would end as denormal numbers, a hundred times slower: on x86 they become zero at once. */
INLINE unsigned flush_denormals(void) {
#ifdef __x86_64__
    unsigned before = __builtin_ia32_stmxcsr();
    __builtin_ia32_ldmxcsr(before | 0x8040);
    return before;
#else
    return 0;
#endif
}

INLINE void restore(unsigned before) {
#ifdef __x86_64__
    __builtin_ia32_ldmxcsr(before);
#else
    (void)before;
#endif
}

/* a b + c, rounded once, with the same bits wherever it runs. */
INLINE Pair fused(Pair a, Pair b, Pair c) {
#ifdef __FMA__
    return __builtin_ia32_vfmaddpd(a, b, c);
#else
    return (Pair){fma(a[0], b[0], c[0]), fma(a[1], b[1], c[1])};
#endif
}

typedef struct { Pair b0, from_x1, from_x2, less_a1, less_a2; } Section;

INLINE void prepare(Section *sections, const double *sos, long count) {
    for (long i = 0; i < count; i++, sos += 6) {
        double b0 = sos[0], a1 = sos[4], a2 = sos[5], x1 = sos[1] - a1 * b0, x2 = sos[2] - a2 * b0;
        sections[i] = (Section){{b0, b0}, {x1, x1}, {x2, x2}, {-a1, -a1}, {-a2, -a2}};
    }
}

/* A biquad with the states of transposed direct form II. The next states come from these and the input, not by way of
 * the output: that is the shorter chain of what waits for what. */
INLINE Pair run_section(const Section *c, Pair x, Pair *z) {
    Pair first = z[0];
    z[0] = fused(c->less_a1, first, fused(c->from_x1, x, z[1]));
    z[1] = fused(c->less_a2, first, c->from_x2 * x);
    return fused(c->b0, x, first);
}

/* `count` of them in registers over a tile. */
INLINE void run_sections(Pair *tile, long frames, const Section *sections, const int count, Pair *z) {
    Section c[4];
    Pair s[8];
    memcpy(c, sections, count * sizeof *c);
    memcpy(s, z, 2 * count * sizeof *s);
    for (long t = 0; t < frames; t++) {
        Pair x = tile[t];
#pragma GCC unroll 4
        for (int i = 0; i < count; i++) x = run_section(&c[i], x, s + 2 * i);
        tile[t] = x;
    }
    memcpy(z, s, 2 * count * sizeof *s);
}

INLINE void cascade(Pair *tile, long frames, const Section *sections, long count, Pair *z) {
    long i = 0;
    for (; i + 4 <= count; i += 4) run_sections(tile, frames, sections + i, 4, z + 2 * i);
    if (count & 2) run_sections(tile, frames, sections + i, 2, z + 2 * i), i += 2;
    if (count & 1) run_sections(tile, frames, sections + i, 1, z + 2 * i);
}

/* Of an odd number of channels the last runs twice: both lanes hold it and store the same. */
INLINE void load_states(Pair *z, const double *state, long order, long one, long other) {
    for (long k = 0; k < order; k++) z[k] = (Pair){state[one * order + k], state[other * order + k]};
}

INLINE void store_states(const Pair *z, double *state, long order, long one, long other) {
    for (long k = 0; k < order; k++) state[one * order + k] = z[k][0], state[other * order + k] = z[k][1];
}

void filter_sections(const float *x, float *y, long frames, long channels, const double *sos, long count,
                     double *state) {
    Pair tile[TILE], z[2 * count];
    Section sections[count];
    unsigned mode = flush_denormals();
    prepare(sections, sos, count);
    for (long one = 0; one < channels; one += 2) {
        long other = one + 1 < channels ? one + 1 : one;
        load_states(z, state, 2 * count, one, other);
        for (long start = 0; start < frames; start += TILE) {
            long length = frames - start < TILE ? frames - start : TILE;
            const float *in = x + start * channels;
            float *out = y + start * channels;
            for (long t = 0; t < length; t++) tile[t] = (Pair){in[t * channels + one], in[t * channels + other]};
            cascade(tile, length, sections, count, z);
            for (long t = 0; t < length; t++)
                out[t * channels + one] = (float)tile[t][0], out[t * channels + other] = (float)tile[t][1];
        }
        store_states(z, state, 2 * count, one, other);
    }
    restore(mode);
}

/* A step's squares after two biquads, added up; `peak` becomes the highest |sample| before them. */
INLINE Pair weigh_step(const float *x, long step, const long channels, const long apart, const Section *sections,
                       Pair *z, Pair *peak) {
    Pair sum = {0, 0}, highest = {0, 0};
    for (long t = 0; t < step; t++, x += channels) {
        Pair sample = {x[0], x[apart]};
        Pair y = run_section(&sections[1], run_section(&sections[0], sample, z), z + 2);
        PairBits size = (PairBits)sample & INT64_MAX, more = size > (PairBits)highest;
        highest = (Pair)((size & more) | ((PairBits)highest & ~more));
        sum += y * y;
    }
    *peak = highest;
    return sum;
}

void weigh(const float *x, long steps, long step, long channels, const double *sos, double *state,
           const double *weights, double *energies, float *peaks) {
    Section sections[2];
    Pair z[4], peak;
    unsigned mode = flush_denormals();
    prepare(sections, sos, 2);
    memset(energies, 0, steps * sizeof(double));
    memset(peaks, 0, steps * sizeof(float));
    for (long one = 0; one < channels; one += 2) {
        long other = one + 1 < channels ? one + 1 : one;
        double other_weight = other > one ? weights[other] : 0.0;
        load_states(z, state, 4, one, other);
        for (long k = 0; k < steps; k++) {
            const float *in = x + k * step * channels + one;
            Pair sum = channels == 2 ? weigh_step(in, step, 2, 1, sections, z, &peak)
                                     : weigh_step(in, step, channels, other - one, sections, z, &peak);
            double highest = peak[0] > peak[1] ? peak[0] : peak[1];
            peaks[k] = highest > peaks[k] ? (float)highest : peaks[k];
            energies[k] += (weights[one] * sum[0] + other_weight * sum[1]) / step;
        }
        store_states(z, state, 4, one, other);
    }
    restore(mode);
}

INLINE Eight at(const float *x) { return (Eight)*(const EightAnywhere *)x; }

INLINE Eight magnitude(Eight x) { return (Eight)((EightInts)x & 0x7fffffff); }

INLINE Eight larger(Eight a, Eight b) {
#ifdef __AVX__
    return __builtin_ia32_maxps256(a, b);
#else
    EightInts first = a > b;
    return (Eight)(((EightInts)a & first) | ((EightInts)b & ~first));
#endif
}

INLINE float largest(Eight x) {
    x = larger(x, SHUFFLED(x, 4, 5, 6, 7, 0, 1, 2, 3));
    x = larger(x, SHUFFLED(x, 2, 3, 0, 1, 6, 7, 4, 5));
    return x[0] > x[1] ? x[0] : x[1];
}

/* The same of eight, one factor for all. */
INLINE Eight fused_eight(float a, Eight b, Eight c) {
#ifdef __FMA__
    return __builtin_ia32_vfmaddps256((Eight){} + a, b, c);
#else
    for (int lane = 0; lane < 8; lane++) c[lane] = fmaf(a, b[lane], c[lane]);
    return c;
#endif
}

INLINE void add_taps(const float *x, const float *taps, int from, int to, Eight even[2], Eight odd[2]) {
    for (int t = from; t < to; t += 2)
        for (int half = 0; half < 2; half++) {
            even[half] = fused_eight(taps[t], at(x + t + 8 * half), even[half]);
            odd[half] = fused_eight(taps[t + 1], at(x + t + 1 + 8 * half), odd[half]);
        }
}

/* Raise `env`, 16 samples wide, by the points at one phase after each sample: if, after the taps in the middle, what
 * the others can add at most, `rest`, could lift one of them above `above`. */
INLINE void raise(const float *x, const float *taps, float rest, float above, Eight env[2]) {
    Eight even[2] = {{0}, {0}}, odd[2] = {{0}, {0}};
    add_taps(x, taps, MIDDLE, TAPS - MIDDLE, even, odd);
    if (largest(larger(magnitude(even[0] + odd[0]), magnitude(even[1] + odd[1]))) + rest <= above) return;
    add_taps(x, taps, 0, MIDDLE, even, odd);
    add_taps(x, taps, TAPS - MIDDLE, TAPS, even, odd);
    for (int half = 0; half < 2; half++) env[half] = larger(env[half], magnitude(even[half] + odd[half]));
}

/* All phases of one group, each refinement only where the points so far come close enough to what is `known` (see
 * true_peak.py, which has the same shares). When `rising`, what is found becomes known; returns what is known. */
INLINE float refine(const float *x, const float *taps, const float *outer, float level, long refinements, float known,
                    int rising, Eight env[2]) {
    static const float shares[4] = {0.0f, 0.6f, 0.85f, 1.0f};
    for (int r = 0, phase = 0; r < refinements; phase += 1 << r++) {
        if (r && largest(larger(env[0], env[1])) < shares[r] * known) break;
        for (int p = phase; p < phase + (1 << r); p++)
            raise(x, taps + TAPS * p, outer[p] * level, shares[r + 1] * known, env);
        float found = largest(larger(env[0], env[1]));
        known = rising && found > known ? found : known;
    }
    return known;
}

/* One channel in a row, followed by silence. Where the compiler knows how many there are, it uses vectors. */
INLINE void take_channel(const float *x, long frames, const long channels, float *plane) {
    for (long t = 0; t < frames; t++) plane[t] = x[t * channels];
    memset(plane + frames, 0, (ROOM - frames) * sizeof(float));
}

/* True peaks: x is [TAPS - 1 + frames, channels], taps [PHASES, TAPS] in the order of the refinements. `known` [2]: the
 * highest point and the highest sample, in and out. With `envelope` [frames / step]: the highest point of each step,
 * exact above the first of `known`, which stays; without it that rises to the highest. */
void find_peaks(const float *x, long frames, long channels, const float *taps, long refinements, float reach,
                float *known, float *envelope, long step) {
    float plane[ROOM], linked[TILE], levels[ROOM / GROUP], outer[PHASES] = {0}, highest = 0;
    long in_step = 0;
    for (int p = 0; p < PHASES; p++)
        for (int t = 0; t < TAPS; t++) outer[p] += t < MIDDLE || t >= TAPS - MIDDLE ? fabsf(taps[TAPS * p + t]) : 0.0f;
    for (long start = 0; start < frames; start += TILE) {
        long length = frames - start < TILE ? frames - start : TILE, heard = length + TAPS - 1;
        memset(linked, 0, sizeof linked);
        for (long c = 0; c < channels; c++) {
            const float *first = x + start * channels + c;
            channels == 2 ? take_channel(first, heard, 2, plane) : take_channel(first, heard, channels, plane);
            for (long g = 0; g < ROOM / GROUP; g++) {
                levels[g] = largest(larger(magnitude(at(plane + GROUP * g)), magnitude(at(plane + GROUP * g + 8))));
                known[1] = levels[g] > known[1] ? levels[g] : known[1];
            }
            for (long g = 0; g * GROUP < length; g++) {
                const float *from = plane + GROUP * g;
                float level = levels[g]; /* of all that its points depend on */
                for (int k = 1; k < 4; k++) level = levels[g + k] > level ? levels[g + k] : level;
                int candidate = level * reach > *known;
                if (!candidate && !envelope) continue;
                Eight env[2];
                for (int half = 0; half < 2; half++) {
                    const float *first = from + LEAD + 8 * half;
                    env[half] = larger(magnitude(at(first)), magnitude(at(first + 1)));
                }
                if (candidate) *known = refine(from, taps, outer, level, refinements, *known, !envelope, env);
                EightAnywhere *into = (EightAnywhere *)(linked + GROUP * g);
                for (int half = 0; half < 2; half++) into[half] = larger(into[half], env[half]);
            }
        }
        for (long t = 0; envelope && t < length; t++) {
            highest = linked[t] > highest ? linked[t] : highest;
            if (++in_step == step) *envelope++ = highest, highest = 0, in_step = 0;
        }
    }
}

INLINE double more(double a, double b) { return a > b ? a : b; }

enum { TICK_NODES = 8 }; /* as programme.py has it */

/* The largest of `length` neighbours, in place: windows double until they reach that. n values become n - length + 1. */
INLINE long slide_largest(double *x, long n, long length) {
    long reach = 1;
    for (; 2 * reach <= length; reach *= 2)
        for (long k = 0; k + reach < n - reach + 1; k++) x[k] = more(x[k], x[k + reach]);
    long rest = length - reach;
    for (long k = 0; rest && k < n - length + 1; k++) x[k] = more(x[k], x[k + rest]);
    return n - length + 1;
}

/* From one tick's value to the next, at each of its nodes. */
INLINE double on_the_way(const double *tick, long node) {
    return tick[0] + (tick[1] - tick[0]) * ((double)(node + 1) / TICK_NODES);
}

/* y = x through a window: n - taps + 1 values. */
INLINE void through_window(const double *x, long n, const double *window, long taps, double *y) {
    n -= taps - 1;
    memset(y, 0, n * sizeof(double));
    for (long tap = 0; tap < taps; tap++)
        for (long k = 0; k < n; k++) y[k] += window[tap] * x[k + tap];
}

/* Closing by `gap` and opening by `length`, then a window, of x, which is overwritten: see programme.py. */
void persisting(double *x, long n, long gap, long length, const double *window, long taps, double *y) {
    n = slide_largest(x, n, gap);
    for (long k = 0; k < n; k++) x[k] = -x[k];
    n = slide_largest(x, n, gap + length - 1);
    for (long k = 0; k < n; k++) x[k] = -x[k];
    through_window(x, slide_largest(x, n, length), window, taps, y);
}

/* How bright the sound is, 0 to 1, from energies per tick, smoothed by a window: see programme.py. */
INLINE void find_brightness(const double *of_signal, const double *of_differences, long n, const double *window, long taps,
                            double from_squared, double octaves, double *room, double *y) {
    through_window(of_signal, n, window, taps, room);
    through_window(of_differences, n, window, taps, y);
    for (long k = 0; k < n - taps + 1; k++) {
        double share = y[k] / more(room[k], 1e-20) / from_squared;
        double way = share > 1.0 ? 0.5 * log2(share) / octaves : 0.0;
        y[k] = way < 1.0 ? way : 1.0;
    }
}

/* Gains from reductions: the first, or on the way from it to the second as far as `brightness` goes, if that is given. */
INLINE void to_gains(const double *slow, const double *quick, const double *brightness, long n, double *gains) {
    for (long k = 0; k < n; k++) gains[k] = slow[k];
    for (long k = 0; brightness && k < n; k += TICK_NODES, brightness++)
        for (long node = 0; node < TICK_NODES; node++)
            gains[k + node] += on_the_way(brightness, node) * (quick[k + node] - slow[k + node]);
    for (long k = 0; k < n; k++) gains[k] = gains[k] > 0.0 ? exp(-gains[k]) : 1.0;
}

/* What ticks hear: the most that was needed, the energy over all channels, and that of the differences from frame to
 * frame. */
INLINE void hear(const double *needed, const float *x, long ticks, long frames, long channels, double *most,
                 double *of_signal, double *of_differences) {
    long last = (frames - 1) * channels;
    for (long tick = 0; tick < ticks; tick++, needed += TICK_NODES, x += frames * channels) {
        most[tick] = needed[0];
        for (long node = 1; node < TICK_NODES; node++) most[tick] = more(most[tick], needed[node]);
        Eight signal = {0}, differences = {0};
        long k = 0;
        for (; k + 8 <= last; k += 8) {
            Eight now = at(x + k), between = at(x + k + channels) - now;
            signal += now * now;
            differences += between * between;
        }
        double sums[2] = {0.0, 0.0};
        for (int lane = 0; lane < 8; lane++) sums[0] += signal[lane], sums[1] += differences[lane];
        for (; k < frames * channels; k++) {
            float between = k < last ? x[k + channels] - x[k] : 0.0f;
            sums[0] += x[k] * x[k], sums[1] += between * between;
        }
        of_signal[tick] = sums[0], of_differences[tick] = sums[1];
    }
}

/* y[k] = max(x[k], y[k - 1] fall), where y[-1] is `held`. */
void hold_maximum(const double *x, double *y, long n, double fall, double held) {
    unsigned before = flush_denormals();
    for (long k = 0; k < n; k++) y[k] = held = more(x[k], held * fall);
    restore(before);
}

/* y[k] = kept y[k - 1] + (1 - kept) x[k], where y[-1] is `last`. */
void smooth(const double *x, double *y, long n, double kept, double last) {
    unsigned before = flush_denormals();
    for (long k = 0; k < n; k++) y[k] = last = kept * last + (1.0 - kept) * x[k];
    restore(before);
}

/* y = x times a gain that goes in a line from each node to the next; the last step may be cut short. */
INLINE void apply_steps(const float *x, float *y, long frames, long channels, const double *gains, long step,
                        long first) {
    for (long start = 0; start < frames; start += step, gains++) {
        double rise = (gains[1] - gains[0]) / step;
        long end = start + step < frames ? start + step : frames;
        for (long t = start; t < end; t++) {
            float gain = (float)(gains[0] + rise * (double)(t - start + first));
            for (long c = 0; c < channels; c++) y[t * channels + c] = x[t * channels + c] * gain;
        }
    }
}

void apply_gains(const float *x, float *y, long frames, long channels, const double *gains, long step, long first) {
    if (channels == 2 && step == 4 && frames % 4 == 0) { /* a limiter at 48 kHz: the compiler unrolls it */
        for (long start = 0; start < frames; start += 4, gains++, x += 8, y += 8)
            apply_steps(x, y, 4, 2, gains, 4, first);
    } else {
        apply_steps(x, y, frames, channels, gains, step, first);
    }
}

/* A look-ahead of `nodes` and a release. `carried`: the last need and the reduction held; `past` [2, nodes]: what was
 * held, and what of that the look-ahead reached. */
typedef struct { long nodes; double fall; const double *window; double *carried, *past; } Release;

/* From the needs of `n` steps to the reductions at their ends, in what is returned (see dynamics.py). `floor` may be
 * absent, or has n / TICK_NODES + 1 values. */
INLINE double *reduce(const Release *by, const double *needed, long n, const double *floor, double **scratch) {
    long nodes = by->nodes;
    double *ahead = *scratch, *reached = ahead + nodes + n, *reduction = reached + nodes + n, *now = ahead + nodes;
    *scratch = reduction + nodes + n;
    memcpy(ahead, by->past, nodes * sizeof(double));
    memcpy(reached, by->past + nodes, nodes * sizeof(double));
    double last = by->carried[0], held = by->carried[1];
    int quiet = held < 1e-6 && last == 0.0;
    for (long k = 0; k < n && quiet; k++) quiet = needed[k] == 0.0;
    for (long k = 0; floor && k <= n / TICK_NODES && quiet; k++) quiet = floor[k] == 0.0;
    if (quiet) held = 0.0;
    now[0] = more(needed[0], last), last = needed[n - 1];
    for (long k = 1; k < n; k++) now[k] = more(needed[k], needed[k - 1]);
    for (long k = 0; floor && k < n; k += TICK_NODES, floor++)
        for (long node = 0; node < TICK_NODES; node++)
            now[k + node] = more(now[k + node], on_the_way(floor, node));
    for (long k = 0; k < n; k++) now[k] = held = more(now[k], held * by->fall);
    by->carried[0] = last, by->carried[1] = held;
    memcpy(reduction, ahead, (nodes + n) * sizeof(double));
    slide_largest(reduction, nodes + n, nodes + 1);
    memcpy(reached + nodes, reduction, n * sizeof(double));
    through_window(reached, nodes + n, by->window, nodes + 1, reduction);
    memcpy(by->past, ahead + n, nodes * sizeof(double));
    memcpy(by->past + nodes, reached + n, nodes * sizeof(double));
    return reduction;
}

/* What persists: see programme.py. */
typedef struct { long gap, length, taps; const double *window; } Persistence;

INLINE long reach_of(const Persistence *p) { return 2 * (p->gap - 1) + 2 * (p->length - 1) + p->taps - 1; }

/* One stage of the limiter (see dynamics.py, which has the same arrays), for units of `frames`. `room` [kept + frames,
 * channels] begins with what came before; `needed` has `waiting` values of before. With a second release it adapts: then
 * `heard` [3, ticks] are the last ticks, one more than what persists takes from around a tick. */
typedef struct {
    long frames, channels, step, delay, kept, refinements, waiting;
    float ceiling, reach;
    const float *taps;
    float *room;
    double *last_gain, *needed, *scratch;
    long releases;
    Release release[2];
    long ticks;
    double *heard, most_held, bright_from_squared, bright_octaves;
    Persistence persistence[3];
    long bright_taps;
    const double *bright_window;
} LimiterStage;

INLINE int any(const double *x, long n) {
    int found = 0;
    for (long k = 0; k < n; k++) found |= x[k] != 0.0;
    return found;
}

/* Whether nothing is reduced now, nor will be because of what came so far. */
static int is_idle(const LimiterStage *s) {
    int busy = *s->last_gain != 1.0 || any(s->needed, s->waiting);
    for (long r = 0; r < s->releases && !busy; r++)
        busy = any(s->release[r].carried, 2) || any(s->release[r].past, 2 * s->release[r].nodes);
    return !busy;
}

static float highest_sample(const float *x, long n) {
    Eight highest = {0};
    long k = 0;
    for (; k + 8 <= n; k += 8) highest = larger(highest, magnitude(at(x + k)));
    float most = largest(highest);
    for (; k < n; k++) most = fabsf(x[k]) > most ? fabsf(x[k]) : most;
    return most;
}

/* The reductions that persist and that do so for a while at least, and the brightness: [3, ticks + 1] of a unit. */
static double *follow(const LimiterStage *s, const double *needed, const float *x, double **scratch) {
    long new = s->frames / s->step / TICK_NODES, all = s->ticks + new;
    double *heard = *scratch, *room = heard + 3 * all, *out = room + all;
    *scratch = out + 3 * (new + 1);
    for (long kind = 0; kind < 3; kind++)
        memcpy(heard + kind * all, s->heard + kind * s->ticks, s->ticks * sizeof(double));
    hear(needed, x, new, TICK_NODES * s->step, s->channels, heard + s->ticks, heard + all + s->ticks,
         heard + 2 * all + s->ticks);
    for (long kind = 0; kind < 3; kind++)
        memcpy(s->heard + kind * s->ticks, heard + kind * all + new, s->ticks * sizeof(double));
    for (long k = 0; k < 3; k++) {
        const Persistence *p = &s->persistence[k];
        long beside = (reach_of(&s->persistence[0]) - reach_of(p)) / 2, n = all - 2 * beside;
        for (long t = 0; t < n; t++) {
            double most = heard[beside + t];
            room[t] = most < s->most_held ? most : s->most_held;
        }
        if (any(room, n)) persisting(room, n, p->gap, p->length, p->window, p->taps, out + k * (new + 1));
        else memset(out + k * (new + 1), 0, (new + 1) * sizeof(double));
    }
    for (long k = 0; k <= new; k++) {
        out[k] = more(out[k], out[new + 1 + k]);
        out[new + 1 + k] = more(out[k], out[2 * (new + 1) + k]);
    }
    long inside = new + s->bright_taps, beside = (all - inside) / 2;
    find_brightness(heard + all + beside, heard + 2 * all + beside, inside, s->bright_window, s->bright_taps,
                    s->bright_from_squared, s->bright_octaves, room, out + 2 * (new + 1));
    return out;
}

/* From the peak of each step to the gains at the nodes, [steps + 1]. */
static double *make_gains(const LimiterStage *s, const float *peaks, const float *x, double *scratch) {
    long steps = s->frames / s->step;
    double *needed = scratch, *gains = needed + s->waiting + steps;
    scratch = gains + steps + 1;
    memcpy(needed, s->needed, s->waiting * sizeof(double));
    for (long k = 0; k < steps; k++)
        needed[s->waiting + k] = peaks[k] > s->ceiling ? log((double)(peaks[k] / s->ceiling)) : 0.0;
    memcpy(s->needed, needed + steps, s->waiting * sizeof(double));
    gains[0] = *s->last_gain;
    const Release *slow = &s->release[0], *quick = &s->release[1];
    if (s->releases > 1) {
        double *found = follow(s, needed + s->waiting, x, &scratch);
        long apart = steps / TICK_NODES + 1;
        double *slowly = reduce(slow, needed + slow->nodes, steps, found + apart, &scratch);
        double *quickly = reduce(quick, needed + quick->nodes, steps, found, &scratch);
        to_gains(slowly, quickly, found + 2 * apart, steps, gains + 1);
    } else {
        to_gains(reduce(slow, needed + slow->nodes, steps, NULL, &scratch), NULL, NULL, steps, gains + 1);
    }
    *s->last_gain = gains[steps];
    return gains;
}

static void limit_unit(const LimiterStage *s, const float *x, float *y) {
    long steps = s->frames / s->step, width = s->channels;
    float *late = s->room + (s->kept - s->delay) * width, *around = s->room + (s->kept - TAPS + 1) * width;
    memcpy(s->room + s->kept * width, x, s->frames * width * sizeof(float));
    const double *gains = NULL;
    int idle = is_idle(s);
    if (!idle || highest_sample(around, (s->frames + TAPS - 1) * width) * s->reach > s->ceiling) {
        float known[2] = {s->ceiling, 0.0f}, *peaks = (float *)s->scratch;
        find_peaks(around, s->frames, width, s->taps, s->refinements, s->reach, known, peaks, s->step);
        if (!idle || highest_sample(peaks, steps) > s->ceiling)
            gains = make_gains(s, peaks, around + LEAD * width, s->scratch + steps);
    }
    if (gains) {
        apply_gains(late, y, s->frames, width, gains, s->step, 0);
    } else {
        memcpy(y, late, s->frames * width * sizeof(float));
        if (s->releases > 1) memset(s->heard, 0, 3 * s->ticks * sizeof(double));
    }
    memmove(s->room, s->room + s->frames * width, s->kept * width * sizeof(float));
}

/* `units` of all stages, one after the other; y may be x. */
void limit(const LimiterStage *stages, long count, const float *x, float *y, long units) {
    long size = stages[0].frames * stages[0].channels;
    for (; units; units--, x += size, y += size) {
        limit_unit(&stages[0], x, y);
        for (long k = 1; k < count; k++) limit_unit(&stages[k], y, y);
    }
}

/* Round to 24 bits and clip, three bytes each, lowest first; adding 1.5 · 2^52 rounds to the nearest even. The product
 * is exact: what was 24 bits once comes out as it was. */
void pack_24(const float *x, uint8_t *bytes, long n) {
    for (long t = 0; t < n; t++, bytes += 3) {
        float scaled = x[t] * 8388608.0f;
        float clipped = scaled > 8388607.0f ? 8388607.0f : scaled < -8388608.0f ? -8388608.0f : scaled;
        double rounded = ((double)clipped + 6755399441055744.0) - 6755399441055744.0;
        int32_t value = (int32_t)rounded;
        bytes[0] = (uint8_t)value, bytes[1] = (uint8_t)(value >> 8), bytes[2] = (uint8_t)(value >> 16);
    }
}

/* total = the sum of `count` products of complex spectra, [rows, bins]; parts have one row for all or one for each. */
void sum_products(const float *const *spectra, const float *const *parts, long count, long rows, long part_rows,
                  long bins, float *restrict total) {
    memset(total, 0, 2 * rows * bins * sizeof(float));
    for (long row = 0; row < rows; row++)
        for (long i = 0; i < count; i++) {
            const float *a = spectra[i] + 2 * bins * row, *b = parts[i] + 2 * bins * (row % part_rows);
            float *into = total + 2 * bins * row;
            for (long k = 0; k < 2 * bins; k += 2) {
                float re = a[k] * b[k] - a[k + 1] * b[k + 1], im = a[k] * b[k + 1] + a[k + 1] * b[k];
                into[k] += re;
                into[k + 1] += im;
            }
        }
}

/* Half the sum and half the difference of two channels under a window as long as a frame: out is [2, frames, size]. */
void window_sides(const float *x, long frames, long size, const float *half_window, float *out) {
    for (long frame = 0; frame < frames; frame++, x += 2 * size) {
        float *restrict middle = out + frame * size, *restrict side = middle + frames * size;
        for (long t = 0; t < size; t++) {
            middle[t] = (x[2 * t] + x[2 * t + 1]) * half_window[t];
            side[t] = (x[2 * t] - x[2 * t + 1]) * half_window[t];
        }
    }
}

/* Complex spectra [planes, frames, bins] of a middle and, of two planes, a side: the powers of the middle into `power`
 * [frames, bins]; those of both and middle times conjugate side, added over the frames and times `weight`, onto `sums`
 * [4, bins]: two powers, a real and an imaginary part. */
void add_powers(const float *spectra, long planes, long frames, long bins, double weight, float *power, double *sums) {
    for (long start = 0; start < bins; start += TILE) {
        long length = bins - start < TILE ? bins - start : TILE;
        double added[4][TILE] = {{0}};
        for (long frame = 0; frame < frames; frame++) {
            const float *m = spectra + 2 * (frame * bins + start), *s = m + 2 * frames * bins;
            float *restrict into = power + frame * bins + start;
            for (long k = 0; k < length; k++) {
                into[k] = m[2 * k] * m[2 * k] + m[2 * k + 1] * m[2 * k + 1];
                added[0][k] += into[k];
            }
            for (long k = 0; planes > 1 && k < length; k++) {
                float re = s[2 * k], im = s[2 * k + 1];
                added[1][k] += re * re + im * im;
                added[2][k] += m[2 * k] * re + m[2 * k + 1] * im;
                added[3][k] += m[2 * k + 1] * re - m[2 * k] * im;
            }
        }
        for (long part = 0; part < (planes > 1 ? 4 : 1); part++)
            for (long k = 0; k < length; k++) sums[part * bins + start + k] += weight * added[part][k];
    }
}

/* Powers [frames, bins] in bands, into [frames, bands]: band k has the weights from number starts[k] up to that of the
 * next, of the bins from first[k] on. */
void sum_bands(const float *power, long frames, long bins, const int32_t *first, const int32_t *starts,
               const float *weights, long bands, float *out) {
    for (long frame = 0; frame < frames; frame++, power += bins)
        for (long k = 0; k < bands; k++) {
            const float *x = power + first[k], *w = weights + starts[k];
            long count = starts[k + 1] - starts[k], t = 0;
            Eight lanes = {0};
            float rest = 0.0f;
            for (; t + 8 <= count; t += 8) lanes += at(x + t) * at(w + t);
            for (; t < count; t++) rest += x[t] * w[t];
            for (int lane = 0; lane < 8; lane++) rest += lanes[lane];
            *out++ = rest;
        }
}
