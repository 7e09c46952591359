/* The network, compiled once a level. `twin.py` does the same with arrays, function by function. */

#include "kernel.h"
#include "lanes.h"

INLINE int32_t bits(float x) {
    int32_t i;
    memcpy(&i, &x, sizeof i);
    return i;
}

INLINE float unbits(int32_t i) {
    float x;
    memcpy(&x, &i, sizeof x);
    return x;
}

/* To the nearest integer, ties to even, for |x| < 2^22. */
INLINE float nearest(float x) { return (x + 12582912.0f) - 12582912.0f; }

/* Floats as integers of the same order, and back: the least and greatest of integers are found in any order, with vectors. */
INLINE int32_t ordered(float x) { return bits(x) ^ ((bits(x) >> 31) & 0x7fffffff); }
INLINE float unordered(int32_t i) { return unbits(i ^ ((i >> 31) & 0x7fffffff)); }

/* 2^13 * 2^t for t <= 0, within 3 ten-millionths. */
INLINE float power(float t) {
    t = t < -30.0f ? -30.0f : t;
    float whole = nearest(t), part = t - whole, p = 0.00133908633f;
    p = p * part + 0.00967603177f;
    p = p * part + 0.0555035695f;
    p = p * part + 0.240221068f;
    p = p * part + 0.693147182f;
    p = p * part + 1.00000012f;
    return unbits(bits(p) + ((int32_t)whole + 13) * (1 << 23));
}

/* x times the normal distribution function of x, within 7e-5 up to ±10. */
INLINE float gelu(float x) {
    float z = x < -4.1875f ? -4.1875f : x;
    z = z > 4.1875f ? 4.1875f : z;
    float q = z * z, p = 7.07743794e-11f;
    p = p * q + -6.44203224e-09f;
    p = p * q + 2.59366999e-07f;
    p = p * q + -6.1718597e-06f;
    p = p * q + 9.84367653e-05f;
    p = p * q + -0.00113482063f;
    p = p * q + 0.00988914166f;
    p = p * q + -0.0664366037f;
    p = p * q + 0.39893651f;
    return x * (0.5f + z * p);
}

/* A row as numbers of 7 bits. */
static Row quantise(const float *restrict x, int n, uint8_t *restrict to) {
    int32_t low = 0, high = 0;
    for (int i = 0; i < n; i++) {
        int32_t o = ordered(x[i]);
        low = o < low ? o : low;
        high = o > high ? o : high;
    }
    float least = unordered(low), range = unordered(high) - least;
    if (!(range > 0.0f)) {
        memset(to, 0, (size_t)n);
        return (Row){1.0f, 0};
    }
    float inverse = 127.0f / range, zero = nearest(-least * inverse);
    for (int i = 0; i < n; i++) {
        float v = nearest(x[i] * inverse) + zero;
        v = v < 0.0f ? 0.0f : v;
        v = v > 127.0f ? 127.0f : v;
        to[i] = (uint8_t)(int32_t)v;
    }
    return (Row){range / 127.0f, (int32_t)zero};
}

/* Layer norm; mean and variance from integers of 14 binary places. */
static void normalise(const float *restrict x, Norm norm, float *restrict y) {
    int32_t fixed[WIDTH], sum = 0;
    double squares[8] = {0}, square = 0; /* integers below 2^53: exact in any order */
    for (int i = 0; i < WIDTH; i++) {
        float v = x[i] * 16384.0f;
        v = v < -4194000.0f ? -4194000.0f : v;
        v = v > 4194000.0f ? 4194000.0f : v;
        fixed[i] = (int32_t)nearest(v);
    }
    for (int i = 0; i < WIDTH; i++) sum += fixed[i];
    for (int i = 0; i < WIDTH; i += 8)
        for (int k = 0; k < 8; k++) {
            double v = fixed[i + k];
            squares[k] = squares[k] + v * v;
        }
    for (int k = 0; k < 8; k++) square += squares[k];
    double spread = (double)(WIDTH * (int64_t)square - (int64_t)sum * sum) / (384.0 * 384.0 * 268435456.0);
    float mean = (float)(sum / (384.0 * 16384.0)), scale = (float)(1.0 / sqrt(spread + 1e-12));
    for (int i = 0; i < WIDTH; i++) y[i] = ((x[i] - mean) * scale) * norm.weight[i] + norm.bias[i];
}

