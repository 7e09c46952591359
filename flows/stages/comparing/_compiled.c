/* What is done for each byte of a text, and for each word of two texts that are compared. `words.py` and `relations.py` do
   the same with arrays where this is not compiled; both give the same numbers, which tests make sure of. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* --- words: as words.py -------------------------------------------------------------------------------------------- */

#define DROPPED 0xFF /* no byte of UTF-8 */
#define LONGEST 256
#define BLOCK 4096
#define SMALL UINT64_C(0x2020202020202020) /* letters of ASCII become small ones, digits stay */
#define BEYOND UINT64_C(0x8080808080808080)

static uint64_t mix(uint64_t value) {
    value *= UINT64_C(0x9E3779B97F4A7C15);
    value ^= value >> 32;
    return value * UINT64_C(0xBF58476D1CE4E5B9);
}

/* Eight bytes as a number, the first the lowest, and the same of fewer. */
static uint64_t eight(const unsigned char *b) {
    return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 | (uint64_t)b[4] << 32 |
           (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 | (uint64_t)b[7] << 56;
}

static uint64_t first(const unsigned char *bytes, Py_ssize_t n) { return n < 8 ? eight(bytes) & ((UINT64_C(1) << 8 * n) - 1) : eight(bytes); }

/* Hash of a word; the lowest bit says whether it begins with two digits. `small` is added to the bits of each byte. */
static uint32_t hash(const unsigned char *word, Py_ssize_t size, uint64_t small) {
    uint64_t value = first(word, size);
    if (small) value |= size < 8 ? small & ((UINT64_C(1) << 8 * size) - 1) : small;
    uint32_t number = (value & 0xF0F0) == 0x3030;
    value = mix(value);
    for (Py_ssize_t at = 8; at < size && at < LONGEST; at += 8) {
        uint64_t rest = first(word + at, size - at);
        if (small) rest |= size - at < 8 ? small & ((UINT64_C(1) << 8 * (size - at)) - 1) : small;
        value = mix(value + rest + (uint64_t)size);
    }
    return ((uint32_t)(value >> 32) & 0xFFFFFFFEu) | number;
}

static int is_ascii(const unsigned char *word, Py_ssize_t size) {
    for (Py_ssize_t at = 0; at < size; at += 8)
        if (first(word + at, size - at) & BEYOND) return 0;
    return 1;
}

/* scan(encoded, folded, words, starts, ends) -> number of words

   encoded: UTF-8, with eight bytes or more behind the last word; folded: the same with what is beyond ASCII folded;
   words, starts, ends: room for as many numbers as there can be words. */
static PyObject *scan(PyObject *module, PyObject *arguments) {
    Py_buffer encoded, folded, words, starts, ends;
    if (!PyArg_ParseTuple(arguments, "y*y*w*w*w*", &encoded, &folded, &words, &starts, &ends)) return NULL;
    const unsigned char *original = encoded.buf, *text = folded.buf;
    uint32_t *word = words.buf;
    int64_t *start = starts.buf, *end = ends.buf;
    Py_ssize_t n = encoded.len, room = n / 2 + 1, found = 0;
    if (folded.len != n || words.len < room * 4 || starts.len < room * 8 || ends.len < room * 8) {
        PyErr_SetString(PyExc_ValueError, "buffers do not fit each other");
        goto done;
    }
    Py_BEGIN_ALLOW_THREADS
    unsigned char inside[256], kept[LONGEST + 8], before = 0;
    for (int byte = 0; byte < 256; byte++) {
        int small = byte | 0x20;
        inside[byte] = byte >= 0x80 || (small >= 'a' && small <= 'z') || (byte >= '0' && byte <= '9');
    }
    int edge[BLOCK]; /* where runs of bytes inside words begin and end: found without a branch, which would be mispredicted */
    int64_t skipped = 0; /* bytes before `at` that begin no code point */
    Py_ssize_t at = 0, open = -1;
    for (Py_ssize_t block = 0; block < n; block += BLOCK) {
        int n_edges = 0, length = n - block < BLOCK ? (int)(n - block) : BLOCK;
        for (int i = 0; i < length; i++) {
            edge[n_edges] = i;
            unsigned char now = inside[text[block + i]];
            n_edges += now ^ before;
            before = now;
        }
        for (int i = 0; i < n_edges; i++) {
            if (open < 0) {
                open = block + edge[i];
                continue;
            }
            Py_ssize_t from = open, to = block + edge[i], size = to - from;
            open = -1;
            for (; at < from; at++) skipped += (original[at] & 0xC0) == 0x80;
            if (is_ascii(original + from, size)) {
                word[found] = hash(text + from, size, SMALL);
                start[found] = from - skipped;
                end[found++] = to - skipped;
                at = to;
                continue;
            }
            int64_t begin = -1;
            for (size = 0; at < to; at++) {
                if (text[at] != DROPPED) {
                    if (begin < 0) begin = at - skipped;
                    if (size < LONGEST) kept[size] = original[at] < 0x80 ? text[at] | 0x20 : text[at];
                    size++;
                }
                skipped += (original[at] & 0xC0) == 0x80;
            }
            if (!size) continue;
            word[found] = hash(kept, size, 0);
            start[found] = begin;
            end[found++] = to - skipped;
        }
    }
    Py_END_ALLOW_THREADS
done:
    PyBuffer_Release(&encoded);
    PyBuffer_Release(&folded);
    PyBuffer_Release(&words);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&ends);
    return PyErr_Occurred() ? NULL : PyLong_FromSsize_t(found);
}

