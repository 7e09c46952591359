/* Memory for what one step of a comparison needs and the next needs again: pages once written are not asked for anew, which takes longer
   than much of what is done with them. */

#include "native.h"

#define LEAST_KEPT ((size_t)1 << 22) /* bytes; below, the allocator's own memory is as good */

/* One for the process; used where Python's lock is held. */
static char *kept;
static size_t kept_size;
static int is_lent;

#if defined(__linux__) && defined(MADV_HUGEPAGE) && !defined(__SANITIZE_ADDRESS__)
static void forget(void) {
    if (kept) munmap(kept, kept_size);
    kept = NULL;
    kept_size = 0;
}

static void reserve(size_t size) {
    forget();
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return;
    madvise(memory, size, MADV_HUGEPAGE);
    kept = memory;
    kept_size = size;
}
#else
static void forget(void) {}
static void reserve(size_t size) { (void)size; }
#endif

void open_room(Room *room, size_t size) {
    *room = (Room){NULL, 0, 0, {NULL}, 0};
    if (is_lent || size < LEAST_KEPT) return;
    if (kept_size < size) reserve(size);
    if (!kept) return;
    is_lent = 1;
    room->memory = kept;
    room->size = kept_size;
}

void *take(Room *room, size_t size) {
    size = (size + 64) / 64 * 64;
    if (room->memory && size <= room->size - room->used) {
        room->used += size;
        return room->memory + room->used - size;
    }
    if (room->n_pieces == PIECES) return NULL;
    void *piece = allocate(size);
    if (piece) room->pieces[room->n_pieces++] = piece;
    return piece;
}

static int is_kept(const Room *room, const void *from) {
    return room->memory && (const char *)from >= room->memory && (const char *)from < room->memory + room->size;
}

void drop(Room *room, void *from) {
    if (is_kept(room, from)) {
        size_t at = ((size_t)((char *)from - room->memory) + 63) / 64 * 64;
        if (at < room->used) room->used = at;
        return;
    }
    for (int i = 0; i < room->n_pieces; i++)
        if (room->pieces[i] == from) {
            free(from);
            room->pieces[i] = room->pieces[--room->n_pieces];
            return;
        }
}

void drop_to(Room *room, const Room *before) {
    while (room->n_pieces > before->n_pieces) free(room->pieces[--room->n_pieces]);
    room->used = before->used;
}

void close_room(Room *room) {
    while (room->n_pieces) free(room->pieces[--room->n_pieces]);
    if (room->memory) is_lent = 0;
    room->memory = NULL;
}

/* release(): gives back what is kept. */
PyObject *release(PyObject *module, PyObject *nothing) {
    if (!is_lent) forget();
    Py_RETURN_NONE;
}
