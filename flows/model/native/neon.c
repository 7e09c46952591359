/* NEON: every arm64. */

#include "kernel.h"

#ifdef __aarch64__
#define LEVEL_NEON
#define RUN run_neon
#include "network.h"
#endif
