/* What is done for each run of words that may stand in several articles; shared_wording.py does the same with arrays. */

#include "native.h"

#define PASSAGE_WORDS 20
#define SHINGLE_WORDS 5
#define FACTOR UINT64_C(0x9E3779B97F4A7C15)
#define INVERSE UINT64_C(0xF1DE83E19937733D) /* FACTOR * INVERSE is 1 */
#define SEVERAL -1
#define CHUNK 4096    /* runs looked at at a time: few enough to stay in the cache */
#define MOST_SLOTS 21 /* bits */
#if defined(__GNUC__)
#define ALWAYS_INLINE inline __attribute__((always_inline))
#else
#define ALWAYS_INLINE inline
#endif
#define FAR (3 * AHEAD) /* where little is done a step */

typedef struct { /* runs of words that begin at the places from `low` to `high`, in one article */
    int64_t low, high;
    int32_t document;
} Stretch;

typedef struct {
    const uint32_t *words;
    const Stretch *stretches;
    Py_ssize_t n_stretches, n_words;
    uint64_t powers[PASSAGE_WORDS];
    /* a bit a word, of the run that begins with it: whether it stands in several groups, and, of those, whether the run behind it, or before
       it, is the same wherever it stands */
    uint64_t *shared, *same_after, *same_before;
} Runs;

typedef struct { /* a run wherever it stands */
    uint64_t hash, before, after; /* of the runs beside it where it was met first; 0 if there is none */
    int32_t group;                /* SEVERAL if it stands in more than one */
    char varies_before, varies_after;
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
        if (any && high >= low) found[n_found++] = (Stretch){low, high, document};
        if (i < n) low = sampled[i] + 1;
        any = 0;
    }
    return n_found;
}

/* --- which of them do --- */

static uint64_t finish(uint64_t hash) { return (hash ^ hash >> 29) * FACTOR; }

/* Hash of each run from one place to another, as shared_wording.py has them: the sum of its words, each times a power. */
static void hash_from(const Runs *runs, int64_t from, int64_t to, uint64_t *hashes) {
    const uint32_t *word = runs->words + from;
    const uint64_t last = runs->powers[PASSAGE_WORDS - 1];
    const Py_ssize_t n = (Py_ssize_t)(to - from);
    uint64_t sum = 0;
    for (int i = 0; i < PASSAGE_WORDS; i++) sum += word[i] * runs->powers[i];
    for (Py_ssize_t i = 0; i < n; i++) {
        hashes[i] = finish(sum);
        sum = sum * INVERSE + (word[i + PASSAGE_WORDS] * last - word[i] * INVERSE);
    }
    hashes[n] = finish(sum);
}

typedef struct { /* some runs in reading order; those of a stretch stand between two that are only there to be beside others */
    Py_ssize_t n, stretch;
    int64_t at;       /* where the next ones begin in the stretch */
    uint64_t hashes[CHUNK + 4];
    int64_t places[CHUNK + 4]; /* -1 of those */
    int32_t groups[CHUNK + 4];
    int32_t some[CHUNK + 4];
} Chunk;

static void begin_chunks(Chunk *chunk) { chunk->n = chunk->stretch = chunk->at = 0; }

/* The next runs: their hashes, each time anew, which takes less time than to write all of them to memory; with `group`, their places and
   groups, too. 0 behind the last. */
static int next_chunk(const Runs *runs, Chunk *chunk, const int64_t *group) {
    Py_ssize_t n = 0;
    while (chunk->stretch < runs->n_stretches && n + 4 < CHUNK) {
        const Stretch *stretch = runs->stretches + chunk->stretch;
        const int64_t from = stretch->low + chunk->at;
        const Py_ssize_t size = stretch->high - from > CHUNK - n - 2 ? CHUNK - n - 1 : (Py_ssize_t)(stretch->high - from) + 1;
        const int before = from > stretch->low, after = from + size <= stretch->high;
        if (!before) chunk->hashes[n] = 0;
        if (!after) chunk->hashes[n + 1 + size] = 0;
        hash_from(runs, from - before, from + size - 1 + after, chunk->hashes + n + !before);
        if (group) {
            const int32_t of = (int32_t)group[stretch->document];
            chunk->places[n] = chunk->places[n + 1 + size] = -1;
            for (Py_ssize_t i = 0; i < size; i++) chunk->places[n + 1 + i] = from + i;
            for (Py_ssize_t i = 0; i < size; i++) chunk->groups[n + 1 + i] = of;
        }
        n += 2 + size;
        chunk->at = after ? from + size - stretch->low : 0;
        chunk->stretch += !after;
    }
    chunk->n = n;
    return n > 0;
}

