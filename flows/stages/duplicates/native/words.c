/* What is done for each character of a text and for each of its words; hashed_words.py and signatures.py do the same with arrays. */

#include "native.h"
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define LONGEST 256 /* bytes that count of a word */
#define MARKED 0x80 /* a character beyond ASCII that has not been looked at */
#define SPECIAL 0xFF /* one that stands for anything but one letter or digit of ASCII */
#define NOTED 0x20000 /* code points of which is noted what stands for them; those beyond are looked up each time */

/* Entries of the table of characters: the bytes that stand for one in the lowest 32 bits, then how many. */
#define N_BYTES(entry) ((entry) >> 32 & 7)
#define SEPARATOR (UINT64_C(1) << 40)
#define KNOWN (UINT64_C(1) << 41)

static uint64_t mix(uint64_t value) {
    value *= UINT64_C(0x9E3779B97F4A7C15);
    value ^= value >> 32;
    return value * UINT64_C(0xBF58476D1CE4E5B9);
}

/* Eight bytes as a number, the first the lowest, and the same of fewer. */
static inline uint64_t eight(const unsigned char *b) {
    return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 | (uint64_t)b[4] << 32 |
           (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 | (uint64_t)b[7] << 56;
}

static inline uint64_t first(const unsigned char *bytes, Py_ssize_t n) {
    static const uint64_t masks[9] = {0, 0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF, 0xFFFFFFFFFF, 0xFFFFFFFFFFFF, 0xFFFFFFFFFFFFFF, UINT64_MAX};
    return eight(bytes) & masks[n < 8 ? n : 8];
}

/* Hash of a word with seven bytes behind it; the lowest bit says whether it begins with two digits. */
static inline uint32_t hash(const unsigned char *word, Py_ssize_t size) {
    uint64_t value = first(word, size);
    uint32_t number = (value & 0xF0F0) == 0x3030;
    value = mix(value);
    for (Py_ssize_t at = 8; at < size && at < LONGEST; at += 8) value = mix(value + first(word + at, size - at) + (uint64_t)size);
    return ((uint32_t)(value >> 32) & 0xFFFFFFFEu) | number;
}

/* The low byte of each character, MARKED if it is beyond ASCII; then a letter or digit of ASCII for each, letters small, 0 for what parts
   words. Not by a table, and a byte at a time: both are vectorised. */
#define NARROW(name, type)                                                                                        \
    WIDE static void name(const type *text, unsigned char *folded, Py_ssize_t n) {                                \
        for (Py_ssize_t i = 0; i < n; i++) folded[i] = (unsigned char)(text[i] < 0x80 ? text[i] : MARKED);        \
    }
NARROW(narrow_2, Py_UCS2)
NARROW(narrow_4, Py_UCS4)

WIDE static void fold(unsigned char *folded, Py_ssize_t n) {
    for (Py_ssize_t i = 0; i < n; i++) {
        unsigned char c = folded[i], small = c | 0x20;
        unsigned char letter = (unsigned char)(small - 'a') < 26 ? small : 0, digit = (unsigned char)(c - '0') < 10 ? c : 0;
        folded[i] = letter | digit | (c & MARKED);
    }
}

/* What stands for a character beyond ASCII; 0 if there was an error. */
static uint64_t look_up(Py_UCS4 character, uint64_t *table, PyObject *function) {
    if (character < NOTED && table[character]) return table[character];
    uint64_t entry = 0;
    PyObject *folded = PyObject_CallFunction(function, "k", (unsigned long)character);
    if (folded && (!PyBytes_Check(folded) || PyBytes_GET_SIZE(folded) > 4))
        PyErr_SetString(PyExc_ValueError, "a character was not folded to four bytes at most");
    else if (folded) {
        entry = KNOWN | (uint64_t)PyBytes_GET_SIZE(folded) << 32;
        for (Py_ssize_t i = 0; i < PyBytes_GET_SIZE(folded); i++) entry |= (uint64_t)(unsigned char)PyBytes_AS_STRING(folded)[i] << 8 * i;
        if (entry == (KNOWN | UINT64_C(1) << 32 | ' ')) entry = KNOWN | SEPARATOR;
        if (character < NOTED) table[character] = entry;
    }
    Py_XDECREF(folded);
    return PyErr_Occurred() ? 0 : entry;
}

typedef struct {
    unsigned char *folded; /* one byte a character, and 64 more, a multiple of 64 */
    uint32_t *edges; /* where each run of characters inside words begins, and where it ends */
    uint32_t *some; /* of all words, those that are written with other than a small letter */
    Py_ssize_t room;
} Scratch;

static int make_room(Scratch *scratch, Py_ssize_t n) {
    if (n <= scratch->room) return 1;
    PyMem_Free(scratch->folded);
    PyMem_Free(scratch->edges);
    PyMem_Free(scratch->some);
    scratch->room = n;
    scratch->folded = PyMem_Malloc((size_t)n + 192);
    scratch->edges = PyMem_Malloc(((size_t)n + 68) * sizeof(uint32_t));
    scratch->some = PyMem_Malloc(((size_t)n / 2 + 2) * sizeof(uint32_t));
    return scratch->folded && scratch->edges && scratch->some;
}

/* Which of 64 bytes are not 0, the first in the lowest bit. */
static inline uint64_t set_bytes(const unsigned char *bytes) {
    uint64_t found = 0;
#if defined(__SSE2__)
    for (int i = 0; i < 4; i++) {
        __m128i some = _mm_loadu_si128((const __m128i *)(bytes + 16 * i));
        found |= (uint64_t)_mm_movemask_epi8(_mm_cmpeq_epi8(some, _mm_setzero_si128())) << 16 * i;
    }
    return ~found;
#else
    for (int i = 0; i < 8; i++) {
        uint64_t some = eight(bytes + 8 * i);
        some = (((some & UINT64_C(0x7F7F7F7F7F7F7F7F)) + UINT64_C(0x7F7F7F7F7F7F7F7F)) | some) >> 7 & UINT64_C(0x0101010101010101);
        found |= (some * UINT64_C(0x0102040810204080)) >> 56 << 8 * i;
    }
    return found;
#endif
}

#define USUAL 24 /* edges of a block at most, as a rule */

/* Where words may begin and end, in turns: found without a branch a character, or one that tells how many there are in a block, which would
   be mispredicted. Up to 64 behind the last are written, too. Returns how many begin. */
WIDE static Py_ssize_t find_runs(const unsigned char *folded, Py_ssize_t n, uint32_t *edges) {
    size_t found = 0;
    uint64_t before = 0; /* whether the character before the block is inside a word */
    for (Py_ssize_t block = 0; block <= n; block += 64) {
        uint64_t inside = set_bytes(folded + block), some = inside ^ (inside << 1 | before);
        const int more = count_set(some);
        uint32_t *to = edges + found;
        for (int i = 0; i < USUAL; i++, some &= some - 1) to[i] = (uint32_t)(block + lowest(some | UINT64_C(1) << 63));
        for (int i = USUAL; i < more; i++, some &= some - 1) to[i] = (uint32_t)(block + lowest(some));
        found += (size_t)more;
        before = inside >> 63;
    }
    return (Py_ssize_t)(found / 2);
}

/* A word with characters that are not one byte: its hash and where it really begins; -1 if it has marks only. */
static Py_ssize_t hash_special(int kind, const void *data, const unsigned char *folded, uint64_t *table, PyObject *function, Py_ssize_t at,
                               Py_ssize_t end, uint32_t *word) {
    unsigned char kept[LONGEST + 16] = {0};
    Py_ssize_t size = 0, begin = -1;
    for (; at < end; at++) {
        uint64_t entry = folded[at] == SPECIAL ? look_up(PyUnicode_READ(kind, data, at), table, function) : (uint64_t)folded[at] | UINT64_C(1) << 32;
        for (uint64_t i = 0; i < N_BYTES(entry); i++) {
            if (size < LONGEST) kept[size] = (unsigned char)(entry >> 8 * i);
            size++;
        }
        if (size && begin < 0) begin = at;
    }
    if (size) *word = hash(kept, size);
    return begin;
}

/* What is kept of how each word is written that begins with a capital or a digit, see `Signatures`; 0 for others. */
#define STOPS (UINT64_C(1) << '.' | UINT64_C(1) << '!' | UINT64_C(1) << '?' | UINT64_C(1) << '\n' | UINT64_C(1) << '"')
#define IS_STOP(c) ((((c) < 64) & (STOPS >> ((c) & 63))) | ((c) == 0x201C)) /* without a branch, which would be mispredicted */
#define SHAPE(name, type)                                                                                         \
    static void name(const type *text, const uint32_t *starts, const uint32_t *some, Py_ssize_t n_some, uint8_t *shapes) { \
        for (Py_ssize_t i = 0; i < n_some; i++) {                                                                 \
            uint32_t at = starts[some[i]], c = text[at];                                                          \
            uint32_t before = at > 0 ? text[at - 1] : '\n', earlier = at > 1 ? text[at - 2] : '\n';               \
            uint32_t number = c - '0' < 10, capital = c < 0x80 ? c - 'A' < 26 : (uint32_t)(Py_UNICODE_ISUPPER(c) != 0); \
            uint32_t written = number ? 3u : capital << (IS_STOP(before) | IS_STOP(earlier));                     \
            shapes[some[i]] = (uint8_t)(written ? (c & 31) | written << 5 : 0);                                   \
        }                                                                                                         \
    }
SHAPE(shape_1, Py_UCS1)
SHAPE(shape_2, Py_UCS2)
SHAPE(shape_4, Py_UCS4)

typedef struct {
    uint32_t *words, *starts;
    uint16_t *lengths;
    uint8_t *shapes;
} Words;

/* First character and length of the words between some edges. */
WIDE static void measure_words(const uint32_t *edges, Py_ssize_t n, uint32_t *starts, uint16_t *lengths) {
    for (Py_ssize_t i = 0; i < n; i++) {
        uint32_t begin = edges[2 * i], size = edges[2 * i + 1] - begin;
        starts[i] = begin;
        lengths[i] = (uint16_t)(size < UINT16_MAX ? size : UINT16_MAX);
    }
}

/* Hash of the same, all of one byte a character. */
static void hash_words(const unsigned char *folded, const uint32_t *edges, Py_ssize_t n, uint32_t *words) {
    for (Py_ssize_t i = 0; i < n; i++) words[i] = hash(folded + edges[2 * i], (Py_ssize_t)(edges[2 * i + 1] - edges[2 * i]));
}

/* Which of the words are written with other than a small letter: without a branch a word, which would be mispredicted. Returns how many. */
#define OTHERS(name, type)                                                                                        \
    static Py_ssize_t name(const type *text, const uint32_t *starts, Py_ssize_t n, uint32_t *some) {              \
        Py_ssize_t n_some = 0;                                                                                    \
        for (Py_ssize_t i = 0; i < n; i++) {                                                                      \
            some[n_some] = (uint32_t)i;                                                                           \
            n_some += (uint32_t)text[starts[i]] - 'a' >= 26;                                                      \
        }                                                                                                         \
        return n_some;                                                                                            \
    }
OTHERS(others_1, Py_UCS1)
OTHERS(others_2, Py_UCS2)
OTHERS(others_4, Py_UCS4)

/* Hash, first character and length where some characters are not one byte. Returns the number of words, since what holds marks alone is none. */
static Py_ssize_t special_words(int kind, const void *data, const unsigned char *folded, uint64_t *table, PyObject *function,
                                const uint32_t *edges, Py_ssize_t n, Words to) {
    Py_ssize_t found = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_ssize_t begin = edges[2 * i], end = edges[2 * i + 1];
        if (memchr(folded + begin, SPECIAL, (size_t)(end - begin))) {
            begin = hash_special(kind, data, folded, table, function, begin, end, to.words + found);
            if (begin < 0) continue;
        } else
            to.words[found] = hash(folded + begin, end - begin);
        to.starts[found] = (uint32_t)begin;
        to.lengths[found++] = (uint16_t)(end - begin < UINT16_MAX ? end - begin : UINT16_MAX);
    }
    return found;
}

