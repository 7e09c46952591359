/* What is done for each run of words that may stand in several articles; passages.py does the same with arrays. */

#include "native.h"

#define PASSAGE_WORDS 20
#define SHINGLE_WORDS 5
#define FACTOR UINT64_C(0x9E3779B97F4A7C15)
#define INVERSE UINT64_C(0xF1DE83E19937733D) /* FACTOR * INVERSE is 1 */
#define SEVERAL -1
#define UNKNOWN -2
#define VARIES -3

typedef struct { /* runs of words that begin at the places from `low` to `high`, in one article */
    int64_t low, high;
    int32_t document, n_kept;
} Stretch;

typedef struct {
    const uint32_t *words;
    Stretch *stretches;
    Py_ssize_t n_stretches;
    Py_ssize_t n; /* of runs that are kept */
    char *recurs; /* of each run of the stretches, whether it was kept at first */
    int64_t *places;
    uint64_t *hashes; /* one a kind once they are numbered */
    int32_t *kinds; /* number of the hash, in the order in which they are met */
} Runs;

typedef struct { /* the kind of the run beside it; -1 if there is none, VARIES if it is not always the same */
    int32_t before, after;
} Kind;

typedef struct {
    uint64_t hash;
    int32_t kind; /* -1: empty */
    int32_t group; /* SEVERAL if it stands in more than one */
} Slot;

/* --- where runs may stand elsewhere --- */

static int has_bit(const uint64_t *bits, uint64_t at) { return bits[at >> 6] >> (at & 63) & 1; }
static void set_bit(uint64_t *bits, uint64_t at) { bits[at >> 6] |= UINT64_C(1) << (at & 63); }

/* Sets the bit of each word at which a shingle begins that stands in several groups. */
static void mark_shared(const uint32_t *hash, const int32_t *document, const int32_t *place, Py_ssize_t n, const int64_t *first,
                        const int64_t *group, uint64_t *shared) {
    for (Py_ssize_t begin = 0, end; begin < n; begin = end) {
        int several = 0;
        for (end = begin + 1; end < n && hash[end] == hash[begin]; end++) several |= group[document[end]] != group[document[begin]];
        for (Py_ssize_t i = begin; several && i < end; i++) set_bit(shared, (uint64_t)(first[document[i]] + place[i]));
    }
}

/* The stretches of one article: between one sampled shingle that is not shared and the next. Returns how many. */
static Py_ssize_t find_stretches(const int64_t *sampled, const uint32_t *hashes, Py_ssize_t n, uint32_t below, const uint64_t *shared,
                                 int64_t begin, int64_t end, int32_t document, Stretch *found) {
    Py_ssize_t n_found = 0;
    int64_t low = begin;
    int any = 0; /* shared shingle since `low` */
    for (Py_ssize_t i = 0; i <= n; i++) {
        if (i < n && has_bit(shared, (uint64_t)sampled[i])) {
            any = 1;
            continue;
        }
        if (i < n && hashes[i] >= below) continue; /* short articles have more */
        int64_t high = end - PASSAGE_WORDS;
        if (i < n && sampled[i] - (PASSAGE_WORDS - SHINGLE_WORDS + 1) < high) high = sampled[i] - (PASSAGE_WORDS - SHINGLE_WORDS + 1);
        if (any && high >= low) found[n_found++] = (Stretch){low, high, document, 0};
        if (i < n) low = sampled[i] + 1;
        any = 0;
    }
    return n_found;
}

/* --- which of them do --- */

static uint64_t finish(uint64_t hash) { return (hash ^ hash >> 29) * FACTOR; }

