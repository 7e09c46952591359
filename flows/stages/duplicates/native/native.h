/* Functions of the module `_native`, each of which is optional: Python does the same with arrays where they are not compiled. Both give
   the same numbers, which tests make sure of. All check that buffers fit each other; numbers are of the machine's own byte order. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#define ODD UINT32_C(0x85EBCA6B) /* what runs of words are hashed with */

/* Number of the lowest bit that is set; there is one. */
static inline int lowest(uint64_t bits) {
#if defined(__GNUC__)
    return __builtin_ctzll(bits);
#else
    int n = 0;
    for (; !(bits & 1); bits >>= 1) n++;
    return n;
#endif
}

/* How many bits are set. */
static inline int count_set(uint64_t bits) {
#if defined(__GNUC__)
    return __builtin_popcountll(bits);
#else
    int n = 0;
    for (; bits; bits &= bits - 1) n++;
    return n;
#endif
}

/* Loops that a processor with wider vectors does in fewer steps; which it has is looked up when the module is loaded. */
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

/* Asks for what will be read so many steps later. */
#define AHEAD 16
#if defined(__GNUC__)
#define FETCH(address) __builtin_prefetch(address)
#else
#define FETCH(address) (void)(address)
#endif

/* --- what differs between two texts, see differences.py ------------------------------------------------------------------- */

#define RUN_WORDS 3
#define N_COUNTS 8
#define SOME 16384

typedef struct {
    const uint32_t *words;
    const uint8_t *shapes;
    const uint16_t *lengths;
    int32_t size;
    uint64_t some[SOME / 64]; /* which words it may hold */
} Text;

typedef struct {
    int64_t gap, slack, similar, reach, unlike, passage, phrase, long_word, respelt, added_words, added_times;
} Limits;

typedef struct { /* room for one number a word of the longest text */
    int32_t *least, *ends, *before, *match;
} Alignment;

void count_differences(Text *one, Text *other, const int32_t *places, const uint8_t *lexicon, const Limits *limits, Alignment *room, int64_t *counts);

/* Memory of which a part is used, in any order: on large pages where the system has them, as numpy's arrays are. To be freed by `free`. */
static inline void *allocate(size_t size) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    const size_t page = (size_t)1 << 21;
    if (size >= 2 * page) {
        void *memory = aligned_alloc(page, (size + page - 1) / page * page);
        if (memory) madvise(memory, size, MADV_HUGEPAGE);
        return memory;
    }
#endif
    return malloc(size ? size : 1);
}

/* --- memory that is kept from step to step, see room.c -------------------------------------------------------------------- */

#define PIECES 24
#define ROOM_OF(postings) (96 * (postings)) /* bytes that are enough for most; only what is written is taken */

typedef struct {
    char *memory; /* NULL where nothing is kept */
    size_t size, used;
    void *pieces[PIECES]; /* what was allocated by itself */
    int n_pieces;
} Room;

/* Python's lock is held where a room is opened and closed. What is taken lies behind what was taken before, of any size; it is dropped in
   the reverse order, or with the room. What is dropped from some place inside a piece on is the rest of it. */
void open_room(Room *room, size_t size);
void *take(Room *room, size_t size);
void drop(Room *room, void *from);
void drop_to(Room *room, const Room *before); /* all that was taken since the room was copied */
void close_room(Room *room);

PyObject *release(PyObject *module, PyObject *nothing);
PyObject *scan(PyObject *module, PyObject *arguments);
PyObject *sign(PyObject *module, PyObject *arguments);
PyObject *sort(PyObject *module, PyObject *arguments);
PyObject *join(PyObject *module, PyObject *arguments);
PyObject *compare(PyObject *module, PyObject *arguments);
PyObject *shared_passages(PyObject *module, PyObject *arguments);
PyObject *passages(PyObject *module, PyObject *arguments);
PyObject *changed_pairs(PyObject *module, PyObject *arguments);
PyObject *run_places(PyObject *module, PyObject *arguments);
PyObject *spread(PyObject *module, PyObject *arguments);
