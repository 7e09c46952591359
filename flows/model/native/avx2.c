/* AVX2: Intel since Haswell (2013), AMD since Zen (2017). */

#include "kernel.h"

#ifdef X86
#include <immintrin.h>
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC target("avx2")
#endif
#define LEVEL_AVX2
#define RUN run_avx2
#include "network.h"
#ifdef __clang__
#pragma clang attribute pop
#endif
#endif