typedef struct { /* runs whose hash may be there twice: all that are, and a few others */
    uint64_t *places; /* a bit a word */
    int32_t *kinds;   /* the number of each */
    Kind *kind;
} Recurring;

typedef struct {
    Slot *slots;
    size_t size; /* a power of two */
    int32_t n_kinds;
} Table;

/* Room for so many kinds: the slots for half as many again, at least. 0 where there is no memory. */
static int has_slots(Table *table, int64_t n, const Kind *kinds) {
    if (table->slots && (int64_t)table->size > n + n / 2) return 1;
    while ((int64_t)table->size <= n + n / 2) table->size *= 2;
    free(table->slots);
    table->slots = allocate(table->size * sizeof(Slot));
    if (!table->slots) return 0;
    memset(table->slots, 0xFF, table->size * sizeof(Slot));
    for (int32_t kind = 0; kind < table->n_kinds; kind++) {
        Slot *slot = table->slots + (kinds[kind].hash & (table->size - 1));
        while (slot->kind >= 0) slot = slot + 1 < table->slots + table->size ? slot + 1 : table->slots;
        *slot = (Slot){(uint32_t)(kinds[kind].hash >> 32), kind};
    }
    return 1;
}

WIDE static Py_ssize_t count_twice(uint64_t met[][2], size_t n) {
    Py_ssize_t found = 0;
    for (size_t i = 0; i < n; i++) found += count_set(met[i][1]);
    return found;
}

/* Finds the runs of one part of all hashes, those that begin with these bits, that may be there twice, and numbers their hashes. Without a
   branch a run, which would wait for memory. 0 where there is no memory. */
static ALWAYS_INLINE int number_kinds(const Runs *runs, Chunk *chunk, int bits, uint64_t part, int64_t most, const int64_t *group,
                                      Recurring *found, Room *room) {
    int met_bits = 10;
    while (met_bits < 36 && INT64_C(1) << met_bits < 8 * most) met_bits++;
    const int last = 64 - met_bits;
    uint64_t(*met)[2] = take(room, (size_t)1 << (met_bits - 2)); /* bits for once, and for twice */
    if (!met) return 0;
    memset(met, 0, (size_t)1 << (met_bits - 2));
    const uint64_t *const hashes = chunk->hashes;
    Py_ssize_t n = 0, at = 0;
#define IS_OF(hash) ((hash) >> 1 >> (63 - bits) == part)
#define BIT(hash) (IS_OF(hash) ? (hash) << bits >> last : 0)
    for (begin_chunks(chunk); next_chunk(runs, chunk, NULL);) {
        for (Py_ssize_t i = 0; i < chunk->n; i++) {
            if (i + FAR < chunk->n) FETCH(met[BIT(hashes[i + FAR]) >> 6]);
            uint64_t *of = met[BIT(hashes[i]) >> 6];
            const uint64_t bit = (uint64_t)(IS_OF(hashes[i]) & (hashes[i] != 0)) << (BIT(hashes[i]) & 63), again = of[0] & bit;
            n += again != 0;
            of[1] |= again;
            of[0] |= bit;
        }
    }
    const Py_ssize_t n_twice = count_twice(met, (size_t)1 << (met_bits - 6)); /* the first of each, about as many as there are kinds */
    n += n_twice;
    found->kinds = n < INT32_MAX ? take(room, ((size_t)n + FAR) * sizeof(int32_t)) : NULL;
    found->kind = found->kinds ? take(room, ((size_t)n + 1) * sizeof(Kind)) : NULL;
    Table table = {NULL, 16, 0};
    int32_t next = 0; /* the kind of the next run, if it is as it was before */
    int whole = found->kind && has_slots(&table, n_twice + n_twice / 2 + CHUNK, found->kind);
    memset(found->places, 0, ((size_t)runs->n_words / 64 + 1) * sizeof(uint64_t));
    for (begin_chunks(chunk); whole && next_chunk(runs, chunk, group);) {
        Py_ssize_t n_some = 0;
        for (Py_ssize_t i = 0; i < chunk->n; i++) {
            if (i + FAR < chunk->n) FETCH(met[BIT(hashes[i + FAR]) >> 6]);
            const uint64_t bit = BIT(hashes[i]);
            chunk->some[n_some] = (int32_t)i;
            n_some += (Py_ssize_t)(met[bit >> 6][1] >> (bit & 63) & 1) & IS_OF(hashes[i]) & (chunk->places[i] >= 0);
        }
        whole = has_slots(&table, table.n_kinds + n_some, found->kind);
        Slot *const slots = table.slots;
        const size_t size = table.size;
        for (Py_ssize_t i = 0; whole && i < n_some; i++) {
            if (i + FAR < n_some) FETCH(slots + (hashes[chunk->some[i + FAR]] & (size - 1)));
            const Py_ssize_t run = chunk->some[i];
            const uint64_t *hash = hashes + run;
            if (next >= table.n_kinds || found->kind[next].hash != *hash) { /* what stands again most often goes on as it did before */
                const uint32_t upper = (uint32_t)(*hash >> 32);
                Slot *slot = slots + (*hash & (size - 1));
                while (slot->kind >= 0 && (slot->upper != upper || found->kind[slot->kind].hash != *hash))
                    slot = slot + 1 < slots + size ? slot + 1 : slots;
                if (slot->kind < 0) {
                    found->kind[table.n_kinds] = (Kind){*hash, hash[-1], hash[1], chunk->groups[run], 0, 0};
                    *slot = (Slot){upper, table.n_kinds++};
                }
                next = slot->kind;
            }
            Kind *kind = found->kind + next;
            kind->group = kind->group == chunk->groups[run] ? kind->group : SEVERAL;
            kind->varies_before |= kind->before != hash[-1];
            kind->varies_after |= kind->after != hash[1];
            set_bit(found->places, (uint64_t)chunk->places[run]);
            found->kinds[at++] = next++;
        }
    }
#undef IS_OF
#undef BIT
    if (whole) memset(found->kinds + at, 0, FAR * sizeof(int32_t)); /* looked ahead at */
    free(table.slots);
    return whole;
}

