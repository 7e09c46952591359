/* Vectors of LANES 32-bit numbers.

   pairs(s, a, b): to each lane of s add the two products of its 16-bit halves of a and b;
   fours(s, a, b): to each lane of s add the four products of its bytes, those of a below 128, of b signed. No sum of two such products
   leaves 16 bits: 2 * 127 * 128 < 32768. Both are exact. ROWS and QUERIES are how many rows are computed together, PANELS how many panels. */

#define UNROLL _Pragma("GCC unroll 32")
#define INLINE static inline __attribute__((always_inline))

#if defined(LEVEL_AVX512)
#include <immintrin.h>
#define LANES 16
#define ROWS 12
#define PANELS 2
#define QUERIES 8
typedef __m512i Lanes;
INLINE Lanes none(void) { return _mm512_setzero_si512(); }
INLINE Lanes load(const void *p) { return _mm512_loadu_si512(p); }
INLINE void store(int32_t *p, Lanes a) { _mm512_storeu_si512((void *)p, a); }
INLINE Lanes all(int32_t x) { return _mm512_set1_epi32(x); }
#ifdef LEVEL_VNNI
INLINE Lanes pairs(Lanes s, Lanes a, Lanes b) { return _mm512_dpwssd_epi32(s, a, b); }
INLINE Lanes fours(Lanes s, Lanes a, Lanes b) { return _mm512_dpbusd_epi32(s, a, b); }
#else
INLINE Lanes pairs(Lanes s, Lanes a, Lanes b) { return _mm512_add_epi32(s, _mm512_madd_epi16(a, b)); }
INLINE Lanes fours(Lanes s, Lanes a, Lanes b) {
    return _mm512_add_epi32(s, _mm512_madd_epi16(_mm512_maddubs_epi16(a, b), _mm512_set1_epi16(1)));
}
#endif

#elif defined(LEVEL_AVX2)
#include <immintrin.h>
#define LANES 8
#define PANELS 1
typedef __m256i Lanes;
INLINE Lanes none(void) { return _mm256_setzero_si256(); }
INLINE Lanes load(const void *p) { return _mm256_loadu_si256((const __m256i *)p); }
INLINE void store(int32_t *p, Lanes a) { _mm256_storeu_si256((__m256i *)p, a); }
INLINE Lanes all(int32_t x) { return _mm256_set1_epi32(x); }
#ifdef LEVEL_VNNI
#define ROWS 6
#define QUERIES 3
INLINE Lanes pairs(Lanes s, Lanes a, Lanes b) { return _mm256_dpwssd_avx_epi32(s, a, b); }
INLINE Lanes fours(Lanes s, Lanes a, Lanes b) { return _mm256_dpbusd_avx_epi32(s, a, b); }
#else
#define ROWS 5
#define QUERIES 3
INLINE Lanes pairs(Lanes s, Lanes a, Lanes b) { return _mm256_add_epi32(s, _mm256_madd_epi16(a, b)); }
INLINE Lanes fours(Lanes s, Lanes a, Lanes b) {
    return _mm256_add_epi32(s, _mm256_madd_epi16(_mm256_maddubs_epi16(a, b), _mm256_set1_epi16(1)));
}
#endif

