/* What differs between two texts: as differences.py. */

#include "native.h"

enum { PLAIN, LONG, NAME, FIGURE }; /* what a word counts as */
enum { CAPITAL = 1, OPENING, NUMBER }; /* letter cases */
enum { COMMON = 1, CALENDAR, NUMERAL }; /* words of the lexicon */
enum { NEWS = 0, EDITS = 2, PASSAGES = 4, EDGES = 6 }; /* counts */

typedef struct {
    int32_t begin, end;
} Gap;

static inline int is_name(const Text *text, int32_t i, const uint8_t *lexicon) {
    int written = text->shapes[i] >> 5;
    return (written == CAPITAL || written == OPENING) && lexicon[text->words[i] >> 16] != COMMON;
}

static inline int kind_of(const Text *text, int32_t i, const uint8_t *lexicon, const Limits *limits) {
    int written = text->shapes[i] >> 5, known = lexicon[text->words[i] >> 16];
    if (!written) return known == NUMERAL ? FIGURE : text->lengths[i] >= limits->long_word ? LONG : PLAIN; /* most words */
    if (written == NUMBER || known == NUMERAL || (known == CALENDAR && written)) return FIGURE;
    if (is_name(text, i, lexicon) &&
        (written == CAPITAL || (i + 1 < text->size && text->shapes[i + 1] >> 5 == CAPITAL && is_name(text, i + 1, lexicon))))
        return NAME;
    return text->lengths[i] >= limits->long_word ? LONG : PLAIN;
}

static void note_words(Text *text) {
    memset(text->some, 0, sizeof text->some);
    for (int32_t i = 0; i < text->size; i++) text->some[text->words[i] / 64 % (SOME / 64)] |= UINT64_C(1) << (text->words[i] >> 26);
}

WIDE static int is_among(const uint32_t *words, int32_t n, uint32_t word) {
    uint32_t found = 0;
    for (int32_t i = 0; i < n; i++) found |= words[i] == word;
    return found != 0;
}

static int holds(const Text *text, uint32_t word) {
    return (text->some[word / 64 % (SOME / 64)] >> (word >> 26) & 1) && is_among(text->words, text->size, word);
}

static int is_respelt(const Text *text, int32_t i, const Text *other, Gap gap, const Limits *limits) {
    for (int32_t j = gap.begin; j < gap.end; j++) {
        int written = other->shapes[j] >> 5, longer = (int)other->lengths[j] - (int)text->lengths[i];
        if ((written == CAPITAL || written == OPENING) && (other->shapes[j] & 31) == (text->shapes[i] & 31) && longer <= limits->respelt &&
            -longer <= limits->respelt && !holds(text, other->words[j]))
            return 1;
    }
    return 0;
}

typedef struct {
    int64_t news, news_differing, others, others_differing;
} Side;

/* What one text has in a place where the other has something else; nothing where it was added. */
static Side count_side(const Text *text, Gap gap, const Text *other, Gap other_gap, const uint8_t *lexicon, const Limits *limits) {
    Side side = {0, 0, 0, 0};
    int64_t size = gap.end - gap.begin, size_other = other_gap.end - other_gap.begin;
    if (size > limits->added_times * size_other + limits->added_words) return side;
    for (int32_t i = gap.begin; i < gap.end; i++) {
        int kind = kind_of(text, i, lexicon, limits);
        if (kind == PLAIN) continue;
        uint32_t word = text->words[i];
        int differs = 1;
        for (int32_t j = other_gap.begin; differs && j < other_gap.end; j++) differs = other->words[j] != word;
        differs = differs && !holds(other, word);
        if (differs && kind == NAME) differs = !is_respelt(text, i, other, other_gap, limits);
        *(kind >= NAME ? &side.news : &side.others) += 1;
        *(kind >= NAME ? &side.news_differing : &side.others_differing) += differs;
    }
    return side;
}