/* Hash of each run of a stretch, as passages.py has them: the sum of its words, each times a power. Returns how many. */
static Py_ssize_t hash_stretch(const uint32_t *words, const Stretch *stretch, const uint64_t *powers, uint64_t *hashes) {
    const uint32_t *word = words + stretch->low;
    const uint64_t last = powers[PASSAGE_WORDS - 1];
    Py_ssize_t n = (Py_ssize_t)(stretch->high - stretch->low);
    uint64_t sum = 0;
    for (int i = 0; i < PASSAGE_WORDS; i++) sum += word[i] * powers[i];
    for (Py_ssize_t i = 0; i < n; i++) {
        hashes[i] = finish(sum);
        sum = (sum - word[i]) * INVERSE + word[i + PASSAGE_WORDS] * last;
    }
    hashes[n] = finish(sum);
    return n + 1;
}

/* Keeps the runs whose hash may be there twice: all that are, and a few others. Without a branch a run, which would wait for memory. */
static int keep_recurring(Runs *runs, int64_t n) {
    int bits = 10;
    while (bits < 36 && INT64_C(1) << bits < 8 * n) bits++;
    const int last = 64 - bits;
    uint64_t(*met)[2] = allocate((size_t)1 << (bits - 2)); /* bits for once, and for twice */
    uint64_t *hashes = runs->hashes = allocate((size_t)n * sizeof(uint64_t)), powers[PASSAGE_WORDS] = {1};
    char *recurs = runs->recurs = allocate((size_t)n);
    for (int i = 1; i < PASSAGE_WORDS; i++) powers[i] = powers[i - 1] * FACTOR;
    if (met && hashes && recurs) {
        memset(met, 0, (size_t)1 << (bits - 2));
        for (Py_ssize_t s = 0, at = 0; s < runs->n_stretches; s++) at += hash_stretch(runs->words, runs->stretches + s, powers, hashes + at);
        for (int64_t i = 0; i < n; i++) {
            if (i + AHEAD < n) FETCH(met[hashes[i + AHEAD] >> last >> 6]);
            uint64_t *at = met[hashes[i] >> last >> 6], bit = UINT64_C(1) << (hashes[i] >> last & 63);
            at[1] |= at[0] & bit;
            at[0] |= bit;
        }
        for (Py_ssize_t s = 0, i = 0; s < runs->n_stretches; s++) {
            Stretch *stretch = runs->stretches + s;
            Py_ssize_t end = i + (Py_ssize_t)(stretch->high - stretch->low) + 1, before = runs->n;
            for (; i < end; i++) {
                if (i + AHEAD < n) FETCH(met[hashes[i + AHEAD] >> last >> 6]);
                hashes[runs->n] = hashes[i];
                recurs[i] = (char)(met[hashes[i] >> last >> 6][1] >> (hashes[i] >> last & 63) & 1);
                runs->n += recurs[i];
            }
            stretch->n_kept = (int32_t)(runs->n - before);
        }
        uint64_t *less = realloc(hashes, ((size_t)runs->n + 1) * sizeof(uint64_t));
        if (less) runs->hashes = less;
    }
    free(met);
    return met && hashes && recurs;
}

/* Numbers the hashes of the runs kept, and tells of each run whether it stands in several groups; returns 0 where there is no memory. */
static int32_t number_kinds(Runs *runs, const int64_t *group, char *several) {
    int bits = 4;
    while (INT64_C(1) << bits <= runs->n) bits++; /* most stand twice or oftener: about half of it is filled */
    size_t size = (size_t)1 << bits;
    Slot *table = allocate(size * sizeof(Slot));
    if (!table) return -1;
    memset(table, 0xFF, size * sizeof(Slot));
    int32_t n_kinds = 0;
    Py_ssize_t i = 0;
    for (const Stretch *stretch = runs->stretches; stretch < runs->stretches + runs->n_stretches; stretch++) {
        const int32_t of = (int32_t)group[stretch->document];
        for (Py_ssize_t end = i + stretch->n_kept; i < end; i++) {
            if (i + AHEAD < runs->n) FETCH(table + (runs->hashes[i + AHEAD] & (size - 1)));
            uint64_t hash = runs->hashes[i];
            Slot *slot = table + (hash & (size - 1));
            while (slot->kind >= 0 && slot->hash != hash) slot = slot + 1 < table + size ? slot + 1 : table;
            if (slot->kind < 0) {
                runs->hashes[n_kinds] = hash; /* no more than have been looked at */
                *slot = (Slot){hash, n_kinds++, of};
            } else if (slot->group != of)
                slot->group = SEVERAL;
            runs->kinds[i] = slot->kind;
        }
    }
    for (size_t at = 0; at < size; at++)
        if (table[at].kind >= 0) several[table[at].kind] = table[at].group == SEVERAL;
    free(table);
    return n_kinds;
}