INLINE void finish(const int32_t *restrict sum, Row row, const Linear *w, int column, float *restrict out) {
    const int32_t *restrict sums = w->sums + column;
    const float *restrict scale = w->scale + column, *restrict bias = w->bias + column;
    for (int i = 0; i < PANEL; i++) out[i] = (float)(sum[i] - row.zero * sums[i]) * (row.scale * scale[i]) + bias[i];
}

/* ROWS rows times some panels of columns, four numbers of a row at a time. */
INLINE void tile(const Linear *w, int column, const int panels, const uint8_t *a, const Row *rows, int n, float *out, int stride) {
    const int in = w->in;
    const int8_t *weights = w->weights + (size_t)in * column;
    Lanes sum[ROWS][SPAN * PANELS];
    UNROLL for (int r = 0; r < ROWS; r++) UNROLL for (int v = 0; v < SPAN * panels; v++) sum[r][v] = none();
    for (int k = 0; k < in; k += 4) {
        Lanes b[SPAN * PANELS];
        UNROLL for (int p = 0; p < panels; p++) UNROLL for (int v = 0; v < SPAN; v++)
            b[p * SPAN + v] = load(weights + (size_t)in * PANEL * p + k * PANEL + v * 4 * LANES);
        UNROLL for (int r = 0; r < ROWS; r++) {
            int32_t four;
            memcpy(&four, a + (size_t)r * in + k, 4);
            Lanes x = all(four);
            UNROLL for (int v = 0; v < SPAN * panels; v++) sum[r][v] = fours(sum[r][v], x, b[v]);
        }
    }
    int32_t sums[ROWS][PANEL * PANELS];
    UNROLL for (int r = 0; r < ROWS; r++) UNROLL for (int v = 0; v < SPAN * panels; v++) store(&sums[r][v * LANES], sum[r][v]);
    for (int r = 0; r < (n < ROWS ? n : ROWS); r++)
        for (int p = 0; p < panels; p++) finish(&sums[r][p * PANEL], rows[r], w, column + p * PANEL, out + (size_t)r * stride + p * PANEL);
}

/* out = rows times weights, plus bias; `stride` is how far apart the rows of the result are. */
static void multiply(const Linear *w, const uint8_t *a, const Row *rows, int n, float *out, int stride) {
    int column = 0;
    for (; column + PANEL * PANELS <= w->out; column += PANEL * PANELS)
        for (int r = 0; r < n; r += ROWS) tile(w, column, PANELS, a + (size_t)r * w->in, rows + r, n - r, out + (size_t)r * stride + column, stride);
    for (; column < w->out; column += PANEL)
        for (int r = 0; r < n; r += ROWS) tile(w, column, 1, a + (size_t)r * w->in, rows + r, n - r, out + (size_t)r * stride + column, stride);
}

static float greatest(const float *x, int columns, int rows, int stride) {
    int32_t high = 0;
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < columns; i++) {
            int32_t o = bits(x[(size_t)r * stride + i]) & 0x7fffffff;
            high = o > high ? o : high;
        }
    return high ? unbits(high) : 1.0f;
}

static void narrow(const float *restrict x, int n, float factor, int16_t *restrict to) {
    for (int i = 0; i < n; i++) to[i] = (int16_t)(int32_t)nearest(x[i] * factor);
}

