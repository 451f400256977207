#include "vector.h"

#if defined(__x86_64__)
#include <immintrin.h>

/// 64 levels at a time, of which the upper bit chooses the half of the table.
__attribute__((target("avx512f,avx512bw,avx512vbmi"))) static void translate_together(
    const unsigned char *part, long channels, unsigned char *whole, long stride, long pixels,
    const unsigned char *table) {
    const __m512i *quarters = (const __m512i *)table;
    const __m512i first = _mm512_loadu_si512(quarters), second = _mm512_loadu_si512(quarters + 1);
    const __m512i third = _mm512_loadu_si512(quarters + 2), fourth = _mm512_loadu_si512(quarters + 3);
    for (long pixel = 0; pixel < pixels; pixel++, part += channels, whole += stride) {
        for (long channel = 0; channel < channels; channel += 64) {
            const long rest = channels - channel;
            const __mmask64 lanes = rest < 64 ? ((__mmask64)1 << rest) - 1 : ~(__mmask64)0;
            const __m512i levels = _mm512_maskz_loadu_epi8(lanes, part + channel);
            const __m512i lower = _mm512_permutex2var_epi8(first, levels, second);
            const __m512i upper = _mm512_permutex2var_epi8(third, levels, fourth);
            _mm512_mask_storeu_epi8(
                whole + channel, lanes, _mm512_mask_blend_epi8(_mm512_movepi8_mask(levels), lower, upper));
        }
    }
}
#endif

void convolution_join_levels(
    const unsigned char *part, long channels, unsigned char *whole, long stride, long pixels,
    const unsigned char *table) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512vbmi")) {
        translate_together(part, channels, whole, stride, pixels, table);
        return;
    }
#endif
    for (long pixel = 0; pixel < pixels; pixel++, part += channels, whole += stride)
        for (long channel = 0; channel < channels; channel++) whole[channel] = table[part[channel]];
}
