/* The loops over samples and control steps that numpy is slow at. Plain C, called through ctypes; `__init__.py` says
 * what each takes. Every loop has a numpy twin in the module that calls it, which runs where there is no compiler.
 *
 * Sums are written in a fixed order and never contracted, so that every machine gives the same bits.
 * Signals are float, [frames, channels]; the recursions are double, as their parts almost cancel at low frequencies. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

typedef double Pair __attribute__((vector_size(16)));  /* two channels */
typedef float Eight __attribute__((vector_size(32)));
typedef int32_t EightInts __attribute__((vector_size(32)));
typedef float EightAnywhere __attribute__((vector_size(32), aligned(4), may_alias));

enum { TILE = 256, TAPS = 48, LEAD = TAPS / 2 - 1, GROUP = 16, SPAN = TAPS - 1 + GROUP };

/* Whether this machine has what the rest was compiled for. */
int runs_here(void) {
#ifdef __AVX2__
    return __builtin_cpu_supports("avx2") != 0;
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

/* `count` biquads in registers over a tile, transposed direct form II; z holds two states each. */
INLINE void run_sections(Pair *tile, long frames, const double *sos, const int count, Pair *z) {
    Pair c[4][5], s[8];
    for (int i = 0; i < count; i++) {
        const double *row = sos + 6 * i;
        const double in_order[5] = {row[0], row[1], row[2], row[4], row[5]};
        for (int k = 0; k < 5; k++) c[i][k] = (Pair){in_order[k], in_order[k]};
    }
    memcpy(s, z, 2 * count * sizeof(Pair));
    for (long t = 0; t < frames; t++) {
        Pair x = tile[t];
#pragma GCC unroll 4
        for (int i = 0; i < count; i++) {
            Pair y = c[i][0] * x + s[2 * i];
            s[2 * i] = (c[i][1] * x + s[2 * i + 1]) - c[i][3] * y;
            s[2 * i + 1] = c[i][2] * x - c[i][4] * y;
            x = y;
        }
        tile[t] = x;
    }
    memcpy(z, s, 2 * count * sizeof(Pair));
}

INLINE void cascade(Pair *tile, long frames, const double *sos, long sections, Pair *z) {
    long i = 0;
    for (; i + 4 <= sections; i += 4) run_sections(tile, frames, sos + 6 * i, 4, z + 2 * i);
    if (sections & 2) run_sections(tile, frames, sos + 6 * i, 2, z + 2 * i), i += 2;
    if (sections & 1) run_sections(tile, frames, sos + 6 * i, 1, z + 2 * i);
}

/* Of an odd number of channels the last runs twice: both lanes hold it and store the same. */
INLINE void load_states(Pair *z, const double *state, long order, long one, long other) {
    for (long k = 0; k < order; k++) z[k] = (Pair){state[one * order + k], state[other * order + k]};
}

INLINE void store_states(const Pair *z, double *state, long order, long one, long other) {
    for (long k = 0; k < order; k++) state[one * order + k] = z[k][0], state[other * order + k] = z[k][1];
}

void filter_sections(const float *x, float *y, long frames, long channels, const double *sos, long sections,
                     double *state) {
    Pair tile[TILE], z[2 * sections];
    unsigned mode = flush_denormals();
    for (long one = 0; one < channels; one += 2) {
        long other = one + 1 < channels ? one + 1 : one;
        load_states(z, state, 2 * sections, one, other);
        for (long start = 0; start < frames; start += TILE) {
            long length = frames - start < TILE ? frames - start : TILE;
            const float *in = x + start * channels;
            float *out = y + start * channels;
            for (long t = 0; t < length; t++) tile[t] = (Pair){in[t * channels + one], in[t * channels + other]};
            cascade(tile, length, sos, sections, z);
            for (long t = 0; t < length; t++)
                out[t * channels + one] = (float)tile[t][0], out[t * channels + other] = (float)tile[t][1];
        }
        store_states(z, state, 2 * sections, one, other);
    }
    restore(mode);
}

void weigh(const float *x, long steps, long step, long channels, const double *sos, long sections, double *state,
           const double *weights, double *energies, float *peaks) {
    Pair tile[TILE], z[2 * sections];
    unsigned mode = flush_denormals();
    memset(energies, 0, steps * sizeof(double));
    memset(peaks, 0, steps * sizeof(float));
    for (long one = 0; one < channels; one += 2) {
        long other = one + 1 < channels ? one + 1 : one;
        double other_weight = other > one ? weights[other] : 0.0;
        load_states(z, state, 2 * sections, one, other);
        for (long k = 0; k < steps; k++) {
            Pair sum = {0, 0}, low = {0, 0}, high = {0, 0};
            for (long start = 0; start < step; start += TILE) {
                long length = step - start < TILE ? step - start : TILE;
                const float *in = x + (k * step + start) * channels;
                for (long t = 0; t < length; t++) {
                    Pair v = tile[t] = (Pair){in[t * channels + one], in[t * channels + other]};
                    high = (Pair){v[0] > high[0] ? v[0] : high[0], v[1] > high[1] ? v[1] : high[1]};
                    low = (Pair){v[0] < low[0] ? v[0] : low[0], v[1] < low[1] ? v[1] : low[1]};
                }
                cascade(tile, length, sos, sections, z);
                for (long t = 0; t < length; t++) sum += tile[t] * tile[t];
            }
            double sides[4] = {high[0], high[1], -low[0], -low[1]};
            for (int i = 0; i < 4; i++) peaks[k] = sides[i] > peaks[k] ? (float)sides[i] : peaks[k];
            energies[k] += (weights[one] * sum[0] + other_weight * sum[1]) / step;
        }
        store_states(z, state, 2 * sections, one, other);
    }
    restore(mode);
}

INLINE Eight magnitude(Eight x) { return (Eight)((EightInts)x & 0x7fffffff); }

INLINE Eight larger(Eight a, Eight b) { /* of magnitudes, whose bits are in their order */
    EightInts first = (EightInts)a > (EightInts)b;
    return (Eight)(((EightInts)a & first) | ((EightInts)b & ~first));
}

INLINE float largest(Eight x) {
    float m = x[0];
    for (int i = 1; i < 8; i++) m = x[i] > m ? x[i] : m;
    return m;
}

/* Raise `env`, 16 samples wide, by the points at one phase after each sample. */
INLINE void raise(const float *x, const float *taps, Eight env[2]) {
    Eight even[2] = {{0}, {0}}, odd[2] = {{0}, {0}};
    for (int t = 0; t < TAPS; t += 2)
        for (int half = 0; half < 2; half++) {
            even[half] += taps[t] * (Eight)*(const EightAnywhere *)(x + t + 8 * half);
            odd[half] += taps[t + 1] * (Eight)*(const EightAnywhere *)(x + t + 1 + 8 * half);
        }
    for (int half = 0; half < 2; half++) env[half] = larger(env[half], magnitude(even[half] + odd[half]));
}

/* True peaks (see true_peak.py): x is [TAPS - 1 + frames, channels], taps [7, TAPS] in the order of the refinements.
 * With `envelope` [frames / step]: its highest per step of two, four … samples, exact above `known`; without: `known`
 * rises to the highest. `known` is one float, in and out. */
void find_peaks(const float *x, long frames, long channels, const float *taps, long refinements, float reach,
                float *known, float *envelope, long step) {
    static const float shares[3] = {0.0f, 0.6f, 0.85f};
    float plane[TILE + SPAN + 1], linked[TILE], levels[(TILE + SPAN + 1) / GROUP];
    float above = *known, highest_step = 0;
    long in_step = 0;
    for (long start = 0; start < frames; start += TILE) {
        long length = frames - start < TILE ? frames - start : TILE, heard = length + TAPS - 1;
        memset(linked, 0, sizeof linked);
        for (long c = 0; c < channels; c++) {
            for (long t = 0; t < heard; t++) plane[t] = x[(start + t) * channels + c];
            memset(plane + heard, 0, (TILE + SPAN + 1 - heard) * sizeof(float));
            for (long g = 0; g < (TILE + SPAN + 1) / GROUP; g++)
                levels[g] = largest(larger(magnitude(*(EightAnywhere *)(plane + GROUP * g)),
                                           magnitude(*(EightAnywhere *)(plane + GROUP * g + 8))));
            for (long g = 0; g * GROUP < length; g++) {
                const float *from = plane + GROUP * g;
                float level = levels[g];
                for (int k = 1; k < 4; k++) level = levels[g + k] > level ? levels[g + k] : level;
                int candidate = level * reach > above;
                if (!candidate && !envelope) continue;
                Eight env[2];
                for (int half = 0; half < 2; half++)
                    env[half] = larger(magnitude(*(EightAnywhere *)(from + LEAD + 8 * half)),
                                       magnitude(*(EightAnywhere *)(from + LEAD + 1 + 8 * half)));
                for (int r = 0, phase = 0; r < refinements && candidate; phase += 1 << r++) {
                    if (r && largest(larger(env[0], env[1])) < shares[r] * above) break;
                    for (int p = phase; p < phase + (1 << r); p++) raise(from, taps + TAPS * p, env);
                    if (!envelope) {
                        float found = largest(larger(env[0], env[1]));
                        above = found > above ? found : above;
                    }
                }
                EightAnywhere *into = (EightAnywhere *)(linked + GROUP * g);
                for (int half = 0; half < 2; half++) into[half] = larger(into[half], env[half]);
            }
        }
        for (long t = 0; envelope && t < length; t++) {
            highest_step = linked[t] > highest_step ? linked[t] : highest_step;
            if (++in_step == step) *envelope++ = highest_step, highest_step = 0, in_step = 0;
        }
    }
    *known = above;
}

/* The limiter's gain (see dynamics.py): from the peaks of `n` steps to n gains at their ends. `carried` holds the last
 * step's need, the reduction held, and the last gain; `ahead` and `reached` begin with `nodes` values of the past. */
void make_gains(const float *peaks, long n, float ceiling, double fall, const double *window, long nodes,
                double *carried, double *ahead, double *reached, double *gains) {
    double last = carried[0], held = carried[1], *now = ahead + nodes;
    int quiet = held < 1e-6;
    for (long k = 0; k < n && quiet; k++) quiet = !(peaks[k] > ceiling) && last == 0.0;
    if (quiet) held = 0.0;
    for (long k = 0; k < n; k++) {
        double needed = peaks[k] > ceiling ? log((double)(peaks[k] / ceiling)) : 0.0;
        double at_node = needed > last ? needed : last;
        last = needed;
        held *= fall;
        held = at_node > held ? at_node : held;
        now[k] = held;
    }
    carried[0] = last, carried[1] = held;
    /* The largest of nodes + 1 neighbours: windows double until they reach that. */
    double *into = reached + nodes;
    long length = 1;
    memcpy(gains, ahead, (nodes + n) * sizeof(double));
    for (; 2 * length <= nodes + 1; length *= 2)
        for (long k = 0; k + length < nodes + n; k++) gains[k] = gains[k] > gains[k + length] ? gains[k] : gains[k + length];
    for (long k = 0, rest = nodes + 1 - length; k < n; k++) into[k] = gains[k] > gains[k + rest] ? gains[k] : gains[k + rest];
    gains[0] = carried[2];
    memset(gains + 1, 0, n * sizeof(double));
    for (long tap = 0; tap <= nodes; tap++)
        for (long k = 0; k < n; k++) gains[k + 1] += window[tap] * reached[k + tap];
    for (long k = 1; k <= n; k++) gains[k] = gains[k] > 0.0 ? exp(-gains[k]) : 1.0;
    carried[2] = gains[n];
    memmove(ahead, ahead + n, nodes * sizeof(double));
    memmove(reached, reached + n, nodes * sizeof(double));
}

/* y = x times a gain that goes in a line from each node to the next; the last step may be cut short. */
void apply_gains(const float *x, float *y, long frames, long channels, const double *gains, long step, long first) {
    for (long start = 0; start < frames; start += step, gains++) {
        double rise = (gains[1] - gains[0]) / step;
        long end = start + step < frames ? start + step : frames;
        for (long t = start; t < end; t++) {
            float gain = (float)(gains[0] + rise * (double)(t - start + first));
            for (long c = 0; c < channels; c++) y[t * channels + c] = x[t * channels + c] * gain;
        }
    }
}

/* Round to 24 bits, in the upper bits of 32; adding and subtracting 1.5 · 2^52 rounds to the nearest even. */
void quantise(const float *x, int32_t *y, long n) {
    for (long t = 0; t < n; t++) {
        float clipped = x[t] > 1.0f ? 1.0f : x[t] < -1.0f ? -1.0f : x[t];
        double rounded = ((double)(clipped * 8388607.0f) + 6755399441055744.0) - 6755399441055744.0;
        y[t] = (int32_t)((uint32_t)(int32_t)rounded << 8);
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
