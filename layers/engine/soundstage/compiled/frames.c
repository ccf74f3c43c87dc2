/* Frames of a picture: its layers warped by the camera and laid over each other, straight into the encoder's planes.
 *
 * Everything is integers: the same layers and the same camera give the same bytes on every machine. Each block of the
 * frame takes only the layers that are seen there: above the topmost opaque one, and not where a layer is empty. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Four pixels: Y, Cb, Cr and opacity of each, seven bits behind the point. */
typedef int16_t Lanes __attribute__((vector_size(32)));

#if __has_builtin(__builtin_shufflevector) /* clang, and gcc from 12 on */
#define OPACITIES(x) __builtin_shufflevector(x, x, 3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15)
#else
#define OPACITIES(x) __builtin_shuffle(x, (Lanes){3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15})
#endif

enum { ACROSS = 32, DOWN = 16, TILE = 16, MOST_LAYERS = 32, MOST_ACROSS = 4096,
       FARTHEST_STEP = 4, ROOM = ACROSS * FARTHEST_STEP + 4 };
enum { WHOLE = 255 << 7, ONE = 1 << 15 };
enum { EMPTY, MIXED, OPAQUE };

typedef struct {
    const uint8_t *pixels; /* [high, wide, 4]: Y, Cb, Cr and opacity, premultiplied */
    const uint8_t *tiles;  /* [ceil(high / TILE), ceil(wide / TILE)]: what each tile holds */
    int64_t wide, high;
    double step_x, lean, left, step_y, top; /* source x = step_x x + lean y + left, source y = step_y y + top */
    int32_t gain;                           /* of 256 */
    int32_t wraps;                          /* goes on at its other edge, else its edge goes on */
} Layer;

/* x times y / ONE, rounded. */
static inline Lanes share_of(Lanes x, Lanes y) {
#ifdef __AVX2__
    typedef short Shorts __attribute__((vector_size(32)));
    return (Lanes)__builtin_ia32_pmulhrsw256((Shorts)x, (Shorts)y);
#else
    Lanes out;
    for (int i = 0; i < 16; i++) out[i] = (int16_t)((x[i] * y[i] + ONE / 2) >> 15);
    return out;
#endif
}

static inline int64_t fixed(double value) { return (int64_t)floor(value * 4294967296.0 + 0.5); }

static inline int64_t bounded(int64_t value, int64_t size, int wraps) {
    if (wraps) return (value %= size) < 0 ? value + size : value;
    return value < 0 ? 0 : value >= size ? size - 1 : value;
}

/* What the layer holds in a block of the frame. */
static int holds(const Layer *layer, long x0, long y0, long x1, long y1) {
    double lean0 = layer->lean * (double)y0, lean1 = layer->lean * (double)y1;
    double lower = lean0 < lean1 ? lean0 : lean1, higher = lean0 < lean1 ? lean1 : lean0;
    int64_t left = (int64_t)floor(layer->step_x * (double)x0 + lower + layer->left);
    int64_t right = (int64_t)floor(layer->step_x * (double)x1 + higher + layer->left) + 1;
    int64_t top = (int64_t)floor(layer->step_y * (double)y0 + layer->top);
    int64_t bottom = (int64_t)floor(layer->step_y * (double)y1 + layer->top) + 1;
    int64_t columns = (layer->wide + TILE - 1) / TILE;
    int known = -1;
    /* Half tiles: where a layer wraps around, the last tile may be narrow. */
    for (int64_t y = top;; y = y + TILE / 2 < bottom ? y + TILE / 2 : bottom) {
        const uint8_t *row = layer->tiles + bounded(y, layer->high, layer->wraps) / TILE * columns;
        for (int64_t x = left;; x = x + TILE / 2 < right ? x + TILE / 2 : right) {
            int here = row[bounded(x, layer->wide, layer->wraps) / TILE];
            if (here == MIXED || (known >= 0 && here != known)) return MIXED;
            known = here;
            if (x == right) break;
        }
        if (y == bottom) break;
    }
    return known == OPAQUE && layer->gain < 256 ? MIXED : known;
}

