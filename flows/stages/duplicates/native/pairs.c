/* What is done for each shingle that articles share, and for each word of two texts that are compared; index.py, candidates.py and
   relations.py do the same with arrays. */

#include "native.h"

/* --- postings: as index.py -------------------------------------------------------------------------------------------------- */

#define BUCKET 32768 /* postings that are about as many as stay in the cache while they are sorted */

typedef struct {
    uint32_t hash;
    int32_t document, place;
} Posting;

#define STEPS 3 /* in which a bucket is sorted, by as many bits each: 11 at most */

/* Sorts the postings of a bucket by the lower bits of their hashes, those of the same hash as they are; `other` is room for as many. */
static void sort_bucket(Posting *one, Posting *other, Py_ssize_t n, int bits, uint32_t *list, int32_t *document, int32_t *place) {
    const int width = (bits + STEPS - 1) / STEPS, size = 1 << width;
    int32_t counts[STEPS][1 << 11];
    for (int step = 0; step < STEPS; step++) memset(counts[step], 0, (size_t)size * sizeof(int32_t));
    for (Py_ssize_t i = 0; i < n; i++)
        for (int step = 0; step < STEPS; step++) counts[step][one[i].hash >> step * width & (uint32_t)(size - 1)]++;
    for (int step = 0; step < STEPS; step++) {
        int32_t before = 0;
        for (int digit = 0; digit < size; digit++) {
            int32_t count = counts[step][digit];
            counts[step][digit] = before;
            before += count;
        }
    }
    for (int step = 0; step + 1 < STEPS; step++) {
        for (Py_ssize_t i = 0; i < n; i++) other[counts[step][one[i].hash >> step * width & (uint32_t)(size - 1)]++] = one[i];
        Posting *swap = one;
        one = other;
        other = swap;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        int32_t to = counts[STEPS - 1][one[i].hash >> (STEPS - 1) * width & (uint32_t)(size - 1)]++;
        list[to] = one[i].hash;
        document[to] = one[i].document;
        place[to] = one[i].place;
    }
}

WIDE static int is_in_order(const int64_t *values, Py_ssize_t n) {
    int64_t less = 0;
    for (Py_ssize_t i = 1; i < n; i++) less |= values[i] < values[i - 1];
    return !less;
}

/* sort(sampled, hashes, first, order, list_hashes, documents, places)

   sampled, hashes, first: as in Signatures; order: the articles by rank; the last three, the columns of Postings, are filled in. */
