/* AVX-512 with VNNI: Intel's servers since Cascade Lake (2019), AMD since Zen 4 (2022). */

#include "kernel.h"

#ifdef X86
#include <immintrin.h>
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni"))), apply_to = function)
#else
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,prefer-vector-width=512")
#endif
#define LEVEL_AVX512
#define LEVEL_VNNI
#define RUN run_avx512vnni
#include "network.h"
#ifdef __clang__
#pragma clang attribute pop
#endif
#endif