/* Hash, first character, length and shape of each word of a text; returns how many, -1 if there was an error. */
static Py_ssize_t scan_text(PyObject *text, uint64_t *table, PyObject *function, Scratch *scratch, Words to) {
    Py_ssize_t n = PyUnicode_GET_LENGTH(text);
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    if (!make_room(scratch, n)) return PyErr_NoMemory(), -1;
    unsigned char *folded = scratch->folded;
    if (kind == PyUnicode_1BYTE_KIND)
        memcpy(folded, data, (size_t)n);
    else if (kind == PyUnicode_2BYTE_KIND)
        narrow_2(data, folded, n);
    else
        narrow_4(data, folded, n);
    fold(folded, n);
    memset(folded + n, 0, 128);
    int special = 0;
    if (!PyUnicode_IS_ASCII(text))
        for (Py_ssize_t block = 0; block < n; block += 8) {
            if (!(eight(folded + block) & UINT64_C(0x8080808080808080))) continue;
            for (Py_ssize_t i = block; i < block + 8; i++)
                if (folded[i] == MARKED) {
                    uint64_t entry = look_up(PyUnicode_READ(kind, data, i), table, function);
                    if (!entry) return -1;
                    folded[i] = entry & SEPARATOR ? 0 : N_BYTES(entry) == 1 && (entry & 0xFF) - 1 < 0x7F ? (unsigned char)entry : SPECIAL;
                    special |= folded[i] == SPECIAL;
                }
        }
    Py_ssize_t n_found = find_runs(folded, n, scratch->edges);
    const uint32_t *edges = scratch->edges;
    uint32_t *some = scratch->some;
    if (special)
        n_found = special_words(kind, data, folded, table, function, edges, n_found, to);
    else {
        measure_words(edges, n_found, to.starts, to.lengths);
        hash_words(folded, edges, n_found, to.words);
    }
    memset(to.shapes, 0, (size_t)n_found);
    if (kind == PyUnicode_1BYTE_KIND)
        shape_1(data, to.starts, some, others_1(data, to.starts, n_found, some), to.shapes);
    else if (kind == PyUnicode_2BYTE_KIND)
        shape_2(data, to.starts, some, others_2(data, to.starts, n_found, some), to.shapes);
    else
        shape_4(data, to.starts, some, others_4(data, to.starts, n_found, some), to.shapes);
    return n_found;
}