/* ``count`` pixels from ``first`` of two rows, mixed. */
static void mix_rows(const Layer *layer, int64_t row, int share, int64_t first, long count, int16_t *out) {
    const uint8_t *above = layer->pixels + 4 * layer->wide * bounded(row, layer->high, layer->wraps);
    const uint8_t *below = layer->pixels + 4 * layer->wide * bounded(row + 1, layer->high, layer->wraps);
    while (count > 0) {
        int64_t from = bounded(first, layer->wide, layer->wraps);
        int inside = layer->wraps || (first >= 0 && first < layer->wide);
        long run = !inside ? 1 : layer->wide - from < count ? (long)(layer->wide - from) : count;
        const uint8_t *a = above + 4 * from, *b = below + 4 * from;
        for (long i = 0; i < 4 * run; i++) {
            uint16_t both = (uint16_t)(a[i] * (256 - share) + b[i] * share);
            out[i] = (int16_t)(both >> 1);
        }
        out += 4 * run, first += run, count -= run;
    }
}

/* Where the pixels of a row are taken from: which pixel of the layer, and how far on the way to the next. */
typedef struct {
    int32_t *from;
    Lanes *share;
} Places;

static void find_places(const Layer *layer, long x, long y, long count, const Places *out) {
    int64_t step = fixed(layer->step_x);
    int64_t at = fixed(layer->step_x * (double)x + layer->lean * (double)y + layer->left);
    int64_t last = at + step * (count - 1);
    for (long i = 0; i < (count + 3) / 4 * 4; i++, at = at + step < last ? at + step : last) {
        out->from[i] = (int32_t)(at >> 32);
        int16_t share = (int16_t)((at >> 17) & (ONE - 1));
        for (long k = 0; k < 4; k++) out->share[i / 4][4 * (i % 4) + k] = share;
    }
}

static inline int64_t pixel(const int16_t *at) {
    int64_t bits;
    memcpy(&bits, at, sizeof bits);
    return bits;
}

static inline Lanes gathered(const int16_t *mixed, const int32_t *from, int32_t first) {
    typedef int64_t Pixels __attribute__((vector_size(32)));
    return (Lanes)(Pixels){pixel(mixed + 4 * (from[0] - first)), pixel(mixed + 4 * (from[1] - first)),
                           pixel(mixed + 4 * (from[2] - first)), pixel(mixed + 4 * (from[3] - first))};
}

/* A row of a block laid over what is there, or the first that is. */
static void lay_row(const Layer *layer, Places places, long y, long count, Lanes *canvas, int first) {
    int16_t mixed[4 * ROOM];
    double down = layer->step_y * (double)y + layer->top;
    int64_t row = (int64_t)floor(down);
    int32_t begin = places.from[0];
    mix_rows(layer, row, (int)((down - (double)row) * 256), begin, places.from[count - 1] - begin + 2, mixed);
    Lanes gain = (Lanes){} + (int16_t)(layer->gain * (ONE / 256) - 1);
    for (long i = 0; 4 * i < count; i++) {
        Lanes left = gathered(mixed, places.from + 4 * i, begin), right = gathered(mixed + 4, places.from + 4 * i, begin);
        Lanes colour = left + share_of(right - left, places.share[i]);
        if (layer->gain < 256) colour = share_of(colour, gain);
        if (!first) {
            Lanes through = WHOLE - OPACITIES(colour);
            colour += share_of(canvas[i], through + (through >> 8));
        }
        canvas[i] = colour;
    }
}

/* Two rows of a block as planes. */
static void put_rows(const Lanes *upper, const Lanes *lower, long across, uint8_t *luma, long wide, uint8_t *blue,
                     uint8_t *red) {
    uint64_t rows[2][ACROSS];
    memcpy(rows[0], upper, sizeof rows[0]);
    memcpy(rows[1], lower, sizeof rows[1]);
    for (long x = 0; x < across; x++) luma[x] = (uint8_t)(((rows[0][x] & 0xffff) + 64) >> 7);
    for (long x = 0; x < across; x++) luma[wide + x] = (uint8_t)(((rows[1][x] & 0xffff) + 64) >> 7);
    for (long x = 0; x < across / 2; x++) {
        /* Sums of two pixels fit into 16 bits, so the channels stay apart. */
        uint64_t sum = rows[0][2 * x] + rows[0][2 * x + 1], more = rows[1][2 * x] + rows[1][2 * x + 1];
        blue[x] = (uint8_t)(((sum >> 16 & 0xffff) + (more >> 16 & 0xffff) + 256) >> 9);
        red[x] = (uint8_t)(((sum >> 32 & 0xffff) + (more >> 32 & 0xffff) + 256) >> 9);
    }
}

