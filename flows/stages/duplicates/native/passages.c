/* What is done for each run of words that may stand in several articles; shared_wording.py does the same with arrays. */

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
    uint32_t upper; /* bits of the hash */
    int32_t kind;   /* -1: empty */
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

/* Hash of each run of a stretch, as shared_wording.py has them: the sum of its words, each times a power. Returns how many. */
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
static int keep_recurring(Runs *runs, int64_t n, Room *room) {
    int bits = 10;
    while (bits < 36 && INT64_C(1) << bits < 8 * n) bits++;
    const int last = 64 - bits;
    char *recurs = runs->recurs = take(room, (size_t)n);
    uint64_t *hashes = runs->hashes = take(room, (size_t)n * sizeof(uint64_t)), powers[PASSAGE_WORDS] = {1};
    uint64_t(*met)[2] = take(room, (size_t)1 << (bits - 2)); /* bits for once, and for twice */
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
    }
    drop(room, met);
    if (hashes) drop(room, hashes + runs->n); /* what is left of them stays */
    return met && hashes && recurs;
}

/* Numbers the hashes of the runs kept, and finds the group of each, SEVERAL if it stands in more than one; -1 where there is no memory. */
static int32_t number_kinds(Runs *runs, const int64_t *group, int32_t *groups, Room *room) {
    int bits = 4;
    while (INT64_C(1) << bits <= runs->n) bits++; /* most stand twice or oftener: about half of it is filled */
    size_t size = (size_t)1 << bits;
    Slot *table = take(room, size * sizeof(Slot));
    if (!table) return -1;
    memset(table, 0xFF, size * sizeof(Slot));
    int32_t n_kinds = 0;
    Py_ssize_t i = 0;
    for (const Stretch *stretch = runs->stretches; stretch < runs->stretches + runs->n_stretches; stretch++) {
        const int32_t of = (int32_t)group[stretch->document];
        for (Py_ssize_t end = i + stretch->n_kept; i < end; i++) {
            if (i + AHEAD < runs->n) FETCH(table + (runs->hashes[i + AHEAD] & (size - 1)));
            const uint64_t hash = runs->hashes[i];
            const uint32_t upper = (uint32_t)(hash >> 32);
            Slot *slot = table + (hash & (size - 1));
            while (slot->kind >= 0 && (slot->upper != upper || runs->hashes[slot->kind] != hash)) slot = slot + 1 < table + size ? slot + 1 : table;
            if (slot->kind < 0) {
                runs->hashes[n_kinds] = hash; /* no more than have been looked at */
                groups[n_kinds] = of;
                *slot = (Slot){upper, n_kinds++};
            } else if (groups[slot->kind] != of)
                groups[slot->kind] = SEVERAL;
            runs->kinds[i] = slot->kind;
        }
    }
    drop(room, table);
    return n_kinds;
}

