/* SSE4.2: Intel since Nehalem (2008), AMD since Bulldozer (2011). */

#include "kernel.h"

#ifdef X86
#include <immintrin.h>
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("sse4.2"))), apply_to = function)
#else
#pragma GCC target("sse4.2")
#endif
#define LEVEL_SSE
#define LEVEL_SSE4
#define RUN run_sse4
#include "network.h"
#ifdef __clang__
#pragma clang attribute pop
#endif
#endif
