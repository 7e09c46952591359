/* The kernels without Python: WEIGHTS LABELS WINDOWS [KERNEL] prints a hash of all scores for each kernel that this processor can run, or one.

   WEIGHTS is what native.pack gives; WINDOWS holds, for each window, two int32 (pieces, words) and four rows of int64. */

#include <stdio.h>
#include <stdlib.h>

#include "kernel.h"

static uint64_t hash = 14695981039346656037u;

static void add(const void *data, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) hash = (hash ^ ((const unsigned char *)data)[i]) * 1099511628211u;
}

static char *read_file(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    if (!file) exit(2);
    fseek(file, 0, SEEK_END);
    *length = (size_t)ftell(file);
    rewind(file);
    char *data = aligned_alloc(64, (*length + 63) / 64 * 64);
    if (!data || fread(data, 1, *length, file) != *length) exit(2);
    fclose(file);
    return data;
}

static void run_all(const Level *level, const Weights *weights, const char *windows, size_t length) {
    Room *room = aligned_alloc(64, sizeof(Room));
    memset(room, 0xa5, sizeof(Room)); /* nothing may depend on what was in memory */
    for (size_t at = 0; at < length;) {
        int32_t sizes[2];
        memcpy(sizes, windows + at, sizeof sizes);
        at += sizeof sizes;
        int64_t *rows[4];
        for (int i = 0; i < 4; i++) { /* each with no byte more than it needs, for the sanitizer to see */
            size_t bytes = sizeof(int64_t) * (size_t)sizes[i == 3];
            rows[i] = malloc(bytes);
            memcpy(rows[i], windows + at, bytes);
            at += bytes;
        }
        size_t n = (size_t)sizes[1] * (size_t)weights->heads.out, m = (size_t)sizes[1] * (size_t)sizes[1];
        float *heads = malloc(sizeof(float) * n), *arcs = malloc(sizeof(float) * m);
        Window window = {sizes[0], sizes[1], rows[0], rows[1], rows[2], rows[3]};
        level->run(weights, &window, room, heads, arcs);
        add(heads, sizeof(float) * n);
        add(arcs, sizeof(float) * m);
        free(heads);
        free(arcs);
        for (int i = 0; i < 4; i++) free(rows[i]);
    }
    free(room);
}

int main(int n, char **arguments) {
    if (n < 4) return 2;
    size_t weights_length, windows_length;
    char *blob = read_file(arguments[1], &weights_length), *windows = read_file(arguments[3], &windows_length);
    Weights weights;
    if (!read_weights(blob, weights_length, atoi(arguments[2]), &weights)) return 3;
    for (const Level *level = LEVELS; level->name; level++) {
        if (!level->is_supported() || (n > 4 && strcmp(level->name, arguments[4]))) continue;
        hash = 14695981039346656037u;
        run_all(level, &weights, windows, windows_length);
        printf("%s %016llx\n", level->name, (unsigned long long)hash);
    }
    free(blob);
    free(windows);
    return 0;
}
