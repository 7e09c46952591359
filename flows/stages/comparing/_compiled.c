/* What is done for each byte of a text, for each shingle that articles share, and for each word of two texts that are compared.
   `words.py`, `candidates.py` and `relations.py` do the same with arrays where this is not compiled; both give the same numbers, which tests make sure of. */

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

/* fold(text, table, function)

   text: UTF-8, whose characters beyond ASCII are folded in their places; table: what is known of those of two and three bytes, by
   code point: the bytes, the first the lowest, and 1 << 24; function: gives as many bytes for those of a character. */
static PyObject *fold(PyObject *module, PyObject *arguments) {
    Py_buffer buffer, known;
    PyObject *function;
    if (!PyArg_ParseTuple(arguments, "w*w*O", &buffer, &known, &function)) return NULL;
    unsigned char *text = buffer.buf;
    uint32_t *table = known.buf;
    if (known.len != 4 * 0x10000) PyErr_SetString(PyExc_ValueError, "the table has not one number a code point");
    for (Py_ssize_t at = 0; at < buffer.len && !PyErr_Occurred();) {
        unsigned char *c = text + at;
        if (*c < 0x80) {
            at += at + 8 <= buffer.len && !(eight(c) & BEYOND) ? 8 : 1;
            continue;
        }
        int size = *c >= 0xF0 ? 4 : *c >= 0xE0 ? 3 : 2;
        if (at + size > buffer.len) break;
        uint32_t point = size == 2 ? (c[0] & 0x1Fu) << 6 | (c[1] & 0x3Fu) : (c[0] & 0xFu) << 12 | (c[1] & 0x3Fu) << 6 | (c[2] & 0x3Fu);
        if (size == 4 || !table[point]) {
            PyObject *folded = PyObject_CallFunction(function, "y#", (const char *)c, (Py_ssize_t)size);
            if (folded && PyBytes_Check(folded) && PyBytes_GET_SIZE(folded) == size) {
                memcpy(c, PyBytes_AS_STRING(folded), (size_t)size);
                if (size < 4) table[point] = 1u << 24 | (uint32_t)c[0] | (uint32_t)c[1] << 8 | (size == 3 ? (uint32_t)c[2] << 16 : 0);
            } else if (folded)
                PyErr_SetString(PyExc_ValueError, "a character was not folded to as many bytes");
            Py_XDECREF(folded);
        } else
            for (int i = 0; i < size; i++) c[i] = (unsigned char)(table[point] >> 8 * i);
        at += size;
    }
    PyBuffer_Release(&buffer);
    PyBuffer_Release(&known);
    if (PyErr_Occurred()) return NULL;
    Py_RETURN_NONE;
}

/* scan(encoded, folded, words, starts, lengths) -> number of words

   encoded: UTF-8, with eight bytes or more behind the last word; folded: the same with what is beyond ASCII folded;
   words, starts, lengths: room for as many numbers as there can be words. */
static PyObject *scan(PyObject *module, PyObject *arguments) {
    Py_buffer encoded, folded, words, starts, lengths;
    if (!PyArg_ParseTuple(arguments, "y*y*w*w*w*", &encoded, &folded, &words, &starts, &lengths)) return NULL;
    const unsigned char *original = encoded.buf, *text = folded.buf;
    uint32_t *word = words.buf;
    uint32_t *start = starts.buf;
    uint16_t *length = lengths.buf;
    Py_ssize_t n = encoded.len, room = n / 2 + 1, found = 0;
    if (folded.len != n || words.len < room * 4 || n > UINT32_MAX || starts.len < room * 4 || lengths.len < room * 2) {
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
        int n_edges = 0, end = n - block < BLOCK ? (int)(n - block) : BLOCK;
        for (int i = 0; i < end; i++) {
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
                start[found] = (uint32_t)(from - skipped);
                length[found++] = (uint16_t)(size < UINT16_MAX ? size : UINT16_MAX);
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
            start[found] = (uint32_t)begin;
            begin = to - skipped - begin;
            length[found++] = (uint16_t)(begin < UINT16_MAX ? begin : UINT16_MAX);
        }
    }
    Py_END_ALLOW_THREADS
done:
    PyBuffer_Release(&encoded);
    PyBuffer_Release(&folded);
    PyBuffer_Release(&words);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&lengths);
    return PyErr_Occurred() ? NULL : PyLong_FromSsize_t(found);
}

/* --- candidates: as candidates.py --------------------------------------------------------------------------------------- */