PyObject *sort(PyObject *module, PyObject *arguments) {
    Py_buffer sampleds, hashes, firsts, orders, lists, documents, places;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*w*w*w*", &sampleds, &hashes, &firsts, &orders, &lists, &documents, &places)) return NULL;
    const int64_t *sampled = sampleds.buf, *first = firsts.buf, *order = orders.buf;
    const uint32_t *hash = hashes.buf;
    uint32_t *list = lists.buf;
    int32_t *document = documents.buf, *place = places.buf;
    Py_ssize_t n = firsts.len / 8 - 1, m = sampleds.len / 8, most = 0;
    int fits = n >= 0 && n < INT32_MAX && orders.len == 8 * n && hashes.len == 4 * m, upper = 1;
    fits = fits && lists.len == 4 * m && documents.len == 4 * m && places.len == 4 * m && m < INT32_MAX;
    for (Py_ssize_t i = 0; fits && i < n; i++) fits = order[i] >= 0 && order[i] < n && first[i] <= first[i + 1] && first[i + 1] - first[i] < INT32_MAX;
    if (fits && m) fits = sampled[0] >= first[0] && sampled[m - 1] < first[n] && is_in_order(sampled, m);
    while (upper < 24 && (Py_ssize_t)BUCKET << upper < m) upper++;
    Py_ssize_t *begins = malloc(((size_t)(n > 0 ? n : 0) + 1) * sizeof(Py_ssize_t)), *ends = calloc(((size_t)1 << upper) + 1, sizeof(Py_ssize_t));
    char *met = calloc((size_t)(n > 0 ? n : 0) + 1, 1);
    Room room;
    open_room(&room, ROOM_OF((size_t)m));
    Posting *postings = fits ? take(&room, ((size_t)m + 1) * sizeof(Posting)) : NULL, *other = NULL;
    if (postings && begins && ends && met) {
        for (Py_ssize_t i = 0, at = 0; i <= n; i++) {
            begins[i] = at;
            for (Py_ssize_t end = i < n ? m : at; at < end;) { /* most articles have few: the step is doubled until it leads beyond */
                Py_ssize_t step = 1;
                while (at + step < end && sampled[at + step] < first[i + 1]) step *= 2;
                if (sampled[at] >= first[i + 1]) break;
                at += step > 1 ? step / 2 : 1;
            }
        }
        for (Py_ssize_t i = 0; i < n; i++) fits = fits && !met[order[i]]++;
        for (Py_ssize_t i = 0; i < m; i++) ends[(hash[i] >> (32 - upper)) + 1]++;
        for (Py_ssize_t i = 0; i < (Py_ssize_t)1 << upper; i++) {
            if (ends[i + 1] > most) most = ends[i + 1];
            ends[i + 1] += ends[i];
        }
        other = take(&room, ((size_t)most + 1) * sizeof(Posting));
    }
    if (!fits)
        PyErr_SetString(PyExc_ValueError, "buffers do not fit each other");
    else if (!other)
        PyErr_NoMemory();
    else {
        Py_BEGIN_ALLOW_THREADS
        for (Py_ssize_t i = 0; i < n; i++) {
            int32_t of = (int32_t)order[i];
            const int64_t next = order[i + 1 < n ? i + 1 : i]; /* stands elsewhere */
            for (Py_ssize_t at = begins[next]; at < begins[next + 1]; at += 8) {
                FETCH(sampled + at);
                FETCH(hash + at);
            }
            for (Py_ssize_t at = begins[of]; at < begins[of + 1]; at++)
                postings[ends[hash[at] >> (32 - upper)]++] = (Posting){hash[at], of, (int32_t)(sampled[at] - first[of])};
        }
        for (Py_ssize_t i = 0, begin = 0; i < (Py_ssize_t)1 << upper; begin = ends[i++])
            sort_bucket(postings + begin, other, ends[i] - begin, 32 - upper, list + begin, document + begin, place + begin);
        Py_END_ALLOW_THREADS
    }
    close_room(&room);
    free(begins);
    free(ends);
    free(met);
    Py_buffer *buffers[] = {&sampleds, &hashes, &firsts, &orders, &lists, &documents, &places};
    for (int i = 0; i < 7; i++) PyBuffer_Release(buffers[i]);
    if (PyErr_Occurred()) return NULL;
    Py_RETURN_NONE;
}

/* --- candidates: as candidates.py ------------------------------------------------------------------------------------------ */

typedef struct { /* a posting of an article that counts, whose shingle stands in several such: the first place in the article */
    int32_t nth; /* in its list */
    int32_t document;
    int32_t segment; /* of the article; while a list is gathered, the place */
} Joined;

/* Shingles of so many articles that they do not join all of them to each other: of each segment of each article, some of 64 bits. */
typedef struct {
    uint64_t *bits;
    int segments; /* of an article at most */
} Frequent;

/* In which segment of its article a place is; a division of 32 bits takes a third of the time. */
static int32_t segment_of(int32_t place, int8_t segments, int64_t size) {
    if (size < 1 << 27) return (int32_t)((uint32_t)place * (uint32_t)segments / (uint32_t)size);
    return (int32_t)((int64_t)place * segments / size);
}

static int32_t gather(Joined *joined, const uint32_t *hash, const int32_t *document, const int32_t *place, Py_ssize_t m, const char *counts,
                      const int64_t *size, const int8_t *segments, int common, Frequent frequent) {
    int32_t n = 0;
    for (Py_ssize_t begin = 0, end; begin < m; begin = end) {
        int32_t start = n;
        for (end = begin; end < m && hash[end] == hash[begin]; end++)
            if (counts[document[end]] && (n == start || joined[n - 1].document != document[end])) {
                joined[n] = (Joined){n - start, document[end], place[end]};
                n++;
            }
        if (n == start + 1) n = start;
        int many = n - start >= 2 * common + 2;
        for (Joined *one = joined + start; one < joined + n; one++) {
            one->segment = segment_of(one->segment, segments[one->document], size[one->document]);
            if (many) frequent.bits[(Py_ssize_t)one->document * frequent.segments + one->segment] |= UINT64_C(1) << (hash[begin] >> 16 & 63);
        }
    }
    return n;
}

static int count_bits(uint32_t bits) {
    int n = 0;
    for (; bits; bits &= bits - 1) n++;
    return n;
}