/* scan(texts, table, function, words, starts, lengths, shapes, counts) -> number of words

   texts: a tuple; table: what is known of each code point; function: gives the bytes, four at most, that stand for a code point;
   words, starts, lengths, shapes: room for as many numbers as there can be words, one for two characters; counts: of words of each text. */
PyObject *scan(PyObject *module, PyObject *arguments) {
    PyObject *texts, *function;
    Py_buffer table, words, starts, lengths, shapes, counts;
    if (!PyArg_ParseTuple(arguments, "O!w*Ow*w*w*w*w*", &PyTuple_Type, &texts, &table, &function, &words, &starts, &lengths, &shapes, &counts))
        return NULL;
    Py_ssize_t found = 0, n = PyTuple_GET_SIZE(texts), room = words.len / 4;
    Scratch scratch = {NULL, NULL, NULL, -1};
    if (table.len != 8 * NOTED || starts.len < 4 * room || lengths.len < 2 * room || shapes.len < room || counts.len < 8 * n)
        PyErr_SetString(PyExc_ValueError, "buffers do not fit each other");
    for (Py_ssize_t i = 0; i < n && !PyErr_Occurred(); i++) {
        PyObject *text = PyTuple_GET_ITEM(texts, i);
        if (!PyUnicode_Check(text) || PyUnicode_GET_LENGTH(text) >= UINT32_MAX || PyUnicode_GET_LENGTH(text) / 2 + 1 > room - found) {
            PyErr_SetString(PyExc_ValueError, "a text is none, or there is no room for its words");
            break;
        }
        Words to = {(uint32_t *)words.buf + found, (uint32_t *)starts.buf + found, (uint16_t *)lengths.buf + found, (uint8_t *)shapes.buf + found};
        Py_ssize_t more = scan_text(text, table.buf, function, &scratch, to);
        if (more < 0) break;
        ((int64_t *)counts.buf)[i] = more;
        found += more;
    }
    PyMem_Free(scratch.folded);
    PyMem_Free(scratch.edges);
    PyMem_Free(scratch.some);
    PyBuffer_Release(&table);
    PyBuffer_Release(&words);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&lengths);
    PyBuffer_Release(&shapes);
    PyBuffer_Release(&counts);
    return PyErr_Occurred() ? NULL : PyLong_FromSsize_t(found);
}

