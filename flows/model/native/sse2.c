/* SSE2: every x86-64. */

#include "kernel.h"

#ifdef X86
#define LEVEL_SSE
#define RUN run_sse2
#include "network.h"
#endif