/* Sets the bits of the runs that stand in several groups; about `most` are looked at together. A run that stands in one group only is not
   beside another wherever that one stands. 0 where there is no memory. */
static int mark_runs(Runs *runs, int64_t n, int64_t most, const int64_t *group, Room *room) {
    int bits = 0;
    while (n >> bits > most) bits++;
    Chunk *chunk = take(room, sizeof(Chunk));
    Recurring found = {take(room, ((size_t)runs->n_words / 64 + 1) * sizeof(uint64_t)), NULL, NULL};
    if (!chunk || !found.places) return 0;
    for (uint64_t part = 0; part < UINT64_C(1) << bits; part++) {
        const Room before = *room;
        int whole = bits ? number_kinds(runs, chunk, bits, part, (n >> bits) + 1, group, &found, room)
                         : number_kinds(runs, chunk, 0, 0, n + 1, group, &found, room); /* in fewer steps */
        const int32_t *of = found.kinds;
        for (Py_ssize_t at = 0; whole && at <= runs->n_words >> 6; at++)
            for (uint64_t rest = found.places[at]; rest; rest &= rest - 1, of++) {
                FETCH(found.kind + of[FAR]);
                const Kind *kind = found.kind + *of;
                const uint64_t bit = (uint64_t)(kind->group == SEVERAL) << lowest(rest);
                runs->shared[at] |= bit;
                runs->same_before[at] |= kind->varies_before ? 0 : bit;
                runs->same_after[at] |= kind->varies_after ? 0 : bit;
            }
        drop_to(room, &before);
        if (!whole) return 0;
    }
    return 1;
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

/* The runs of a word of bits that begin a part. */
static uint64_t beginning(const Runs *runs, Py_ssize_t at) {
    const uint64_t after = runs->same_after[at] << 1 | (at ? runs->same_after[at - 1] >> 63 : 0);
    return runs->shared[at] & ~(runs->same_before[at] & after);
}

/* The same of the runs that stand in several groups, by their bits. */
static Part *find_marked_parts(const Runs *runs, Py_ssize_t *n_parts, uint64_t **powers, Room *room) {
    Py_ssize_t found = 0;
    int64_t longest = 1;
    for (Py_ssize_t at = 0; at <= runs->n_words >> 6; at++) found += count_set(beginning(runs, at));
    for (const Stretch *s = runs->stretches; s < runs->stretches + runs->n_stretches; s++)
        longest = s->high - s->low >= longest ? s->high - s->low + 1 : longest;
    Part *parts = take(room, ((size_t)found + 1) * sizeof(Part));
    uint64_t *power = *powers = take(room, ((size_t)longest + 1) * sizeof(uint64_t));
    if (!parts || !power || found > INT32_MAX) return NULL;
    power[0] = 1;
    for (int64_t i = 1; i <= longest; i++) power[i] = power[i - 1] * FACTOR;
    Part *part = parts - 1;
    const uint64_t last = runs->powers[PASSAGE_WORDS - 1];
    for (const Stretch *s = runs->stretches; s < runs->stretches + runs->n_stretches; s++) {
        int64_t end = -1; /* of the runs side by side */
        uint64_t sum = 0, begins = 0;
        for (int64_t place = s->low; place <= s->high; place++) {
            const uint64_t rest = runs->shared[place >> 6] >> (place & 63);
            if (!(rest & 1)) {
                place = rest ? place + lowest(rest) - 1 : place | 63;
                continue;
            }
            const uint32_t *word = runs->words + place;
            const int beside = place == end;
            if (!beside) {
                sum = 0;
                for (int i = 0; i < PASSAGE_WORDS; i++) sum += word[i] * runs->powers[i];
            }
            if (!beside || !(place & 63)) begins = beginning(runs, place >> 6);
            const uint64_t hash = finish(sum);
            if (beside && !(begins >> (place & 63) & 1)) {
                part->hash += hash * power[place - part->first];
                part->last = place;
            } else {
                if (beside) part->joined = 1;
                *++part = (Part){hash, place, place, s->document, 0};
            }
            if (place < s->high) sum = sum * INVERSE + (word[PASSAGE_WORDS] * last - word[0] * INVERSE);
            end = place + 1;
        }
    }
    *n_parts = found;
    return parts;
}

/* Keeps the sequences that stand in several groups, or all; fills in how often each stands. Returns how many. Those of one part of all
   hashes are counted at a time. */
static Py_ssize_t tally(Sequence *sequences, Py_ssize_t n, const Part *parts, const int64_t *group, int all, Tally *table, int bits) {
    const size_t last = ((size_t)1 << bits) - 1;
    const int shift = 64 - bits;
    int split = 0;
    while (n >> split > (Py_ssize_t)1 << (bits - 1)) split++;
    for (uint64_t some = 0; some < UINT64_C(1) << split; some++) {
        memset(table, 0, sizeof(Tally) << bits);
        for (Py_ssize_t i = 0; i < n; i++) {
            const uint64_t key = sequences[i].hash * FACTOR;
            if (key >> 1 >> (63 - split) != some) continue;
            int32_t of = (int32_t)group[parts[sequences[i].part].document];
            size_t at = (size_t)(key << split >> shift);
            while (table[at].count && table[at].hash != sequences[i].hash) at = (at + 1) & last;
            table[at] = (Tally){sequences[i].hash, table[at].count + 1, !table[at].count || table[at].group == of ? of : SEVERAL};
            sequences[i].count = (int32_t)at;
        }
        for (Py_ssize_t i = 0; i < n; i++) {
            if (sequences[i].hash * FACTOR >> 1 >> (63 - split) != some) continue;
            const Tally *found = table + sequences[i].count;
            sequences[i].count = all || found->group == SEVERAL ? found->count : 0;
        }
    }
    Py_ssize_t kept = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        sequences[kept] = sequences[i];
        kept += sequences[i].count > 0;
    }
    return kept;
}