/* In how many segments of the shorter article the two may have a shingle in common; in those with the bits set they have. */
static int count_possible(uint32_t joined, Frequent frequent, int32_t shorter, int32_t longer) {
    const uint64_t *one = frequent.bits + (Py_ssize_t)shorter * frequent.segments, *other = frequent.bits + (Py_ssize_t)longer * frequent.segments;
    uint64_t all = 0;
    for (int i = 0; i < frequent.segments; i++) all |= other[i];
    for (int i = 0; i < frequent.segments; i++) joined |= (uint32_t)((one[i] & all) != 0) << i;
    return count_bits(joined);
}

/* In how many segments of the first article the two have a shingle in common, whatever joins them; given are the postings of each, by list. */
static int count_common(const Joined *joined, const int32_t *one, const int32_t *end, const int32_t *other, const int32_t *other_end) {
    uint32_t segments = 0;
    while (one < end && other < other_end) {
        int32_t list = *one - joined[*one].nth, other_list = *other - joined[*other].nth;
        if (list == other_list) segments |= 1u << joined[*one].segment;
        one += list <= other_list;
        other += other_list <= list;
    }
    return count_bits(segments);
}

#define MOST_SHARED (UINT32_C(0xFFFF) << 16)

typedef struct { /* another article: its words, and what it shares with one: segments in the lower 16 bits, shingles in the upper */
    int32_t size;
    uint32_t shared;
} Beside;

/* join(hashes, documents, places, ranks, counts, involved, sizes, segments, needed, common, least_joins) -> keys of pairs, as bytes

   hashes, documents, places: of postings, sorted by hash, rank and place; of each article: its rank, whether it counts, whether pairs with it
   are asked for, its words, in how many segments it is cut (15 at most), and in how many of them an article that is no shorter must have
   something in common with it. A key has the article that is first in rank in the upper 32 bits, the other in the lower. Shingles
   of many articles join each of them to a few others only: where so many shingles join a pair, all that the two have in common count. */