/* --- signatures: as signatures.py ---------------------------------------------------------------------------------------- */

#define SHINGLE_WORDS 5
#define WINDOW 16

/* The places of the smallest of any WINDOW hashes among those from `begin` to `end`, in order; returns how many. */
static Py_ssize_t find_least(const uint32_t *hashes, Py_ssize_t begin, Py_ssize_t end, uint32_t *places) {
    Py_ssize_t n = 0, last = begin - 1;
    uint32_t least = 0;
    for (Py_ssize_t at = begin; at + WINDOW <= end; at++) {
        Py_ssize_t newest = at + WINDOW - 1;
        if (at == begin || hashes[at - 1] == least) {
            least = UINT32_MAX;
            for (Py_ssize_t i = at; i <= newest; i++) least = hashes[i] < least ? hashes[i] : least;
            for (Py_ssize_t i = at > last ? at : last + 1; i <= newest; i++)
                if (hashes[i] == least) places[n++] = (uint32_t)(last = i);
        } else if (hashes[newest] <= least) {
            least = hashes[newest];
            places[n++] = (uint32_t)(last = newest);
        }
    }
    return n;
}

typedef struct {
    uint32_t hash;
    int32_t text, times; /* the text whose it is; others' are empty places */
} Said;

/* Whether a text has one of these hashes more than so many times; `table` has a power of two of places, twice as many as hashes at least. */
static int repeats(const uint32_t *hashes, Py_ssize_t n, long long most, int32_t text, Said *table) {
    uint32_t last = 15;
    while (last < 2 * (size_t)n) last = 2 * last + 1;
    int found = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        uint32_t at = hashes[i] * ODD >> 7 & last;
        while (table[at].text == text && table[at].hash != hashes[i]) at = (at + 1) & last;
        if (table[at].text != text) table[at] = (Said){hashes[i], text, 0};
        found |= ++table[at].times > most;
    }
    return found;
}