/* The layers that are seen in a block, the nearest first. */
typedef struct {
    int count, layers[MOST_LAYERS];
} Seen;

static void look(const Layer *layers, int count, long x0, long y0, long x1, long y1, Seen *out) {
    out->count = 0;
    for (int i = count - 1; i >= 0; i--) {
        int held = holds(layers + i, x0, y0, x1, y1);
        if (held != EMPTY || i == 0) out->layers[out->count++] = i;
        if (held == OPAQUE) break;
    }
}

/* One frame: Y [high, wide], Cb and Cr [high / 2, wide / 2], at most MOST_ACROSS wide. Layers from far to near; the
 * first is opaque. */
int compose_frame(const Layer *layers, int count, long wide, long high, uint8_t *luma, uint8_t *blue, uint8_t *red) {
    long fours = (wide + 3) / 4;
    Lanes rows[2][ACROSS / 4];
    Seen seen[MOST_ACROSS / ACROSS];
    Places places[MOST_LAYERS];
    Lanes *shares = aligned_alloc(sizeof(Lanes), (size_t)(count * fours) * sizeof(Lanes));
    int32_t *from = malloc((size_t)(count * fours) * 4 * sizeof(int32_t));
    if (!shares || !from) count = 0;
    for (int i = 0; i < count; i++) {
        places[i] = (Places){from + 4 * fours * i, shares + fours * i};
        find_places(layers + i, 0, 0, wide, places + i);
    }
    for (long y0 = 0; count && y0 < high; y0 += DOWN) {
        long y1 = y0 + DOWN < high ? y0 + DOWN : high;
        for (long x = 0; x < wide; x += ACROSS)
            look(layers, count, x, y0, (x + ACROSS < wide ? x + ACROSS : wide) - 1, y1 - 1, seen + x / ACROSS);
        /* Row by row across the frame: memory is read as it lies. */
        for (long y = y0; y < y1; y += 2)
            for (long x = 0; x < wide; x += ACROSS) {
                const Seen *here = seen + x / ACROSS;
                long across = x + ACROSS < wide ? ACROSS : wide - x;
                for (int half = 0; half < 2; half++)
                    for (int k = here->count - 1; k >= 0; k--) {
                        const Layer *layer = layers + here->layers[k];
                        Places at = {places[here->layers[k]].from + x, places[here->layers[k]].share + x / 4};
                        if (layer->lean != 0) find_places(layer, x, y + half, across, &at);
                        lay_row(layer, at, y + half, across, rows[half], k == here->count - 1);
                    }
                long at = (y * wide / 2 + x) / 2;
                put_rows(rows[0], rows[1], across, luma + y * wide + x, wide, blue + at, red + at);
            }
    }
    free(shares);
    free(from);
    return count;
}

/* Straight R'G'B'A to premultiplied Y'CbCrA (ITU-R BT.709, video range), 8 bits each. ``to_ycc`` [3, 4]: what 1 of
 * each of R', G' and B' of 0 to 255 adds, and the offset. */
void premultiply(const uint8_t *rgba, uint8_t *ycca, long count, const float *to_ycc) {
    for (long i = 0; i < count; i++, rgba += 4, ycca += 4) {
        if (!rgba[3]) {
            memset(ycca, 0, 4);
            continue;
        }
        float share = (float)rgba[3] / 255.0f;
        for (int k = 0; k < 3; k++) {
            const float *m = to_ycc + 4 * k;
            float value = (m[0] * rgba[0] + m[1] * rgba[1] + m[2] * rgba[2] + m[3]) * share + 0.5f;
            ycca[k] = value > 255.0f ? 255 : (uint8_t)value;
        }
        ycca[3] = rgba[3];
    }
}

/* What each tile of [high, wide, 4] holds. */
void survey(const uint8_t *pixels, long wide, long high, uint8_t *tiles) {
    for (long y0 = 0; y0 < high; y0 += TILE)
        for (long x0 = 0; x0 < wide; x0 += TILE) {
            int least = 255, most = 0;
            for (long y = y0; y < y0 + TILE && y < high; y++)
                for (long x = x0; x < x0 + TILE && x < wide; x++) {
                    int alpha = pixels[4 * (y * wide + x) + 3];
                    least = alpha < least ? alpha : least;
                    most = alpha > most ? alpha : most;
                }
            *tiles++ = most == 0 ? EMPTY : least == 255 ? OPAQUE : MIXED;
        }
}