/* Sequences of parts: of one, of two … as long as any stands in several groups; those that cannot be longer, to either side, without standing
   in fewer places are passages. 0 where there is no memory. */
static int find_passages(const Part *parts, Py_ssize_t m, const uint64_t *power, const int64_t *group, int most_bits, Passages *found, Room *room) {
    int bits = 4;
    while (bits < most_bits && INT64_C(1) << bits < 2 * (int64_t)m) bits++;
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
    void *from[4] = {found->document, found->first, found->last, found->hashes};
    static const int sizes[4] = {4, 8, 8, 8};
    for (int i = 0; i < 4; i++) {
        if (whole) whole = (columns[i] = PyBytes_FromStringAndSize(from[i], found->n * sizes[i])) != NULL;
        free(from[i]);
    }
    if (whole)
        answer = PyTuple_Pack(4, columns[0], columns[1], columns[2], columns[3]);
    else if (!PyErr_Occurred())
        PyErr_NoMemory();
    for (int i = 0; i < 4; i++) Py_XDECREF(columns[i]);
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
        Py_ssize_t n_parts = 0;
        uint64_t *power = NULL;
        const Part *parts = find_parts(place, document, hashes.buf, onward, n, &n_parts, &power, &room);
        whole = find_passages(parts, n_parts, power, groups.buf, MOST_SLOTS, &found, &room);
        Py_END_ALLOW_THREADS
    }
    close_room(&room);
    Py_buffer *buffers[] = {&places, &documents, &hashes, &onwards, &groups};
    for (int i = 0; i < 5; i++) PyBuffer_Release(buffers[i]);
    return answer_of(&found, whole);
}

