/* What is done for each shingle of articles that come or go; candidates.py and passage_updates.py do the same with arrays. */

#include "native.h"

#define PASSAGE_WORDS 20
#define SHINGLE_WORDS 5

typedef struct { /* numbers that are added one by one */
    int64_t *values;
    Py_ssize_t n, room;
} Column;

static int add(Column *column, int64_t value) {
    if (column->n == column->room) {
        Py_ssize_t room = column->room ? 2 * column->room : 1 << 10;
        int64_t *values = realloc(column->values, (size_t)room * sizeof(int64_t));
        if (!values) return 0;
        column->values = values;
        column->room = room;
    }
    column->values[column->n++] = value;
    return 1;
}

/* Two columns as bytes; NULL with an error set if there was no memory. */
static PyObject *pair_of(Column *columns, int whole) {
    PyObject *answer = whole ? Py_BuildValue("y#y#", columns[0].values ? (char *)columns[0].values : "", 8 * columns[0].n,
                                             columns[1].values ? (char *)columns[1].values : "", 8 * columns[1].n)
                             : PyErr_NoMemory();
    free(columns[0].values);
    free(columns[1].values);
    return answer;
}

/* --- which pairs of articles are joined by other shingles than before: as candidates.py --- */

/* Those of a list that count, and for each of the list which of them it is, -1 if none. */
typedef struct {
    Py_ssize_t *members, *nth;
} Counted;

/* Whether the posting that is `nth` is joined to an earlier one. */
static int joins(Py_ssize_t nth, Py_ssize_t earlier, int common) { return nth >= 0 && earlier >= 0 && (earlier < common || nth - earlier <= common); }

/* Adds the pairs of each posting of a list that are joined by `one` and not by `other`. */
static int add_differing(const Counted *one, const Counted *other, Py_ssize_t n, const int32_t *document, int common, Column *found) {
    int whole = 1;
    for (Py_ssize_t i = 0; i < n; i++)
        for (Py_ssize_t earlier = 0; earlier < one->nth[i]; earlier++) {
            if (!joins(one->nth[i], earlier, common)) {
                earlier = one->nth[i] - common - 1;
                continue;
            }
            Py_ssize_t k = one->members[earlier];
            if (!joins(other->nth[i], other->nth[k], common)) whole = whole && add(found, (int64_t)document[k] << 32 | document[i]);
        }
    return whole;
}

/* changed_pairs(hashes, documents, was, now, common) -> keys of pairs that lose a shingle, of pairs that gain one

   hashes, documents: of postings, sorted by hash and rank, each article once; was, now: whether each counted before and does now.
   A key has the article that is first in rank in the upper 32 bits, the other in the lower; it may be there several times. */
PyObject *changed_pairs(PyObject *module, PyObject *arguments) {
    Py_buffer hashes, documents, befores, nows;
    int common;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*i", &hashes, &documents, &befores, &nows, &common)) return NULL;
    const uint32_t *hash = hashes.buf;
    const int32_t *document = documents.buf;
    const char *counts[2] = {befores.buf, nows.buf};
    Py_ssize_t m = hashes.len / 4, longest = 0;
    int fits = documents.len == 4 * m && befores.len == m && nows.len == m && common > 0;
    for (Py_ssize_t begin = 0, end; fits && begin < m; begin = end) {
        for (end = begin + 1; end < m && hash[end] == hash[begin];) end++;
        if (end - begin > longest) longest = end - begin;
    }
    Py_ssize_t *room = malloc((4 * (size_t)longest + 1) * sizeof(Py_ssize_t));
    Counted counted[2] = {{room, room + longest}, {room + 2 * longest, room + 3 * longest}};
    Column found[2] = {{NULL, 0, 0}, {NULL, 0, 0}};
    int whole = fits && room;
    for (Py_ssize_t begin = 0, end; whole && begin < m; begin = end) {
        int differ = 0;
        for (end = begin; end < m && hash[end] == hash[begin]; end++) differ |= !counts[0][end] != !counts[1][end];
        if (!differ) continue;
        for (int when = 0; when < 2; when++) {
            Py_ssize_t n = 0;
            for (Py_ssize_t i = 0; i < end - begin; i++) {
                counted[when].nth[i] = counts[when][begin + i] ? n : -1;
                if (counts[when][begin + i]) counted[when].members[n++] = i;
            }
        }
        for (int when = 0; when < 2; when++)
            whole = whole && add_differing(counted + when, counted + !when, end - begin, document + begin, common, found + when);
    }
    free(room);
    if (!fits) PyErr_SetString(PyExc_ValueError, "buffers do not fit each other");
    PyObject *answer = NULL;
    if (fits)
        answer = pair_of(found, whole);
    Py_buffer *buffers[] = {&hashes, &documents, &befores, &nows};
    for (int i = 0; i < 4; i++) PyBuffer_Release(buffers[i]);
    return answer;
}