PyObject *join(PyObject *module, PyObject *arguments) {
    Py_buffer hashes, documents, places, ranks, counteds, involveds, sizes, segments, neededs;
    int common, least_joins;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*y*y*y*y*y*ii", &hashes, &documents, &places, &ranks, &counteds, &involveds, &sizes, &segments, &neededs,
                          &common, &least_joins))
        return NULL;
    const int32_t *document = documents.buf, *place = places.buf;
    const int64_t *rank = ranks.buf, *size = sizes.buf;
    const int8_t *needed = neededs.buf, *cut = segments.buf;
    const char *counts = counteds.buf, *involved = involveds.buf;
    Py_ssize_t m = hashes.len / 4, n = sizes.len / 8;
    int fits = documents.len == 4 * m && places.len == 4 * m && ranks.len == 8 * n && counteds.len == n && segments.len == n && neededs.len == n;
    fits = fits && involveds.len == n && m < INT32_MAX && n < INT32_MAX;
    for (Py_ssize_t i = 0; fits && i < n; i++) fits = rank[i] >= 0 && rank[i] < n && size[i] >= 0 && size[i] < INT32_MAX && cut[i] > 0 && cut[i] < 16;
    for (Py_ssize_t i = 0; fits && i < m; i++) fits = document[i] >= 0 && document[i] < n && place[i] >= 0 && place[i] < size[document[i]];
    Room room;
    open_room(&room, ROOM_OF((size_t)m));
    Joined *joined = take(&room, (size_t)(m + 1) * sizeof(Joined));
    int32_t *by_rank = take(&room, (size_t)(m + 1) * sizeof(int32_t)), *begins = calloc(n + 2, sizeof(int32_t)); /* the postings of each article */
    int32_t *touched = malloc((n + 1) * sizeof(int32_t));
    Frequent frequent = {NULL, 1};
    for (Py_ssize_t i = 0; fits && i < n; i++) frequent.segments = cut[i] > frequent.segments ? cut[i] : frequent.segments;
    frequent.bits = calloc((size_t)(n + 1) * (size_t)frequent.segments, sizeof(uint64_t));
    Beside *beside = calloc(n + 1, sizeof(Beside));
    Py_ssize_t found = 0, n_keys = 1024;
    int64_t *keys = malloc((size_t)n_keys * sizeof(int64_t));
    PyObject *answer = NULL;
    int whole = joined && by_rank && begins && touched && beside && frequent.bits && keys;
    if (!fits) PyErr_SetString(PyExc_ValueError, "buffers do not fit each other");
    if (!fits || !whole) goto done;
    Py_BEGIN_ALLOW_THREADS
    int32_t n_joined = gather(joined, hashes.buf, document, place, m, counts, size, cut, common, frequent);
    for (int32_t i = 0; i < n_joined; i++) begins[rank[joined[i].document] + 2]++;
    for (Py_ssize_t r = 0; r < n; r++) begins[r + 1] += begins[r];
    for (int32_t i = 0; i < n_joined; i++) by_rank[begins[rank[joined[i].document] + 1]++] = i;
    for (Py_ssize_t i = 0; i < n; i++) beside[i].size = (int32_t)size[i];
    for (int32_t r = 0; r < n && whole; r++) {
        Py_ssize_t n_touched = 0;
        if (begins[r] == begins[r + 1]) continue;
        const int32_t mine = joined[by_rank[begins[r]]].document, words = beside[mine].size;
        for (int32_t p = begins[r]; p < begins[r + 1]; p++) {
            if (p + AHEAD < n_joined) FETCH(joined + by_rank[p + AHEAD]);
            const Joined *at = joined + by_rank[p];
            for (int32_t k = 0; k < 2 * common; k++) { /* those next before it, then the first of the list */
                int32_t back = k < common ? k + 1 : at->nth - (k - common);
                if (k < common ? back > at->nth : back <= common) break;
                int32_t other = at[-back].document;
                if (!involved[other] && !involved[mine]) continue;
                Beside *its = beside + other;
                touched[n_touched] = other;
                n_touched += !its->shared;
                uint32_t segment = (uint32_t)(its->size < words ? at[-back].segment : at->segment);
                its->shared = (its->shared | 1u << segment) + (its->shared < MOST_SHARED ? 1u << 16 : 0);
            }
        }
        for (Py_ssize_t t = 0; t < n_touched; t++) {
            int32_t other = touched[t];
            int shorter = beside[other].size < words ? other : mine;
            int longer = shorter == mine ? other : mine;
            uint32_t bits = beside[other].shared & 0xFFFF;
            int joins = (int)(beside[other].shared >> 16);
            int64_t key = (int64_t)other << 32 | mine;
            beside[other].shared = 0;
            int enough = count_bits(bits) >= needed[shorter];
            if (!enough && joins >= least_joins && count_possible(bits, frequent, shorter, longer) >= needed[shorter]) {
                const int32_t *one = begins + rank[shorter], *two = begins + rank[longer];
                enough = count_common(joined, by_rank + one[0], by_rank + one[1], by_rank + two[0], by_rank + two[1]) >= needed[shorter];
            }
            if (!enough) continue;
            if (found == n_keys) {
                int64_t *more = realloc(keys, 2 * (size_t)n_keys * sizeof(int64_t));
                whole = more != NULL;
                if (!whole) break;
                keys = more;
                n_keys *= 2;
            }
            keys[found++] = key;
        }
    }
    Py_END_ALLOW_THREADS
    if (whole) answer = PyBytes_FromStringAndSize((const char *)keys, found * (Py_ssize_t)sizeof(int64_t));
done:
    if (!whole) PyErr_NoMemory();
    close_room(&room);
    free(begins);
    free(touched);
    free(beside);
    free(frequent.bits);
    free(keys);
    Py_buffer *buffers[] = {&hashes, &documents, &places, &ranks, &counteds, &involveds, &sizes, &segments, &neededs};
    for (int i = 0; i < 9; i++) PyBuffer_Release(buffers[i]);
    return answer;
}

/* --- what two texts have in common: as relations.py --------------------------------------------------------------------- */

typedef struct { /* the runs of one text of a pair; it stays as long as the text is one of the next pair, too */
    int64_t begin, size; /* of the text, in words */
    int32_t *heads;      /* by the hash's upper bits: the first run with such a hash, -1 if there is none; */
    int shift;
    int32_t *same; /* of each run, the first of equal ones */
    int32_t *next; /* of each such, as in the next two, the next with such a hash */
    uint32_t *hashes;
    int32_t *other; /* where it stands first in the other text, -1 if it does not */
} Looked;

WIDE static void hash_runs(const uint32_t *words, uint32_t *hashes, Py_ssize_t n) {
    for (Py_ssize_t at = 0; at < n; at++) hashes[at] = (words[at] * ODD + words[at + 1]) * ODD + words[at + 2];
}

