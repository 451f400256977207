#include "vector.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/// The lanes from `first` to before `end`.
CONVOLUTION_INLINE void store_lanes(float *address, vector elements, int first, int end) {
#if defined(__x86_64__)
    _mm512_mask_storeu_ps(address, (__mmask16)((1u << end) - (1u << first)), (__m512)elements);
#else
    for (int lane = first; lane < end; lane++) address[lane] = elements[lane];
#endif
}

CONVOLUTION_AVX512 void convolution_join(
    const float *part, long part_blocks, long part_stride, float *whole, long blocks, long whole_stride, long first,
    long pixels) {
    for (long block = 0; block < part_blocks; block++, first += CONVOLUTION_LANES) {
        const int shift = first % CONVOLUTION_LANES;
        const float *from = part + block * part_stride;
        float *to = whole + first / CONVOLUTION_LANES * whole_stride + shift;
        float *next = to + whole_stride - CONVOLUTION_LANES;
        const bool has_next = first / CONVOLUTION_LANES + 1 < blocks;
        for (long pixel = 0; pixel < pixels * CONVOLUTION_LANES; pixel += CONVOLUTION_LANES) {
            const vector elements = load(from + pixel);
            if (shift == 0) {
                store(to + pixel, elements);
                continue;
            }
            store_lanes(to + pixel, elements, 0, CONVOLUTION_LANES - shift);
            if (has_next) store_lanes(next + pixel, elements, CONVOLUTION_LANES - shift, CONVOLUTION_LANES);
        }
    }
}