#elif defined(LEVEL_SSE)
#include <emmintrin.h>
#ifdef LEVEL_SSE4
#include <tmmintrin.h>
#endif
#define LANES 4
#define ROWS 3
#define PANELS 1
#define QUERIES 1
typedef __m128i Lanes;
INLINE Lanes none(void) { return _mm_setzero_si128(); }
INLINE Lanes load(const void *p) { return _mm_loadu_si128((const __m128i *)p); }
INLINE void store(int32_t *p, Lanes a) { _mm_storeu_si128((__m128i *)p, a); }
INLINE Lanes all(int32_t x) { return _mm_set1_epi32(x); }
INLINE Lanes pairs(Lanes s, Lanes a, Lanes b) { return _mm_add_epi32(s, _mm_madd_epi16(a, b)); }
#ifdef LEVEL_SSE4
INLINE Lanes fours(Lanes s, Lanes a, Lanes b) { return _mm_add_epi32(s, _mm_madd_epi16(_mm_maddubs_epi16(a, b), _mm_set1_epi16(1))); }
#else
INLINE Lanes fours(Lanes s, Lanes a, Lanes b) { /* even and odd bytes apart */
    Lanes even = _mm_madd_epi16(_mm_and_si128(a, _mm_set1_epi16(255)), _mm_srai_epi16(_mm_slli_epi16(b, 8), 8));
    return _mm_add_epi32(s, _mm_add_epi32(even, _mm_madd_epi16(_mm_srli_epi16(a, 8), _mm_srai_epi16(b, 8))));
}
#endif

#elif defined(LEVEL_NEON)
#include <arm_neon.h>
#define LANES 4
#define ROWS 4
#define PANELS 1
#define QUERIES 2
typedef int32x4_t Lanes;
INLINE Lanes none(void) { return vdupq_n_s32(0); }
INLINE Lanes load(const void *p) { return vreinterpretq_s32_s8(vld1q_s8((const int8_t *)p)); }
INLINE void store(int32_t *p, Lanes a) { vst1q_s32(p, a); }
INLINE Lanes all(int32_t x) { return vdupq_n_s32(x); }
INLINE Lanes pairs(Lanes s, Lanes a, Lanes b) {
    int16x8_t x = vreinterpretq_s16_s32(a), y = vreinterpretq_s16_s32(b);
    return vaddq_s32(s, vpaddq_s32(vmull_s16(vget_low_s16(x), vget_low_s16(y)), vmull_high_s16(x, y)));
}
#ifdef LEVEL_DOTPROD
INLINE Lanes fours(Lanes s, Lanes a, Lanes b) { return vdotq_s32(s, vreinterpretq_s8_s32(a), vreinterpretq_s8_s32(b)); }
#else
INLINE Lanes fours(Lanes s, Lanes a, Lanes b) {
    int8x16_t x = vreinterpretq_s8_s32(a), y = vreinterpretq_s8_s32(b);
    int16x8_t low = vmull_s8(vget_low_s8(x), vget_low_s8(y)), high = vmull_high_s8(x, y);
    return vaddq_s32(s, vpaddq_s32(vpaddlq_s16(low), vpaddlq_s16(high)));
}
#endif

#else /* plain C */
#define LANES 4
#define ROWS 2
#define PANELS 1
#define QUERIES 1
typedef struct {
    int32_t lane[LANES];
} Lanes;
INLINE Lanes all(int32_t x) { return (Lanes){{x, x, x, x}}; }
INLINE Lanes none(void) { return all(0); }
INLINE Lanes load(const void *p) {
    Lanes a;
    memcpy(&a, p, sizeof a);
    return a;
}
INLINE void store(int32_t *p, Lanes a) { memcpy(p, &a, sizeof a); }
INLINE Lanes pairs(Lanes s, Lanes a, Lanes b) {
    int16_t x[2 * LANES], y[2 * LANES];
    memcpy(x, &a, sizeof a);
    memcpy(y, &b, sizeof b);
    for (int i = 0; i < LANES; i++) s.lane[i] += x[2 * i] * y[2 * i] + x[2 * i + 1] * y[2 * i + 1];
    return s;
}
INLINE Lanes fours(Lanes s, Lanes a, Lanes b) {
    uint8_t x[4 * LANES];
    int8_t y[4 * LANES];
    memcpy(x, &a, sizeof a);
    memcpy(y, &b, sizeof b);
    for (int i = 0; i < LANES; i++)
        for (int k = 0; k < 4; k++) s.lane[i] += x[4 * i + k] * y[4 * i + k];
    return s;
}
#endif

#define SPAN (PANEL / LANES) /* vectors of a panel's 16 columns */
