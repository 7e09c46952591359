/* Which kernels there are, and which of them this processor can run. */

#include "kernel.h"

#ifdef X86
#include <cpuid.h>
#endif
#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

static int always(void) { return 1; }

#ifdef X86
static int has_sse4(void) { return __builtin_cpu_supports("sse4.2"); }
static int has_avx2(void) { return __builtin_cpu_supports("avx2"); }
#ifdef HAS_AVXVNNI
static int has_avxvnni(void) {
    unsigned a = 0, b, c, d;
    return has_avx2() && __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a >> 4 & 1);
}
#endif
static int has_avx512(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq");
}
static int has_avx512vnni(void) { return has_avx512() && __builtin_cpu_supports("avx512vnni"); }
#endif
#ifdef __aarch64__
static int has_dotprod(void) {
#if defined(__ARM_FEATURE_DOTPROD)
    return 1;
#elif defined(__linux__)
    return getauxval(AT_HWCAP) >> 20 & 1;
#else
    return 0;
#endif
}
#endif

const Level LEVELS[] = {
#ifdef X86
    {"avx512vnni", run_avx512vnni, has_avx512vnni},
#ifdef HAS_AVXVNNI
    {"avxvnni", run_avxvnni, has_avxvnni},
#endif
    {"avx512", run_avx512, has_avx512},
    {"avx2", run_avx2, has_avx2},
    {"sse4", run_sse4, has_sse4},
    {"sse2", run_sse2, always},
#endif
#ifdef __aarch64__
    {"dotprod", run_dotprod, has_dotprod},
    {"neon", run_neon, always},
#endif
    {"plain", run_plain, always},
    {NULL, NULL, NULL},
};

const Level *find_level(const char *name) {
    for (const Level *level = LEVELS; level->name; level++)
        if (!strcmp(level->name, name) && level->is_supported()) return level;
    return NULL;
}