/* shared_passages(words, first, sampled, hashes, below, list_hashes, documents, places, groups, held) -> documents, first, last, digests

   words, first, sampled, hashes: as in Signatures; below: LEAST_SAMPLED; held: about so many runs are looked at together; list_hashes, documents, places: as in Postings; groups: one an
   article. The answers are of each place of each passage, as bytes. */
PyObject *shared_passages(PyObject *module, PyObject *arguments) {
    Py_buffer words, firsts, sampled, hashes, lists, documents, places, groups;
    unsigned int below;
    long long held;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*Iy*y*y*y*L", &words, &firsts, &sampled, &hashes, &below, &lists, &documents, &places, &groups, &held))
        return NULL;
    const int64_t *first = firsts.buf, *sample = sampled.buf, *group = groups.buf;
    const int32_t *document = documents.buf, *place = places.buf;
    Py_ssize_t n = firsts.len / 8 - 1, n_words = words.len / 4, n_sampled = sampled.len / 8, n_postings = lists.len / 4, n_stretches = 0;
    int fits = held > 0 && n >= 0 && n < INT32_MAX && groups.len == 8 * n && hashes.len == 4 * n_sampled && documents.len == 4 * n_postings;
    fits = fits && places.len == 4 * n_postings && (n <= 0 || (first[0] == 0 && first[n] == n_words));
    for (Py_ssize_t i = 0; fits && i < n; i++) fits = first[i] <= first[i + 1] && group[i] >= 0 && group[i] < n;
    for (Py_ssize_t i = 0; fits && i < n_sampled; i++) fits = sample[i] >= (i ? sample[i - 1] : 0) && sample[i] < n_words;
    for (Py_ssize_t i = 0; fits && i < n_postings; i++)
        fits = document[i] >= 0 && document[i] < n && place[i] >= 0 && place[i] < first[document[i] + 1] - first[document[i]];
    Passages found = {NULL, NULL, NULL, NULL, 0, 0};
    Room room;
    open_room(&room, fits ? ROOM_OF((size_t)n_postings) : 0);
    const size_t n_bits = (size_t)n_words / 64 + 1;
    uint64_t *marks = take(&room, 3 * n_bits * sizeof(uint64_t)), *shared = marks ? take(&room, n_bits * sizeof(uint64_t)) : NULL;
    Stretch *stretches = shared ? take(&room, ((size_t)n_sampled / 2 + (size_t)(n > 0 ? n : 0) + 1) * sizeof(Stretch)) : NULL;
    Runs runs = {words.buf, stretches, 0, n_words, {1}, marks, marks + n_bits, marks + 2 * n_bits};
    int whole = fits && stretches;
    if (!fits) PyErr_SetString(PyExc_ValueError, "buffers do not fit each other");
    if (whole) {
        Py_BEGIN_ALLOW_THREADS
        memset(marks, 0, 3 * n_bits * sizeof(uint64_t));
        memset(shared, 0, n_bits * sizeof(uint64_t));
        mark_shared(lists.buf, document, place, n_postings, first, group, shared);
        int64_t n_places = 0;
        for (Py_ssize_t i = 0, at = 0; i < n; i++) {
            Py_ssize_t begin = at;
            while (at < n_sampled && sample[at] < first[i + 1]) at++;
            n_stretches += find_stretches(sample + begin, (const uint32_t *)hashes.buf + begin, at - begin, below, shared, first[i], first[i + 1],
                                          (int32_t)i, stretches + n_stretches);
        }
        for (Py_ssize_t i = 0; i < n_stretches; i++) n_places += stretches[i].high - stretches[i].low + 1;
        for (int i = 1; i < PASSAGE_WORDS; i++) runs.powers[i] = runs.powers[i - 1] * FACTOR;
        runs.n_stretches = n_stretches;
        drop(&room, stretches + n_stretches); /* they stay */
        whole = mark_runs(&runs, n_places, held, group, &room);
        if (whole) {
            Py_ssize_t n_parts = 0;
            uint64_t *power = NULL;
            const Part *parts = find_marked_parts(&runs, &n_parts, &power, &room);
            whole = find_passages(parts, n_parts, power, group, held < MOST_SLOTS ? 4 : MOST_SLOTS, &found, &room);
        }
        Py_END_ALLOW_THREADS
    }
    close_room(&room);
    Py_buffer *buffers[] = {&words, &firsts, &sampled, &hashes, &lists, &documents, &places, &groups};
    for (int i = 0; i < 8; i++) PyBuffer_Release(buffers[i]);
    return answer_of(&found, whole);
}