/* Of the runs kept, keeps those that stand in several groups, numbers their hashes and fills in their places. */
static Kind *keep_shared(Runs *runs, const int64_t *group, Room *room) {
    runs->kinds = runs->n < INT32_MAX ? take(room, ((size_t)runs->n + 1) * sizeof(int32_t)) : NULL;
    int32_t *groups = take(room, ((size_t)runs->n + 1) * sizeof(int32_t));
    int32_t n_kinds = runs->kinds && groups ? number_kinds(runs, group, groups, room) : -1;
    if (n_kinds >= 0) drop(room, groups + n_kinds + 1);
    Kind *kinds = n_kinds >= 0 ? take(room, ((size_t)n_kinds + 1) * sizeof(Kind)) : NULL;
    Py_ssize_t n_shared = 0;
    for (Py_ssize_t i = 0; kinds && i < runs->n; i++) n_shared += groups[runs->kinds[i]] == SEVERAL;
    if (kinds) runs->places = take(room, ((size_t)n_shared + 1) * sizeof(int64_t)); /* one is written behind the last */
    if (runs->places) {
        Py_ssize_t run = 0, i = 0, n = 0;
        runs->kinds[runs->n] = 0;
        groups[n_kinds] = 0;
        for (const Stretch *stretch = runs->stretches; stretch < runs->stretches + runs->n_stretches; stretch++)
            for (int64_t place = stretch->low; place <= stretch->high; place++) {
                int32_t kind = runs->kinds[i], kept = runs->recurs[run++];
                runs->places[n] = place;
                runs->kinds[n] = kind;
                i += kept;
                n += kept & (groups[kind] == SEVERAL);
            }
        runs->n = n;
        for (int32_t kind = 0; kind < n_kinds; kind++) kinds[kind] = (Kind){UNKNOWN, UNKNOWN};
    }
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

/* --- the passages that they make up: as passages_of in shared_wording.py --- */

typedef struct { /* a stretch of runs that stand side by side wherever one of them stands */
    uint64_t hash;
    int64_t first, last;
    int32_t document, joined; /* whether the next one goes on where it ends */
} Part;

typedef struct {
    uint64_t hash;
    int32_t part, count; /* the part it begins with, in how many places it stands */
} Sequence;

typedef struct {
    uint64_t hash;
    int32_t count, group; /* SEVERAL if it stands in more than one; count 0: empty */
} Tally;

typedef struct {
    int64_t *first, *last;
    int32_t *document;
    uint64_t *hashes;
    Py_ssize_t n, room;
} Passages;

static int has_room(Passages *found) {
    if (found->n < found->room) return 1;
    Py_ssize_t more = found->room ? 2 * found->room : 1024;
    void *columns[] = {realloc(found->first, (size_t)more * 8), realloc(found->last, (size_t)more * 8),
                       realloc(found->document, (size_t)more * 4), realloc(found->hashes, (size_t)more * 8)};
    if (columns[0]) found->first = columns[0];
    if (columns[1]) found->last = columns[1];
    if (columns[2]) found->document = columns[2];
    if (columns[3]) found->hashes = columns[3];
    if (!columns[0] || !columns[1] || !columns[2] || !columns[3]) return 0;
    found->room = more;
    return 1;
}

/* The parts of some runs, and the powers that their hashes are multiplied with; NULL where there is no memory. */
static Part *find_parts(const int64_t *places, const int32_t *document, const uint64_t *hashes, const char *onward, Py_ssize_t n, Py_ssize_t *n_parts,
                        uint64_t **powers, Room *room) {
    Py_ssize_t longest = 1, stretch = 0, found = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        stretch = i && places[i] == places[i - 1] + 1 && document[i] == document[i - 1] ? stretch + 1 : 1;
        if (stretch > longest) longest = stretch;
        found += !onward[i] || !i;
    }
    Part *parts = take(room, ((size_t)found + 1) * sizeof(Part));
    uint64_t *power = *powers = take(room, ((size_t)longest + 1) * sizeof(uint64_t));
    if (!parts || !power || found > INT32_MAX) return NULL;
    power[0] = 1;
    for (Py_ssize_t i = 1; i <= longest; i++) power[i] = power[i - 1] * FACTOR;
    Part *part = parts - 1;
    for (Py_ssize_t i = 0; i < n; i++) {
        int beside = i && places[i] == places[i - 1] + 1 && document[i] == document[i - 1];
        if (i && onward[i]) {
            part->hash += hashes[i] * power[places[i] - part->first];
            part->last = places[i];
            continue;
        }
        if (i) part->joined = beside;
        *++part = (Part){hashes[i], places[i], places[i], document[i], 0};
    }
    *n_parts = found;
    return parts;
}

/* Keeps the sequences that stand in several groups, or all; fills in how often each stands. Returns how many. */
static Py_ssize_t tally(Sequence *sequences, Py_ssize_t n, const Part *parts, const int64_t *group, int all, Tally *table, int bits) {
    const size_t last = ((size_t)1 << bits) - 1;
    const int shift = 64 - bits;
    memset(table, 0, sizeof(Tally) << bits);
    for (Py_ssize_t i = 0; i < n; i++) {
        int32_t of = (int32_t)group[parts[sequences[i].part].document];
        size_t at = (size_t)(sequences[i].hash * FACTOR >> shift);
        while (table[at].count && table[at].hash != sequences[i].hash) at = (at + 1) & last;
        table[at] = (Tally){sequences[i].hash, table[at].count + 1, !table[at].count || table[at].group == of ? of : SEVERAL};
        sequences[i].count = (int32_t)at;
    }
    Py_ssize_t kept = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        const Tally *found = table + sequences[i].count;
        if (!all && found->group != SEVERAL) continue;
        sequences[kept++] = (Sequence){sequences[i].hash, sequences[i].part, found->count};
    }
    return kept;
}