/* Adds up what differs in one place, names and numbers to `news`; whether it is a passage that begins or ends the texts. */
static int count_gap(const Text *one, Gap gap, const Text *other, Gap other_gap, const uint8_t *lexicon, const Limits *limits, int edge,
                     int64_t *counts, int64_t *news) {
    Side sides[] = {count_side(one, gap, other, other_gap, lexicon, limits), count_side(other, other_gap, one, gap, lexicon, limits)};
    int64_t sizes[] = {gap.end - gap.begin, other_gap.end - other_gap.begin};
    int passage = sizes[0] >= limits->passage && sizes[1] >= limits->passage, phrase = !edge;
    for (int k = 0; k < 2; k++) {
        int64_t words = sides[k].news + sides[k].others, differing = sides[k].news_differing + sides[k].others_differing;
        phrase = phrase && words >= limits->phrase && differing == words;
    }
    int place = passage && edge ? EDGES : passage || phrase ? PASSAGES : EDITS;
    for (int k = 0; k < 2; k++) {
        int64_t times = sizes[1 - k] > limits->added_times * sizes[k] + limits->added_words ? 2 : 1, differing = sides[k].others_differing;
        if (place == EDITS && differing > 1) differing = 1; /* however many words of one place differ, they are one edit */
        news[0] += times * sides[k].news;
        news[1] += times * sides[k].news_differing;
        counts[place] += times * sides[k].others;
        counts[place + 1] += times * differing;
    }
    return place == EDGES;
}

/* Fill in `match`, of each word of one text the word of the other that it is paired with, or -1; `places` has the first place of each of its
   runs in the other text, or -1. */
static void align(const int32_t *places, int32_t runs, int32_t size, Alignment *room) {
    int32_t length = 0;
    for (int32_t i = 0; i < size; i++) room->match[i] = -1;
    for (int32_t i = 0; i < runs; i++) {
        int32_t j = places[i], at = length; /* the longest chain that ends with this run: behind that of so many whose last place is less */
        if (j < 0) continue;
        if (length && room->least[length - 1] >= j) {
            int32_t low = 0, high = length - 1;
            while (low < high) {
                int32_t middle = (low + high) / 2;
                if (room->least[middle] < j)
                    low = middle + 1;
                else
                    high = middle;
            }
            at = low;
        }
        if (at == length) length++;
        room->least[at] = j;
        room->ends[at] = i;
        room->before[i] = at ? room->ends[at - 1] : -1;
    }
    int32_t last = -1, last_other = -1, found = 0;
    for (int32_t k = length ? room->ends[length - 1] : -1; k >= 0; k = room->before[k]) room->least[found++] = k; /* no longer needed */
    while (found--) {
        int32_t k = room->least[found];
        for (int32_t step = 0; step < RUN_WORDS; step++)
            if (k + step > last && places[k] + step > last_other) {
                last = k + step;
                last_other = places[k] + step;
                room->match[last] = last_other;
            }
    }
}

/* Add up what differs between two texts; `places` has the first place of each run of the one in the other, or -1. */
void count_differences(Text *one, Text *other, const int32_t *places, const uint8_t *lexicon, const Limits *limits, Alignment *room, int64_t *counts) {
    note_words(one);
    note_words(other);
    align(places, one->size - RUN_WORDS + 1, one->size, room);
    int32_t last = -1, last_other = -1, n_edges = 0;
    int64_t at_edges[2] = {0, 0};
    for (int32_t i = 0; i <= one->size; i++) {
        int end = i == one->size;
        if (!end && room->match[i] < 0) continue;
        int32_t j = end ? other->size : room->match[i];
        Gap gap = {last + 1, i}, other_gap = {last_other + 1, j};
        if (gap.begin < gap.end && other_gap.begin < other_gap.end) {
            int edge = last < 0 || end;
            n_edges += count_gap(one, gap, other, other_gap, lexicon, limits, edge, counts, edge ? at_edges : counts + NEWS);
        }
        if (!end) {
            int kind = kind_of(one, i, lexicon, limits);
            if (kind != PLAIN) counts[kind >= NAME ? NEWS : EDITS] += 2;
        }
        last = i;
        last_other = j;
    }
    int place = n_edges == 2 && counts[NEWS + 1] == 0 ? EDGES : NEWS; /* furniture above and below one article, which says the same */
    counts[place] += at_edges[0];
    counts[place + 1] += at_edges[1];
}