/* The softmax of a row of scores, in units of 2^-13; those from n to `padded` are nothing. Returns their sum. */
static int32_t soften(int32_t *restrict scores, int n, int padded, float scale, int16_t *restrict to) {
    int32_t high = scores[0], sum = 0;
    for (int j = 0; j < n; j++) high = scores[j] > high ? scores[j] : high;
    for (int j = n; j < padded; j++) scores[j] = high;
    for (int j = 0; j < padded; j++) to[j] = (int16_t)(int32_t)nearest(power((float)(scores[j] - high) * scale));
    for (int j = n; j < padded; j++) to[j] = 0;
    for (int j = 0; j < n; j++) sum += to[j];
    return sum;
}

/* scores[q][j] = the product of QUERIES rows with `keys` columns of 16 or 32 keys each; depth and columns of pairs. */
INLINE void products(const int16_t *query, const int16_t *key, const int depth, int padded, int j, int32_t *scores, int stride, const int queries) {
    Lanes sum[QUERIES][SPAN];
    UNROLL for (int q = 0; q < queries; q++) UNROLL for (int v = 0; v < SPAN; v++) sum[q][v] = none();
    for (int d = 0; d < depth / 2; d++) {
        Lanes b[SPAN];
        UNROLL for (int v = 0; v < SPAN; v++) b[v] = load(key + ((size_t)d * padded + j + v * LANES) * 2);
        UNROLL for (int q = 0; q < queries; q++) {
            int32_t two;
            memcpy(&two, query + (size_t)q * depth + 2 * d, 4);
            Lanes x = all(two);
            UNROLL for (int v = 0; v < SPAN; v++) sum[q][v] = pairs(sum[q][v], x, b[v]);
        }
    }
    UNROLL for (int q = 0; q < queries; q++) UNROLL for (int v = 0; v < SPAN; v++) store(scores + (size_t)q * stride + j + v * LANES, sum[q][v]);
}

/* Rows of `n` keys of some depth as pairs: [depth / 2][padded][2]. */
static void lay(const int16_t *row, int depth, int padded, int i, int16_t *to) {
    for (int d = 0; d < depth; d += 2) memcpy(to + ((size_t)d / 2 * padded + i) * 2, row + d, 4);
}