static uint32_t head(const Looked *table, uint32_t hash) { return hash >> table->shift; }

/* The first run of the text with this hash; -1 if there is none. */
static int32_t find(const Looked *table, uint32_t hash) {
    int32_t at = table->heads[head(table, hash)];
    while (at >= 0 && table->hashes[at] != hash) at = table->next[at];
    return at;
}

static void look_up(Looked *table, const uint32_t *words, int64_t begin, int64_t size) {
    const Py_ssize_t runs = (Py_ssize_t)size - RUN_WORDS + 1;
    int bits = 6;
    while (INT64_C(1) << bits < 8 * (int64_t)runs) bits++;
    table->begin = begin;
    table->size = size;
    table->shift = 32 - bits;
    memset(table->heads, 0xFF, ((size_t)1 << bits) * sizeof(int32_t));
    hash_runs(words + begin, table->hashes, runs);
    for (Py_ssize_t at = 0; at < runs; at++) {
        const uint32_t hash = table->hashes[at];
        int32_t *heads = table->heads + head(table, hash), same = find(table, hash);
        table->same[at] = same < 0 ? (int32_t)at : same;
        if (same >= 0) continue;
        table->next[at] = *heads;
        *heads = (int32_t)at;
    }
}

/* Which text of a pair is looked up: the one that is already, else the longer where it is one of the next pair, too. */
static int side_of(const Looked *table, const int64_t *begin, const int64_t *size, Py_ssize_t pair, Py_ssize_t n) {
    for (int side = 0; side < 2; side++)
        if (begin[side * n + pair] == table->begin && size[side * n + pair] == table->size) return side;
    if (pair + 1 == n) return 0;
    const int64_t next[2] = {begin[pair + 1], begin[n + pair + 1]};
    return begin[pair] != next[0] && begin[pair] != next[1] && (begin[n + pair] == next[0] || begin[n + pair] == next[1]);
}