/* Of the runs kept, keeps those that stand in several groups, numbers their hashes and fills in their places. */
static Kind *keep_shared(Runs *runs, const int64_t *group) {
    runs->kinds = runs->n < INT32_MAX ? allocate(((size_t)runs->n + 1) * sizeof(int32_t)) : NULL;
    char *several = allocate((size_t)runs->n + 1);
    int32_t n_kinds = runs->kinds && several ? number_kinds(runs, group, several) : -1;
    Kind *kinds = n_kinds >= 0 ? allocate(((size_t)n_kinds + 1) * sizeof(Kind)) : NULL;
    Py_ssize_t n_shared = 0;
    for (Py_ssize_t i = 0; kinds && i < runs->n; i++) n_shared += several[runs->kinds[i]];
    if (kinds) runs->places = allocate(((size_t)n_shared + 1) * sizeof(int64_t)); /* one is written behind the last */
    if (runs->places) {
        Py_ssize_t run = 0, i = 0, n = 0;
        runs->kinds[runs->n] = 0;
        several[n_kinds] = 0;
        for (const Stretch *stretch = runs->stretches; stretch < runs->stretches + runs->n_stretches; stretch++)
            for (int64_t place = stretch->low; place <= stretch->high; place++) {
                int32_t kind = runs->kinds[i], kept = runs->recurs[run++];
                runs->places[n] = place;
                runs->kinds[n] = kind;
                i += kept;
                n += kept & several[kind];
            }
        runs->n = n;
        for (int32_t kind = 0; kind < n_kinds; kind++) kinds[kind] = (Kind){UNKNOWN, UNKNOWN};
    }
    free(several);
    return kinds;
}

static void note(int32_t *noted, int32_t kind) { *noted = *noted == UNKNOWN || *noted == kind ? kind : VARIES; }

/* Fills in the article, the hash, and whether a run continues the one before it: wherever one of the two stands, the other stands beside it. */
static void describe(Runs *runs, Kind *kinds, int32_t *document, uint64_t *hashes, char *onward) {
    const Stretch *stretch = runs->stretches;
    for (Py_ssize_t i = 0; i < runs->n; i++) {
        int32_t kind = runs->kinds[i];
        while (runs->places[i] > stretch->high || runs->places[i] < stretch->low) stretch++;
        document[i] = stretch->document;
        hashes[i] = runs->hashes[kind];
        onward[i] = i && runs->places[i] == runs->places[i - 1] + 1 && document[i] == document[i - 1];
        note(&kinds[kind].before, onward[i] ? runs->kinds[i - 1] : -1);
        if (i) note(&kinds[runs->kinds[i - 1]].after, onward[i] ? kind : -1);
    }
    if (runs->n) note(&kinds[runs->kinds[runs->n - 1]].after, -1);
    for (Py_ssize_t i = 1; i < runs->n; i++) onward[i] &= kinds[runs->kinds[i - 1]].after != VARIES && kinds[runs->kinds[i]].before != VARIES;
}

/* shared_runs(words, first, sampled, hashes, below, list_hashes, documents, places, groups) -> places, documents, hashes, onward

   words, first, sampled, hashes: as in Signatures; below: LEAST_SAMPLED; list_hashes, documents, places: as in Postings; groups: one an
   article. The four answers are the columns of `Runs`, as bytes. */