/* join(nth, rank, segment, sizes, needed, common) -> keys of pairs, as bytes

   nth, rank, segment: of each posting, sorted by hash and rank: its place in its list, its article's rank, and the segment it stands
   in (15 at most); sizes, needed: of each article by rank, its words, and in how many segments of it an article that is no shorter
   must have something in common with it. A key has the first rank in the upper 32 bits, the second in the lower. */
static PyObject *join(PyObject *module, PyObject *arguments) {
    Py_buffer nths, ranks, segments, sizes, neededs;
    int common;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*y*i", &nths, &ranks, &segments, &sizes, &neededs, &common)) return NULL;
    const int32_t *nth = nths.buf, *rank = ranks.buf, *size = sizes.buf;
    const int8_t *segment = segments.buf, *needed = neededs.buf;
    Py_ssize_t m = nths.len / 4, n = sizes.len / 4, found = 0, room = 1024;
    int fits = ranks.len == 4 * m && segments.len == m && neededs.len == n && m < INT32_MAX && n < INT32_MAX;
    for (Py_ssize_t i = 0; fits && i < m; i++)
        fits = rank[i] >= 0 && rank[i] < n && nth[i] >= 0 && nth[i] <= i && segment[i] >= 0 && segment[i] < 16;
    int32_t *begins = calloc(n + 2, sizeof(int32_t)), *postings = malloc((m + 1) * sizeof(int32_t)), *touched = malloc((n + 1) * sizeof(int32_t));
    uint16_t *shared = calloc(n + 1, sizeof(uint16_t));
    int64_t *keys = malloc(room * sizeof(int64_t));
    PyObject *answer = NULL;
    int whole = begins && postings && touched && shared && keys;
    if (!fits) PyErr_SetString(PyExc_ValueError, "buffers do not fit each other");
    if (!fits || !whole) goto done;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t i = 0; i < m; i++) begins[rank[i] + 2]++;
    for (Py_ssize_t r = 0; r < n; r++) begins[r + 1] += begins[r];
    for (Py_ssize_t i = 0; i < m; i++) postings[begins[rank[i] + 1]++] = (int32_t)i;
    for (int32_t r = 0; r < n && whole; r++) {
        Py_ssize_t n_touched = 0;
        for (int32_t p = begins[r]; p < begins[r + 1]; p++) {
            int32_t at = postings[p], before = nth[at];
            for (int32_t k = 0; k < 2 * common; k++) { /* those next before it, then the first of the list */
                int32_t back = k < common ? k + 1 : before - (k - common);
                if (k < common ? back > before : back <= common) continue;
                int32_t other = rank[at - back];
                if (!shared[other]) touched[n_touched++] = other;
                shared[other] |= (uint16_t)(1u << (size[other] < size[r] ? segment[at - back] : segment[at]));
            }
        }
        for (Py_ssize_t t = 0; t < n_touched; t++) {
            int32_t other = touched[t];
            int spread = 0, least = size[other] < size[r] ? needed[other] : needed[r];
            for (uint16_t bits = shared[other]; bits; bits &= (uint16_t)(bits - 1)) spread++;
            shared[other] = 0;
            if (spread < least) continue;
            if (found == room) {
                int64_t *more = realloc(keys, 2 * room * sizeof(int64_t));
                whole = more != NULL;
                if (!whole) break;
                keys = more;
                room *= 2;
            }
            keys[found++] = (int64_t)other << 32 | r;
        }
    }
    Py_END_ALLOW_THREADS
    if (whole) answer = PyBytes_FromStringAndSize((const char *)keys, found * (Py_ssize_t)sizeof(int64_t));
done:
    if (!whole) PyErr_NoMemory();
    free(begins);
    free(postings);
    free(touched);
    free(shared);
    free(keys);
    PyBuffer_Release(&nths);
    PyBuffer_Release(&ranks);
    PyBuffer_Release(&segments);
    PyBuffer_Release(&sizes);
    PyBuffer_Release(&neededs);
    return answer;
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
    {"fold", fold, METH_VARARGS, "Fold the characters beyond ASCII."},
    {"scan", scan, METH_VARARGS, "Hash, start and length of every word."},
    {"join", join, METH_VARARGS, "Pairs of articles that share enough shingles."},
    {"compare", compare, METH_VARARGS, "What the texts of some pairs have in common."},
    {NULL, NULL, 0, NULL},
};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_compiled", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__compiled(void) { return PyModule_Create(&module); }