/* spread(segments, hashes, bounds, others, other_bounds, pairs, spreads)

   segments, hashes: of the sampled shingles of some articles, where they stand (15 at most) and what they are; bounds: where those of each
   article begin, and the last end; others, other_bounds: the hashes of other articles; pairs: two rows, the number of an article and that of
   another one; spreads: of each pair, in how many segments the article has a shingle that the other has; filled in. */
PyObject *spread(PyObject *module, PyObject *arguments) {
    Py_buffer segments, hashes, bounds, others, other_bounds, pairs, spreads;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*y*y*w*", &segments, &hashes, &bounds, &others, &other_bounds, &pairs, &spreads)) return NULL;
    const int8_t *segment = segments.buf;
    const uint32_t *hash = hashes.buf, *other = others.buf;
    const int64_t *bound = bounds.buf, *other_bound = other_bounds.buf, *pair = pairs.buf;
    int64_t *out = spreads.buf;
    Py_ssize_t n = spreads.len / 8, n_one = bounds.len / 8 - 1, n_other = other_bounds.len / 8 - 1;
    int64_t most = 0, m = hashes.len / 4, n_others = others.len / 4;
    int fits = pairs.len == 16 * n && segments.len == m && n_one >= 0 && n_other >= 0, bits = 4;
    for (Py_ssize_t i = 0; fits && i < n_one; i++) fits = bound[i] >= 0 && bound[i] <= bound[i + 1] && bound[i + 1] <= m;
    for (Py_ssize_t i = 0; fits && i < n_other; i++) {
        fits = other_bound[i] >= 0 && other_bound[i] <= other_bound[i + 1] && other_bound[i + 1] <= n_others;
        if (other_bound[i + 1] - other_bound[i] > most) most = other_bound[i + 1] - other_bound[i];
    }
    for (Py_ssize_t i = 0; fits && i < n; i++) fits = pair[i] >= 0 && pair[i] < n_one && pair[n + i] >= 0 && pair[n + i] < n_other;
    for (int64_t i = 0; fits && i < m; i++) fits = segment[i] >= 0 && segment[i] < 16;
    while (INT64_C(1) << bits <= 2 * most) bits++;
    const size_t size = (size_t)1 << bits;
    int64_t *table = malloc(size * sizeof(int64_t)), held = -1; /* where the hashes of the other article stand that is `held` */
    for (Py_ssize_t i = 0; fits && table && i < n; i++) {
        if (pair[n + i] != held) {
            held = pair[n + i];
            memset(table, 0xFF, size * sizeof(int64_t));
            for (int64_t k = other_bound[held]; k < other_bound[held + 1]; k++) {
                size_t at = other[k] & (size - 1);
                while (table[at] >= 0) at = (at + 1) & (size - 1);
                table[at] = k;
            }
        }
        unsigned int met = 0;
        for (int64_t k = bound[pair[i]]; k < bound[pair[i] + 1]; k++) {
            size_t at = hash[k] & (size - 1);
            while (table[at] >= 0 && other[table[at]] != hash[k]) at = (at + 1) & (size - 1);
            if (table[at] >= 0) met |= 1u << segment[k];
        }
        for (out[i] = 0; met; met &= met - 1) out[i]++;
    }
    if (!fits)
        PyErr_SetString(PyExc_ValueError, "buffers do not fit each other");
    else if (!table)
        PyErr_NoMemory();
    free(table);
    Py_buffer *buffers[] = {&segments, &hashes, &bounds, &others, &other_bounds, &pairs, &spreads};
    for (int i = 0; i < 7; i++) PyBuffer_Release(buffers[i]);
    if (PyErr_Occurred()) return NULL;
    Py_RETURN_NONE;
}

