/* The weights: one buffer of sections, each begun at a multiple of 64 bytes. */

#include "kernel.h"

typedef struct {
    const char *start;
    size_t at;
} Reader;

static const void *take(Reader *r, size_t bytes) {
    const char *found = r->start + r->at;
    r->at += (bytes + 63) / 64 * 64;
    return found;
}

static const float *floats(Reader *r, int n) { return take(r, sizeof(float) * (size_t)n); }

static Norm take_norm(Reader *r) {
    const float *weight = floats(r, WIDTH);
    return (Norm){weight, floats(r, WIDTH)};
}

static Linear take_linear(Reader *r, int in, int out) {
    Linear l = {in, (out + PANEL - 1) / PANEL * PANEL, NULL, NULL, NULL, NULL};
    l.weights = take(r, (size_t)in * (size_t)l.out);
    l.scale = floats(r, l.out);
    l.bias = floats(r, l.out);
    l.sums = take(r, sizeof(int32_t) * (size_t)l.out);
    return l;
}

/* The sections of a buffer as `pack` of native/__init__.py writes them; whether they are as long as the buffer. */
int read_weights(const char *start, size_t length, int labels, Weights *w) {
    Reader r = {start, 0};
    w->words = take(&r, (size_t)VOCABULARY * WIDTH);
    w->word_scale = floats(&r, VOCABULARY);
    w->positions = floats(&r, POSITIONS * WIDTH);
    w->forms = floats(&r, FORMS * WIDTH);
    w->hints = floats(&r, HINTS * WIDTH);
    w->norm = take_norm(&r);
    for (int l = 0; l < LAYERS; l++) {
        Layer *layer = &w->layers[l];
        layer->attend = take_linear(&r, WIDTH, 3 * WIDTH);
        layer->mix = take_linear(&r, WIDTH, WIDTH);
        layer->inner = take_linear(&r, WIDTH, INNER);
        layer->outer = take_linear(&r, INNER, WIDTH);
        layer->norm1 = take_norm(&r);
        layer->norm2 = take_norm(&r);
    }
    w->heads = take_linear(&r, WIDTH, labels + 2 * ARC);
    w->arc_mix = take_linear(&r, ARC, ARC);
    w->labels = labels;
    return r.at == length;
}