/* Sequences of parts: of one, of two … as long as any stands in several groups; those that cannot be longer, to either side, without standing
   in fewer places are passages. 0 where there is no memory. */
static int find_passages(const int64_t *places, const int32_t *document, const uint64_t *hashes, const char *onward, Py_ssize_t n,
                         const int64_t *group, Passages *found, Room *room) {
    Py_ssize_t m = 0;
    uint64_t *power = NULL;
    Part *parts = find_parts(places, document, hashes, onward, n, &m, &power, room);
    int bits = 4;
    while (bits < 31 && INT64_C(1) << bits < 2 * (int64_t)m) bits++;
    Sequence *now = take(room, ((size_t)m + 1) * sizeof(Sequence)), *next = take(room, ((size_t)m + 1) * sizeof(Sequence));
    int32_t *counts = take(room, ((size_t)m + 1) * sizeof(int32_t)); /* by part, of the longer sequences */
    Tally *table = take(room, sizeof(Tally) << bits);
    if (!parts || !now || !next || !counts || !table) return 0;
    memset(counts, 0, ((size_t)m + 1) * sizeof(int32_t));
    for (Py_ssize_t i = 0; i < m; i++) now[i] = (Sequence){parts[i].hash, (int32_t)i, 0};
    Py_ssize_t n_now = tally(now, m, parts, group, 1, table, bits);
    for (int32_t length = 1; n_now; length++) {
        Py_ssize_t n_next = 0;
        for (Py_ssize_t i = 0; i < n_now; i++) {
            int32_t begin = now[i].part, behind = begin + length;
            if (!parts[behind - 1].joined) continue;
            next[n_next++] = (Sequence){now[i].hash + power[parts[behind].first - parts[begin].first] * parts[behind].hash, begin, 0};
        }
        while (bits > 4 && INT64_C(1) << (bits - 1) >= 2 * (int64_t)n_next) bits--;
        n_next = tally(next, n_next, parts, group, 0, table, bits);
        for (Py_ssize_t i = 0; i < n_next; i++) counts[next[i].part] = next[i].count;
        for (Py_ssize_t i = 0; i < n_now; i++) {
            int32_t begin = now[i].part;
            if (now[i].count <= counts[begin] || now[i].count <= (begin ? counts[begin - 1] : 0)) continue;
            if (!has_room(found)) return 0;
            found->document[found->n] = parts[begin].document;
            found->first[found->n] = parts[begin].first;
            found->last[found->n] = parts[begin + length - 1].last + PASSAGE_WORDS - 1;
            found->hashes[found->n++] = now[i].hash;
        }
        for (Py_ssize_t i = 0; i < n_next; i++) counts[next[i].part] = 0;
        Sequence *swap = now;
        now = next;
        next = swap;
        n_now = n_next;
    }
    return 1;
}

/* The columns as bytes; NULL and an error where there is no memory. */
static PyObject *answer_of(const Passages *found, int whole) {
    PyObject *columns[4] = {NULL, NULL, NULL, NULL}, *answer = NULL;
    const void *from[4] = {found->document, found->first, found->last, found->hashes};
    static const int sizes[4] = {4, 8, 8, 8};
    for (int i = 0; whole && i < 4; i++) whole = (columns[i] = PyBytes_FromStringAndSize(from[i], found->n * sizes[i])) != NULL;
    if (whole)
        answer = PyTuple_Pack(4, columns[0], columns[1], columns[2], columns[3]);
    else if (!PyErr_Occurred())
        PyErr_NoMemory();
    for (int i = 0; i < 4; i++) Py_XDECREF(columns[i]);
    free(found->first);
    free(found->last);
    free(found->document);
    free(found->hashes);
    return answer;
}

/* passages(places, documents, hashes, onward, groups) -> documents, first, last, digests

   places, documents, hashes, onward: columns of `Runs`; groups: one an article. The answers are of each place of each passage, as bytes. */
