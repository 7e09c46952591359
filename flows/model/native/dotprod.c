/* arm64 with dot products of bytes: Graviton 2, Cortex-A76, Apple M1 and later. */

#include "kernel.h"

#ifdef __aarch64__
#include <arm_neon.h>
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#else
#pragma GCC target("arch=armv8.2-a+dotprod")
#endif
#define LEVEL_NEON
#define LEVEL_DOTPROD
#define RUN run_dotprod
#include "network.h"
#ifdef __clang__
#pragma clang attribute pop
#endif
#endif