static void attend_head(const float *wide, int n, Room *room, float *out) {
    const float *q = wide, *k = q + WIDTH, *v = k + WIDTH;
    int padded = (n + PANEL - 1) / PANEL * PANEL;
    float most_q = greatest(q, HEAD_WIDTH, n, 3 * WIDTH), most_k = greatest(k, HEAD_WIDTH, n, 3 * WIDTH), most_v = greatest(v, HEAD_WIDTH, n, 3 * WIDTH);
    float factor_q = 4095.0f / most_q, factor_k = 4095.0f / most_k, factor_v = 1023.0f / most_v;
    memset(room->key, 0, sizeof(int16_t) * (size_t)padded * HEAD_WIDTH);
    memset(room->value, 0, sizeof(int16_t) * (size_t)padded * HEAD_WIDTH);
    memset(room->query + (size_t)n * HEAD_WIDTH, 0, sizeof(int16_t) * SPARE * HEAD_WIDTH);
    for (int i = 0; i < n; i++) {
        int16_t row[HEAD_WIDTH];
        narrow(q + (size_t)i * 3 * WIDTH, HEAD_WIDTH, factor_q, room->query + (size_t)i * HEAD_WIDTH);
        narrow(k + (size_t)i * 3 * WIDTH, HEAD_WIDTH, factor_k, row);
        lay(row, HEAD_WIDTH, padded, i, room->key);
        narrow(v + (size_t)i * 3 * WIDTH, HEAD_WIDTH, factor_v, row);
        for (int d = 0; d < HEAD_WIDTH; d++) room->value[((size_t)(i / 2) * HEAD_WIDTH + d) * 2 + (i & 1)] = row[d];
    }
    float scale = ((most_q / 4095.0f) * (most_k / 4095.0f)) * 0.25503487f; /* log2(e) / sqrt(32) */
    float value_scale = most_v / 1023.0f;
    for (int i = 0; i < n; i += QUERIES) {
        int queries = n - i < QUERIES ? n - i : QUERIES;
        float total[QUERIES];
        for (int j = 0; j < padded; j += PANEL)
            products(room->query + (size_t)i * HEAD_WIDTH, room->key, HEAD_WIDTH, padded, j, room->scores, MAX_PIECES, QUERIES);
        for (int r = 0; r < queries; r++)
            total[r] = (float)soften(room->scores + r * MAX_PIECES, n, padded, scale, room->weights + r * MAX_PIECES);
        Lanes sum[QUERIES][HEAD_WIDTH / LANES];
        UNROLL for (int r = 0; r < QUERIES; r++) UNROLL for (int u = 0; u < HEAD_WIDTH / LANES; u++) sum[r][u] = none();
        for (int j = 0; j < n; j += 2) {
            Lanes b[HEAD_WIDTH / LANES];
            UNROLL for (int u = 0; u < HEAD_WIDTH / LANES; u++) b[u] = load(room->value + ((size_t)(j / 2) * HEAD_WIDTH + u * LANES) * 2);
            UNROLL for (int r = 0; r < QUERIES; r++) {
                int32_t two;
                memcpy(&two, room->weights + r * MAX_PIECES + j, 4);
                Lanes x = all(two);
                UNROLL for (int u = 0; u < HEAD_WIDTH / LANES; u++) sum[r][u] = pairs(sum[r][u], x, b[u]);
            }
        }
        int32_t sums[QUERIES][HEAD_WIDTH];
        UNROLL for (int r = 0; r < QUERIES; r++) UNROLL for (int u = 0; u < HEAD_WIDTH / LANES; u++) store(&sums[r][u * LANES], sum[r][u]);
        for (int r = 0; r < queries; r++) {
            float share = value_scale / total[r], *to = out + (size_t)(i + r) * WIDTH;
            for (int d = 0; d < HEAD_WIDTH; d++) to[d] = (float)sums[r][d] * share;
        }
    }
}

static void embed(const Weights *w, const Window *window, Room *room) {
    for (int i = 0; i < window->n; i++) {
        float *row = room->y + (size_t)i * WIDTH, scale = w->word_scale[window->pieces[i]];
        const int8_t *word = w->words + window->pieces[i] * WIDTH;
        const float *position = w->positions + (size_t)i * WIDTH, *form = w->forms + window->forms[i] * WIDTH;
        for (int d = 0; d < WIDTH; d++) row[d] = ((float)word[d] * scale + position[d]) + form[d];
        for (int h = 0; h < HINTS; h++)
            if (window->hints[i] >> h & 1)
                for (int d = 0; d < WIDTH; d++) row[d] = row[d] + w->hints[h * WIDTH + d];
        normalise(row, w->norm, room->x + (size_t)i * WIDTH);
    }
}

/* The rows of y, multiplied, are added to x, and normalised. */
static void project(const Linear *w, Norm norm, int n, Room *room) {
    multiply(w, room->quantised, room->rows, n, room->y, WIDTH);
    for (int i = 0; i < n; i++) {
        float *x = room->x + (size_t)i * WIDTH, *y = room->y + (size_t)i * WIDTH;
        for (int d = 0; d < WIDTH; d++) y[d] = y[d] + x[d];
        normalise(y, norm, x);
    }
}

static void quantise_rows(const float *x, int n, int columns, Room *room) {
    for (int i = 0; i < n; i++) room->rows[i] = quantise(x + (size_t)i * columns, columns, room->quantised + (size_t)i * columns);
    memset(room->quantised + (size_t)n * columns, 0, (size_t)SPARE * columns);
}