/* --- where the runs of some articles stand in others: as passage_updates.py --- */

/* run_places(words, runs, offsets, low, times, documents, places, first, segment_words) -> article and place as one number, number of the run

   words: those in which the runs stand; runs: where they begin; offsets: of a shingle in each; low, times: its postings; documents, places: of
   postings; first, segment_words: as in Signatures, of the articles that the postings name. */
PyObject *run_places(PyObject *module, PyObject *arguments) {
    Py_buffer words, runs, offsets, lows, times, documents, places, firsts, others;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*y*y*y*y*y*", &words, &runs, &offsets, &lows, &times, &documents, &places, &firsts, &others)) return NULL;
    const uint32_t *word = words.buf, *other = others.buf;
    const int64_t *run = runs.buf, *offset = offsets.buf, *low = lows.buf, *n_postings = times.buf, *first = firsts.buf;
    const int32_t *document = documents.buf, *place = places.buf;
    Py_ssize_t n = runs.len / 8, m = documents.len / 4, n_documents = firsts.len / 8 - 1;
    int fits = offsets.len == 8 * n && lows.len == 8 * n && times.len == 8 * n && places.len == 4 * m && n_documents >= 0;
    for (Py_ssize_t i = 0; fits && i < n; i++) {
        fits = run[i] >= 0 && run[i] + PASSAGE_WORDS <= words.len / 4 && offset[i] >= 0 && offset[i] <= PASSAGE_WORDS - SHINGLE_WORDS;
        fits = fits && low[i] >= 0 && n_postings[i] >= 0 && low[i] <= m && n_postings[i] <= m - low[i];
    }
    Column found[2] = {{NULL, 0, 0}, {NULL, 0, 0}};
    int whole = 1;
    for (Py_ssize_t begin = 0, end; fits && whole && begin < n; begin = end) {
        int64_t anchor = run[begin] + offset[begin];
        for (end = begin + 1; end < n && run[end] + offset[end] == anchor;) end++;
        for (int64_t i = low[begin]; i < low[begin] + n_postings[begin] && fits && whole; i++) {
            fits = document[i] >= 0 && document[i] < n_documents && place[i] >= 0;
            if (!fits) break;
            int64_t from = first[document[i]], to = first[document[i] + 1], at = from + place[i];
            fits = from >= 0 && from <= to && to <= others.len / 4 && at + SHINGLE_WORDS <= to;
            if (!fits || memcmp(other + at, word + anchor, SHINGLE_WORDS * sizeof(uint32_t))) continue;
            int64_t before = 0, after = 0; /* words that are the same beside the shingle */
            const int64_t most = PASSAGE_WORDS - SHINGLE_WORDS;
            while (before < most && at - before > from && before < anchor && other[at - before - 1] == word[anchor - before - 1]) before++;
            while (after < most && at + SHINGLE_WORDS + after < to && anchor + SHINGLE_WORDS + after < words.len / 4 &&
                   other[at + SHINGLE_WORDS + after] == word[anchor + SHINGLE_WORDS + after])
                after++;
            for (Py_ssize_t r = begin; r < end && whole; r++)
                if (offset[r] <= before && most - offset[r] <= after)
                    whole = add(found, (int64_t)document[i] << 32 | (place[i] - offset[r])) && add(found + 1, r);
        }
    }
    if (!fits) PyErr_SetString(PyExc_ValueError, "buffers do not fit each other");
    PyObject *answer = NULL;
    if (fits)
        answer = pair_of(found, whole);
    else
        free(found[0].values), free(found[1].values);
    Py_buffer *buffers[] = {&words, &runs, &offsets, &lows, &times, &documents, &places, &firsts, &others};
    for (int i = 0; i < 9; i++) PyBuffer_Release(buffers[i]);
    return answer;
}