/* --- what two texts have in common: as relations.py --------------------------------------------------------------------- */

#define ODD UINT32_C(0x85EBCA6B)
#define RUN_WORDS 3

typedef struct { /* the runs of the shorter text by hash: where each stands first in either text, -1 if it does not */
    uint32_t hash;
    int32_t shorter, longer;
} Slot;

static uint32_t run(const uint32_t *words) { return (words[0] * ODD + words[1]) * ODD + words[2]; }

static Slot *find(Slot *table, uint32_t mask, uint32_t hash) {
    uint32_t at = (uint32_t)((hash * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & mask;
    while (table[at].shorter >= 0 && table[at].hash != hash) at = (at + 1) & mask;
    return table + at;
}

/* Words in runs that stand in the other text, and words over which such runs follow each other in both as they do in this one. */
static void measure(const int32_t *partner, Py_ssize_t runs, int gap, int slack, int64_t *covered, int64_t *reach) {
    Py_ssize_t last = -1;
    *covered = *reach = 0;
    for (Py_ssize_t at = 0; at < runs; at++) {
        if (partner[at] < 0) continue;
        if (last >= 0) {
            int64_t step = at - last, off = (int64_t)partner[at] - partner[last] - step;
            *covered += step < RUN_WORDS ? step : RUN_WORDS;
            if (step <= gap && off <= slack && off >= -slack) *reach += step;
        }
        last = at;
    }
    if (last >= 0) *covered += RUN_WORDS;
}

/* compare(words, begins, sizes, gap, slack, common)

   begins, sizes: two rows, of the shorter and of the longer text of each pair, in words; common: five rows to be filled in:
   words covered and reached of the shorter, the same of the longer, numbers of the shorter in no common run. */
static PyObject *compare(PyObject *module, PyObject *arguments) {
    Py_buffer words, begins, sizes, common;
    int gap, slack;
    if (!PyArg_ParseTuple(arguments, "y*y*y*iiw*", &words, &begins, &sizes, &gap, &slack, &common)) return NULL;
    const int64_t *begin = begins.buf, *size = sizes.buf;
    int64_t *out = common.buf;
    Py_ssize_t n = begins.len / 16, most = 0;
    int fits = sizes.len == begins.len && common.len == 40 * n;
    for (Py_ssize_t i = 0; fits && i < 2 * n; i++) {
        fits = begin[i] >= 0 && size[i] >= 0 && size[i] < INT32_MAX / 4 && begin[i] + size[i] <= words.len / 4;
        if (size[i] > most) most = size[i];
    }
    uint32_t room = 16;
    while (room < 2 * (size_t)most) room *= 2;
    Slot *table = malloc(room * sizeof(Slot));
    int32_t *partners = malloc((2 * (size_t)most + 2) * sizeof(int32_t));
    if (!fits || !table || !partners) {
        if (fits)
            PyErr_NoMemory();
        else
            PyErr_SetString(PyExc_ValueError, "buffers do not fit each other");
        goto done;
    }
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t pair = 0; pair < n; pair++) {
        const uint32_t *shorter = (const uint32_t *)words.buf + begin[pair], *longer = (const uint32_t *)words.buf + begin[n + pair];
        Py_ssize_t runs = size[pair] - RUN_WORDS + 1, runs_longer = size[n + pair] - RUN_WORDS + 1;
        int32_t *of_shorter = partners, *of_longer = partners + most + 1;
        uint32_t mask = 15;
        while (mask + 1 < 2 * runs) mask = 2 * mask + 1;
        memset(table, 0xFF, (mask + (size_t)1) * sizeof(Slot));
        for (Py_ssize_t at = 0; at < runs; at++) {
            Slot *slot = find(table, mask, run(shorter + at));
            if (slot->shorter < 0) *slot = (Slot){run(shorter + at), (int32_t)at, -1};
            of_shorter[at] = (int32_t)(slot - table);
        }
        for (Py_ssize_t at = 0; at < runs_longer; at++) {
            Slot *slot = find(table, mask, run(longer + at));
            of_longer[at] = slot->shorter;
            if (slot->shorter >= 0 && slot->longer < 0) slot->longer = (int32_t)at;
        }
        int64_t figures = 0;
        for (Py_ssize_t at = 0; at < runs; at++) {
            of_shorter[at] = table[of_shorter[at]].longer;
            int alone = 1;
            for (Py_ssize_t back = 0; back < RUN_WORDS && back <= at; back++) alone &= of_shorter[at - back] < 0;
            figures += alone & (int)(shorter[at] & 1);
        }
        measure(of_shorter, runs, gap, slack, out + pair, out + n + pair);
        measure(of_longer, runs_longer, gap, slack, out + 2 * n + pair, out + 3 * n + pair);
        out[4 * n + pair] = figures;
    }
    Py_END_ALLOW_THREADS
done:
    free(table);
    free(partners);
    PyBuffer_Release(&words);
    PyBuffer_Release(&begins);
    PyBuffer_Release(&sizes);
    PyBuffer_Release(&common);
    if (PyErr_Occurred()) return NULL;
    Py_RETURN_NONE;
}

/* ------------------------------------------------------------------------------------------------------------------------ */

static PyMethodDef methods[] = {
    {"scan", scan, METH_VARARGS, "Hash, start and end of every word."},
    {"compare", compare, METH_VARARGS, "What the texts of some pairs have in common."},
    {NULL, NULL, 0, NULL},
};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_compiled", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__compiled(void) { return PyModule_Create(&module); }
