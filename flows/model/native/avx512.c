/* AVX-512 without VNNI: Intel's Skylake servers (2017). */

#include "kernel.h"

#ifdef X86
#include <immintrin.h>
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq"))), apply_to = function)
#else
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,prefer-vector-width=512")
#endif
#define LEVEL_AVX512
#define RUN run_avx512
#include "network.h"
#ifdef __clang__
#pragma clang attribute pop
#endif
#endif
