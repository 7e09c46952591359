/* The language model's arithmetic, compiled. The same bits come out of every processor and of `twin.py`, because

   - every sum is one of integers, exact in any order;
   - every operation on floats is a single +, -, *, / or square root of IEEE 754, in the order written here;
   - exponential and normal distribution are fixed polynomials (fitted by training/polynomials.py), and rounding is to the nearest, ties to even.

   `network.h` is the network, written once; each file of a level compiles it for one kind of processor, with the vectors of `lanes.h`. */

#ifndef KERNEL_H
#define KERNEL_H

#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __FAST_MATH__
#error "-ffast-math changes results"
#endif
#if FLT_EVAL_METHOD != 0
#error "floats must be computed as floats"
#endif
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

enum {
    WIDTH = 384,
    ATTENTION_HEADS = 12,
    HEAD_WIDTH = WIDTH / ATTENTION_HEADS,
    INNER = 4 * WIDTH,
    LAYERS = 6,
    VOCABULARY = 30522,
    POSITIONS = 512,
    FORMS = 30,
    HINTS = 15,
    ARC = 128,
    PANEL = 16,       /* columns of a matrix whose weights lie together */
    MAX_PIECES = 256, /* more of them, and sums of attention no longer fit 32 bits */
    MAX_LABELS = 4096,
    SPARE = 32, /* rows read, and dropped, behind the last one */
    ROOM = MAX_PIECES + SPARE,
};

typedef struct { /* `weights`: panels of columns, each as groups of four rows × 16 columns × 4 */
    int in, out;
    const int8_t *weights;
    const float *scale, *bias;
    const int32_t *sums; /* of each column */
} Linear;

typedef struct {
    const float *weight, *bias;
} Norm;

typedef struct {
    Linear attend, mix, inner, outer;
    Norm norm1, norm2;
} Layer;

typedef struct {
    const int8_t *words;
    const float *word_scale, *positions, *forms, *hints;
    Norm norm;
    Layer layers[LAYERS];
    Linear heads, arc_mix;
    int labels; /* columns of `heads` before those of the arcs */
} Weights;

typedef struct {
    int n, m; /* pieces; rows of the result */
    const int64_t *pieces, *forms, *hints, *firsts;
} Window;

typedef struct { /* a row of 7-bit numbers stands for scale * (number - zero) */
    float scale;
    int32_t zero;
} Row;

typedef struct {
    _Alignas(64) float x[ROOM * WIDTH], y[ROOM * WIDTH], wide[ROOM * INNER];
    uint8_t quantised[ROOM * INNER];
    Row rows[ROOM];
    int16_t query[ROOM * HEAD_WIDTH], key[ROOM * HEAD_WIDTH], value[ROOM * HEAD_WIDTH];
    int16_t arc_word[ROOM * ARC], arc_head[ROOM * ARC];
    float arc_word_scale[ROOM], arc_head_scale[ROOM];
    int32_t scores[16 * MAX_PIECES];
    int16_t weights[16 * MAX_PIECES];
} Room;

typedef void Run(const Weights *, const Window *, Room *, float *heads, float *arcs);

#if defined(__x86_64__)
#define X86
#if defined(__clang__) || __GNUC__ >= 11
#define HAS_AVXVNNI
#endif
#endif

typedef struct {
    const char *name;
    Run *run;
    int (*is_supported)(void);
} Level;

extern const Level LEVELS[]; /* the fastest first; the last has no name */
const Level *find_level(const char *name);
int read_weights(const char *start, size_t length, int labels, Weights *weights);

Run run_plain;
#ifdef X86
Run run_sse2, run_sse4, run_avx2, run_avx512, run_avx512vnni;
#ifdef HAS_AVXVNNI
Run run_avxvnni;
#endif
#endif
#ifdef __aarch64__
Run run_neon, run_dotprod;
#endif

#endif
