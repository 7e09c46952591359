/* AVX-VNNI: Intel's processors without AVX-512 since Alder Lake (2021). */

#include "kernel.h"

#ifdef HAS_AVXVNNI
#include <immintrin.h>
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,avxvnni"))), apply_to = function)
#else
#pragma GCC target("avx2,avxvnni")
#endif
#define LEVEL_AVX2
#define LEVEL_VNNI
#define RUN run_avxvnni
#include "network.h"
#ifdef __clang__
#pragma clang attribute pop
#endif
#endif