PyObject *passages(PyObject *module, PyObject *arguments) {
    Py_buffer places, documents, hashes, onwards, groups;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*y*", &places, &documents, &hashes, &onwards, &groups)) return NULL;
    const int64_t *place = places.buf;
    const int32_t *document = documents.buf;
    const char *onward = onwards.buf;
    Py_ssize_t n = places.len / 8, n_groups = groups.len / 8;
    int fits = documents.len == 4 * n && hashes.len == 8 * n && onwards.len == n && n_groups < INT32_MAX, whole = 0;
    for (Py_ssize_t i = 0; fits && i < n; i++) {
        fits = document[i] >= 0 && document[i] < n_groups;
        if (fits && onward[i]) fits = i && place[i] == place[i - 1] + 1 && document[i] == document[i - 1];
    }
    Passages found = {NULL, NULL, NULL, NULL, 0, 0};
    Room room;
    open_room(&room, 0);
    if (!fits)
        PyErr_SetString(PyExc_ValueError, "buffers do not fit each other");
    else {
        Py_BEGIN_ALLOW_THREADS
        whole = find_passages(place, document, hashes.buf, onward, n, groups.buf, &found, &room);
        Py_END_ALLOW_THREADS
    }
    close_room(&room);
    Py_buffer *buffers[] = {&places, &documents, &hashes, &onwards, &groups};
    for (int i = 0; i < 5; i++) PyBuffer_Release(buffers[i]);
    return answer_of(&found, whole);
}

/* shared_passages(words, first, sampled, hashes, below, list_hashes, documents, places, groups) -> documents, first, last, digests

   words, first, sampled, hashes: as in Signatures; below: LEAST_SAMPLED; list_hashes, documents, places: as in Postings; groups: one an
   article. The answers are of each place of each passage, as bytes. */
PyObject *shared_passages(PyObject *module, PyObject *arguments) {
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
    Passages found = {NULL, NULL, NULL, NULL, 0, 0};
    Room room;
    open_room(&room, fits ? ROOM_OF((size_t)n_postings) : 0);
    uint64_t *shared = take(&room, (size_t)n_words / 8 + 8);
    Stretch *stretches = take(&room, ((size_t)n_sampled / 2 + (size_t)(n > 0 ? n : 0) + 1) * sizeof(Stretch));
    Runs runs = {words.buf, stretches, 0, 0, NULL, NULL, NULL, NULL};
    int whole = fits && shared && stretches;
    if (!fits) PyErr_SetString(PyExc_ValueError, "buffers do not fit each other");
    if (whole) {
        Py_BEGIN_ALLOW_THREADS
        memset(shared, 0, (size_t)n_words / 8 + 8);
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
        drop(&room, stretches + n_stretches); /* they stay */
        Kind *kinds = keep_recurring(&runs, n_places, &room) ? keep_shared(&runs, group, &room) : NULL;
        size_t n_runs = (size_t)runs.n + 1;
        int32_t *of = kinds && runs.places ? take(&room, n_runs * sizeof(int32_t)) : NULL;
        uint64_t *digests = of ? take(&room, n_runs * sizeof(uint64_t)) : NULL;
        char *onward = digests ? take(&room, n_runs) : NULL;
        whole = onward != NULL;
        if (whole) {
            describe(&runs, kinds, of, digests, onward);
            if (is_kept(&room, onward)) { /* all before it is no longer needed */
                drop(&room, shared);
                runs.places = memmove(take(&room, n_runs * sizeof(int64_t)), runs.places, n_runs * sizeof(int64_t));
                of = memmove(take(&room, n_runs * sizeof(int32_t)), of, n_runs * sizeof(int32_t));
                digests = memmove(take(&room, n_runs * sizeof(uint64_t)), digests, n_runs * sizeof(uint64_t));
                onward = memmove(take(&room, n_runs), onward, n_runs);
            }
            whole = find_passages(runs.places, of, digests, onward, runs.n, group, &found, &room);
        }
        Py_END_ALLOW_THREADS
    }
    close_room(&room);
    Py_buffer *buffers[] = {&words, &firsts, &sampled, &hashes, &lists, &documents, &places, &groups};
    for (int i = 0; i < 8; i++) PyBuffer_Release(buffers[i]);
    return answer_of(&found, whole);
}