static void encode(const Layer *w, int n, Room *room) {
    quantise_rows(room->x, n, WIDTH, room);
    multiply(&w->attend, room->quantised, room->rows, n, room->wide, 3 * WIDTH);
    for (int h = 0; h < ATTENTION_HEADS; h++) attend_head(room->wide + h * HEAD_WIDTH, n, room, room->y + h * HEAD_WIDTH);
    quantise_rows(room->y, n, WIDTH, room);
    project(&w->mix, w->norm1, n, room);
    quantise_rows(room->x, n, WIDTH, room);
    multiply(&w->inner, room->quantised, room->rows, n, room->wide, INNER);
    for (int i = 0; i < n; i++) {
        float *row = room->wide + (size_t)i * INNER;
        for (int d = 0; d < INNER; d++) row[d] = gelu(row[d]);
        room->rows[i] = quantise(row, INNER, room->quantised + (size_t)i * INNER);
    }
    memset(room->quantised + (size_t)n * INNER, 0, (size_t)SPARE * INNER);
    project(&w->outer, w->norm2, n, room);
}

/* arcs[i][j] = the score of word j as the head of word i, from the last columns of `heads`. */
static void score_arcs(const Weights *w, int m, Room *room, const float *heads, float *arcs) {
    int padded = (m + PANEL - 1) / PANEL * PANEL;
    for (int i = 0; i < m; i++) {
        const float *from = heads + (size_t)i * w->heads.out + w->labels;
        float *to = room->wide + (size_t)i * 2 * ARC;
        for (int d = 0; d < 2 * ARC; d++) to[d] = gelu(from[d]);
        room->rows[i] = quantise(to, ARC, room->quantised + (size_t)i * ARC);
    }
    memset(room->quantised + (size_t)m * ARC, 0, SPARE * ARC);
    multiply(&w->arc_mix, room->quantised, room->rows, m, room->y, ARC);
    memset(room->arc_head, 0, sizeof(int16_t) * (size_t)padded * ARC);
    memset(room->arc_word + (size_t)m * ARC, 0, sizeof(int16_t) * SPARE * ARC);
    for (int i = 0; i < m; i++) {
        const float *word = room->y + (size_t)i * ARC, *head = room->wide + (size_t)i * 2 * ARC + ARC;
        float most_word = greatest(word, ARC, 1, ARC), most_head = greatest(head, ARC, 1, ARC);
        int16_t row[ARC];
        room->arc_word_scale[i] = most_word / 4095.0f;
        room->arc_head_scale[i] = most_head / 4095.0f;
        narrow(word, ARC, 4095.0f / most_word, room->arc_word + (size_t)i * ARC);
        narrow(head, ARC, 4095.0f / most_head, row);
        lay(row, ARC, padded, i, room->arc_head);
    }
    for (int i = 0; i < m; i += QUERIES) {
        for (int j = 0; j < padded; j += PANEL)
            products(room->arc_word + (size_t)i * ARC, room->arc_head, ARC, padded, j, room->scores, MAX_PIECES, QUERIES);
        for (int r = 0; r < QUERIES && i + r < m; r++)
            for (int j = 0; j < m; j++)
                arcs[(size_t)(i + r) * m + j] = (float)room->scores[r * MAX_PIECES + j] * (room->arc_word_scale[i + r] * room->arc_head_scale[j]);
    }
}

/* heads: m rows of `heads.out` scores; arcs: m rows of m. */
void RUN(const Weights *w, const Window *window, Room *room, float *heads, float *arcs) {
    int m = window->m;
    embed(w, window, room);
    for (int l = 0; l < LAYERS; l++) encode(&w->layers[l], window->n, room);
    for (int i = 0; i < m; i++) memcpy(room->y + (size_t)i * WIDTH, room->x + window->firsts[i] * WIDTH, sizeof(float) * WIDTH);
    quantise_rows(room->y, m, WIDTH, room);
    multiply(&w->heads, room->quantised, room->rows, m, heads, w->heads.out);
    score_arcs(w, m, room, heads, arcs);
}
