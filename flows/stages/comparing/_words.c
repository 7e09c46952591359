/* Words as numbers, in one pass over the bytes: what `words.py` does with arrays where this is not compiled.

   The two give the same numbers, which a test makes sure of. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

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

static PyMethodDef methods[] = {{"scan", scan, METH_VARARGS, "Hash, start and end of every word."}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_words", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__words(void) { return PyModule_Create(&module); }