WIDE static void hash_shingles(const uint32_t *word, uint32_t *hashes, Py_ssize_t n) {
    for (Py_ssize_t i = 0; i < n; i++) hashes[i] = (((word[i] * ODD + word[i + 1]) * ODD + word[i + 2]) * ODD + word[i + 3]) * ODD + word[i + 4];
}

/* The polynomial of some words, four at a time: a product waits for the one before it. */
static uint64_t digest_of(const uint32_t *word, Py_ssize_t n, uint64_t factor) {
    const uint64_t square = factor * factor, cube = square * factor, fourth = cube * factor;
    uint64_t total = (uint64_t)n;
    Py_ssize_t i = 0;
    for (; i + 4 <= n; i += 4) total = total * fourth + ((word[i] * cube + word[i + 1] * square) + (word[i + 2] * factor + word[i + 3]));
    for (; i < n; i++) total = total * factor + word[i];
    return total;
}

/* sign(words, first, before, short_words, sample, most, sampled, hashes, digests, repeating) -> number of sampled shingles

   first: where the words of each text begin, and the last end; before: what is added to the places of shingles; short_words, sample: as
   SHORT_WORDS and SAMPLE; sampled, hashes: room for one number a word; digests: two for each text; repeating: of each text, whether it has a sampled shingle more than `most` times. */