/* Words in runs that stand in the other text, and words over which such runs follow each other in both as they do in this one. */
static void measure(const int32_t *partner, Py_ssize_t runs, int64_t gap, int64_t slack, int64_t *covered, int64_t *reach) {
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

/* compare(words, shapes, lengths, lexicon, begins, sizes, limits, common)

   words, shapes, lengths: of all texts; lexicon: by the upper 16 bits of a word's hash; begins, sizes: two rows, of the shorter and of the
   longer text of each pair, in words; limits: see relations.py; common: rows to be filled in: words covered and reached of the shorter, and
   where that is as much as in copies, the same of the longer; of words of the shorter in no common run, numbers, then capitals and numbers, of
   all words capitals and numbers, and whether there is a passage of the former; then what differs, see differences.py, of pairs where that may
   tell a copy from another article. */
#define N_COMMON 8
PyObject *compare(PyObject *module, PyObject *arguments) {
    Py_buffer words, shapes, lengths, lexicon, begins, sizes, limitss, common;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*y*y*y*w*", &words, &shapes, &lengths, &lexicon, &begins, &sizes, &limitss, &common)) return NULL;
    const int64_t *begin = begins.buf, *size = sizes.buf;
    const Limits *limits = limitss.buf;
    int64_t *out = common.buf;
    Py_ssize_t n = begins.len / 16, most = 0, n_words = words.len / 4;
    int fits = sizes.len == begins.len && common.len == 8 * (N_COMMON + N_COUNTS) * n, bits = 6;
    fits = fits && shapes.len == n_words && lengths.len == 2 * n_words && lexicon.len == 1 << 16 && limitss.len == (Py_ssize_t)sizeof(Limits);
    for (Py_ssize_t i = 0; fits && i < 2 * n; i++) {
        fits = begin[i] >= 0 && size[i] >= 0 && size[i] < INT32_MAX / 4 && begin[i] + size[i] <= n_words;
        if (size[i] > most) most = size[i];
    }
    while (INT64_C(1) << bits < 8 * (int64_t)most) bits++;
    const size_t room = ((size_t)most + 1) * sizeof(int32_t);
    Looked table = {-1, -1, malloc(((size_t)1 << bits) * sizeof(int32_t)), 0, malloc(room), malloc(room), malloc(room), malloc(room)};
    int32_t *of_shorter = malloc(room), *of_longer = malloc(room), *some = malloc(room);
    uint32_t *hashes = malloc(room);
    Alignment alignment = {malloc(room), malloc(room), malloc(room), malloc(room)};
    if (!fits)
        PyErr_SetString(PyExc_ValueError, "buffers do not fit each other");
    else if (!table.heads || !table.same || !table.next || !table.hashes || !table.other || !of_shorter || !of_longer || !some || !hashes ||
             !alignment.least || !alignment.ends || !alignment.before || !alignment.match)
        PyErr_NoMemory();
    else {
        Py_BEGIN_ALLOW_THREADS
        for (Py_ssize_t pair = 0; pair < n; pair++) {
            Text texts[2];
            for (int side = 0; side < 2; side++) {
                Py_ssize_t of = begin[side * n + pair];
                texts[side].words = (const uint32_t *)words.buf + of;
                texts[side].shapes = (const uint8_t *)shapes.buf + of;
                texts[side].lengths = (const uint16_t *)lengths.buf + of;
                texts[side].size = (int32_t)size[side * n + pair];
            }
            const uint32_t *shorter = texts[0].words;
            const Py_ssize_t runs = size[pair] - RUN_WORDS + 1, runs_longer = size[n + pair] - RUN_WORDS + 1;
            const int side = side_of(&table, begin, size, pair, n);
            int32_t *const of_looked = side ? of_longer : of_shorter, *const of_other = side ? of_shorter : of_longer;
            const Py_ssize_t runs_looked = side ? runs_longer : runs, runs_other = side ? runs : runs_longer;
            if (begin[side * n + pair] != table.begin || size[side * n + pair] != table.size)
                look_up(&table, words.buf, begin[side * n + pair], size[side * n + pair]);
            if (runs_looked > 0) memset(table.other, 0xFF, (size_t)runs_looked * sizeof(int32_t));
            hash_runs(texts[!side].words, hashes, runs_other);
            Py_ssize_t n_some = 0;
            for (Py_ssize_t at = 0; at < runs_other; at++) { /* without a branch a run, which would be mispredicted */
                of_other[at] = -1;
                some[n_some] = (int32_t)at;
                n_some += table.heads[head(&table, hashes[at])] >= 0;
            }
            while (n_some--) {
                const int32_t at = some[n_some], same = find(&table, hashes[at]);
                of_other[at] = same;
                if (same >= 0) table.other[same] = at;
            }
            for (Py_ssize_t at = 0; at < runs_looked; at++) of_looked[at] = table.other[table.same[at]];
            int64_t stretch = 0, found[N_COMMON + N_COUNTS] = {0};
            Py_ssize_t common_run = -RUN_WORDS; /* the last one */
            measure(of_shorter, runs, limits->gap, limits->slack, found, found + 1);
            int alike = runs > 0 && 1000 * found[0] >= limits->similar * size[pair] && 1000 * found[1] >= limits->reach * (runs - 1);
            for (Py_ssize_t at = 0; alike && at < runs; at++) {
                common_run = of_shorter[at] >= 0 ? at : common_run;
                int alone = at - common_run >= RUN_WORDS, written = texts[0].shapes[at] != 0;
                stretch = alone ? stretch + 1 : 0;
                found[4] += alone & (int)(shorter[at] & 1);
                found[5] += alone & written;
                found[6] += written;
                found[7] |= stretch >= limits->passage;
            }
            if (alike) measure(of_longer, runs_longer, limits->gap, limits->slack, found + 2, found + 3);
            if (alike && (found[7] || (found[5] && 1000 * found[5] >= limits->unlike * found[6])))
                count_differences(texts, texts + 1, of_shorter, lexicon.buf, limits, &alignment, found + N_COMMON);
            for (int k = 0; k < N_COMMON + N_COUNTS; k++) out[k * n + pair] = found[k];
        }
        Py_END_ALLOW_THREADS
    }
    void *rooms[] = {table.heads, table.same, table.next, table.hashes, table.other, of_shorter, of_longer, some, hashes,
                     alignment.least, alignment.ends, alignment.before, alignment.match};
    for (int i = 0; i < 13; i++) free(rooms[i]);
    Py_buffer *buffers[] = {&words, &shapes, &lengths, &lexicon, &begins, &sizes, &limitss, &common};
    for (int i = 0; i < 8; i++) PyBuffer_Release(buffers[i]);
    if (PyErr_Occurred()) return NULL;
    Py_RETURN_NONE;
}