PyObject *shared_runs(PyObject *module, PyObject *arguments) {
    Py_buffer words, firsts, sampled, hashes, lists, documents, places, groups;
    unsigned int below;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*Iy*y*y*y*", &words, &firsts, &sampled, &hashes, &below, &lists, &documents, &places, &groups)) return NULL;
    const int64_t *first = firsts.buf, *sample = sampled.buf, *group = groups.buf;
    const int32_t *document = documents.buf, *place = places.buf;
    Py_ssize_t n = firsts.len / 8 - 1, n_words = words.len / 4, n_sampled = sampled.len / 8, n_postings = lists.len / 4, n_stretches = 0;
    int fits = n >= 0 && n < INT32_MAX && groups.len == 8 * n && hashes.len == 4 * n_sampled && documents.len == 4 * n_postings;
    fits = fits && places.len == 4 * n_postings && (n <= 0 || (first[0] == 0 && first[n] == n_words));
    for (Py_ssize_t i = 0; fits && i < n; i++) fits = first[i] <= first[i + 1] && group[i] >= 0 && group[i] < n;
    for (Py_ssize_t i = 0; fits && i < n_sampled; i++) fits = sample[i] >= (i ? sample[i - 1] : 0) && sample[i] < n_words;
    for (Py_ssize_t i = 0; fits && i < n_postings; i++)
        fits = document[i] >= 0 && document[i] < n && place[i] >= 0 && place[i] < first[document[i] + 1] - first[document[i]];
    uint64_t *shared = calloc((size_t)n_words / 64 + 1, 8);
    Stretch *stretches = malloc(((size_t)n_sampled / 2 + (size_t)(n > 0 ? n : 0) + 1) * sizeof(Stretch));
    Runs runs = {words.buf, stretches, 0, 0, NULL, NULL, NULL, NULL};
    Kind *kinds = NULL;
    PyObject *columns[4] = {NULL, NULL, NULL, NULL}, *answer = NULL;
    if (!fits) PyErr_SetString(PyExc_ValueError, "buffers do not fit each other");
    int whole = fits && shared && stretches;
    if (whole) {
        Py_BEGIN_ALLOW_THREADS
        mark_shared(lists.buf, document, place, n_postings, first, group, shared);
        int64_t n_places = 0;
        for (Py_ssize_t i = 0, at = 0; i < n; i++) {
            Py_ssize_t begin = at;
            while (at < n_sampled && sample[at] < first[i + 1]) at++;
            n_stretches += find_stretches(sample + begin, (const uint32_t *)hashes.buf + begin, at - begin, below, shared, first[i], first[i + 1],
                                          (int32_t)i, stretches + n_stretches);
        }
        for (Py_ssize_t i = 0; i < n_stretches; i++) n_places += stretches[i].high - stretches[i].low + 1;
        runs.n_stretches = n_stretches;
        whole = keep_recurring(&runs, n_places) && (kinds = keep_shared(&runs, group)) != NULL && runs.places;
        Py_END_ALLOW_THREADS
    }
    if (whole) {
        static const int sizes[4] = {8, 4, 8, 1};
        for (int i = 0; i < 4; i++) whole = (columns[i] = PyBytes_FromStringAndSize(NULL, runs.n * sizes[i])) != NULL && whole;
    }
    if (whole) {
        if (runs.n) memcpy(PyBytes_AS_STRING(columns[0]), runs.places, (size_t)runs.n * sizeof(int64_t));
        describe(&runs, kinds, (int32_t *)PyBytes_AS_STRING(columns[1]), (uint64_t *)PyBytes_AS_STRING(columns[2]), PyBytes_AS_STRING(columns[3]));
    }
    if (whole)
        answer = PyTuple_Pack(4, columns[0], columns[1], columns[2], columns[3]);
    else if (fits)
        PyErr_NoMemory();
    for (int i = 0; i < 4; i++) Py_XDECREF(columns[i]);
    free(shared);
    free(stretches);
    free(runs.hashes);
    free(runs.recurs);
    free(runs.places);
    free(runs.kinds);
    free(kinds);
    Py_buffer *buffers[] = {&words, &firsts, &sampled, &hashes, &lists, &documents, &places, &groups};
    for (int i = 0; i < 8; i++) PyBuffer_Release(buffers[i]);
    return answer;
}