PyObject *sign(PyObject *module, PyObject *arguments) {
    Py_buffer words, firsts, sampled, hashes, digests, repeating;
    long long before, short_words, sample, most;
    if (!PyArg_ParseTuple(arguments, "y*y*LLLLw*w*w*w*", &words, &firsts, &before, &short_words, &sample, &most, &sampled, &hashes, &digests, &repeating))
        return NULL;
    const int64_t *begin = firsts.buf;
    int64_t *places = sampled.buf;
    uint32_t *found = hashes.buf;
    uint64_t *digest = digests.buf;
    Py_ssize_t n = firsts.len / 8 - 1, n_words = words.len / 4, longest = 0, n_found = 0;
    int fits = n >= 0 && short_words > 0 && sample > 0 && sampled.len >= 8 * n_words && hashes.len >= 4 * n_words && digests.len >= 16 * n;
    fits = fits && repeating.len >= n && n < INT32_MAX;
    for (Py_ssize_t i = 0; fits && i < n; i++) {
        fits = begin[i] >= 0 && begin[i] <= begin[i + 1] && begin[i + 1] <= n_words && begin[i + 1] - begin[i] < INT32_MAX / 4;
        if (begin[i + 1] - begin[i] > longest) longest = begin[i + 1] - begin[i];
    }
    uint32_t *all = PyMem_Malloc(((size_t)longest + 1) * sizeof(uint32_t)), *small = PyMem_Malloc(((size_t)longest + 1) * sizeof(uint32_t)),
             *least = PyMem_Malloc(((size_t)longest + 1) * sizeof(uint32_t));
    size_t places_said = 16;
    while (places_said < 2 * (size_t)longest) places_said *= 2;
    Said *said = PyMem_Malloc(places_said * sizeof(Said));
    if (!fits) PyErr_SetString(PyExc_ValueError, "buffers do not fit each other");
    if (fits && !(all && small && least && said)) PyErr_NoMemory();
    for (size_t i = 0; said && i < places_said; i++) said[i].text = -1;
    for (Py_ssize_t text = 0; text < n && !PyErr_Occurred(); text++) {
        const uint32_t *word = (const uint32_t *)words.buf + begin[text];
        Py_ssize_t size = begin[text + 1] - begin[text], n_shingles = size - SHINGLE_WORDS + 1, n_small = 0, n_before = n_found;
        digest[2 * text] = digest_of(word, size, UINT64_C(0x9E3779B97F4A7C15));
        digest[2 * text + 1] = digest_of(word, size, UINT64_C(0x94D049BB133111EB));
        ((char *)repeating.buf)[text] = 0;
        if (n_shingles <= 0) continue;
        int64_t rate = size / short_words;
        uint32_t below = UINT32_MAX / (uint32_t)(rate < 1 ? 1 : rate < sample ? rate : sample);
        hash_shingles(word, all, n_shingles);
        for (Py_ssize_t i = 0; i < n_shingles; i++) {
            small[n_small] = (uint32_t)i;
            n_small += all[i] < below;
        }
        Py_ssize_t after = 0; /* the last one sampled */
        for (Py_ssize_t i = 0; i <= n_small; i++) {
            Py_ssize_t at = i < n_small ? (Py_ssize_t)small[i] : n_shingles;
            if (at - after >= WINDOW) {
                Py_ssize_t n_least = find_least(all, after, at, least);
                for (Py_ssize_t k = 0; k < n_least; k++) {
                    places[n_found] = before + begin[text] + least[k];
                    found[n_found++] = all[least[k]];
                }
            }
            if (i == n_small) break;
            places[n_found] = before + begin[text] + at;
            found[n_found++] = all[at];
            after = at + 1;
        }
        ((char *)repeating.buf)[text] = (char)repeats(found + n_before, n_found - n_before, most, (int32_t)text, said);
    }
    PyMem_Free(said);
    PyMem_Free(all);
    PyMem_Free(small);
    PyMem_Free(least);
    PyBuffer_Release(&words);
    PyBuffer_Release(&firsts);
    PyBuffer_Release(&sampled);
    PyBuffer_Release(&hashes);
    PyBuffer_Release(&digests);
    PyBuffer_Release(&repeating);
    return PyErr_Occurred() ? NULL : PyLong_FromSsize_t(n_found);
}
