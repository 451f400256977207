#ifndef SCANREPORT_CCONVOLUTION_VECTOR_H
#define SCANREPORT_CCONVOLUTION_VECTOR_H

#include "CConvolution.h"

/// Sixteen channels.
typedef float vector __attribute__((ext_vector_type(16)));
typedef float unaligned_vector __attribute__((ext_vector_type(16), aligned(4)));

#if defined(__x86_64__)
#define CONVOLUTION_AVX512 __attribute__((target("avx512f,fma")))
#else
#define CONVOLUTION_AVX512
#endif
#define CONVOLUTION_INLINE CONVOLUTION_AVX512 static inline __attribute__((always_inline))

CONVOLUTION_INLINE vector load(const float *address) {
    return *(const unaligned_vector *)address;
}

CONVOLUTION_INLINE void store(float *address, vector elements) {
    *(unaligned_vector *)address = elements;
}

typedef unsigned bits __attribute__((ext_vector_type(16)));
typedef unsigned short halves __attribute__((ext_vector_type(16)));
typedef unsigned short unaligned_halves __attribute__((ext_vector_type(16), aligned(2)));

/// Sixteen elements of an image, from the element `index` on.
CONVOLUTION_INLINE vector load_elements(const void *image, long index, bool is_bfloat16) {
    if (!is_bfloat16) return load((const float *)image + index);
    const halves upper = *(const unaligned_halves *)((const unsigned short *)image + index);
    union {
        bits integers;
        vector elements;
    } result = {__builtin_convertvector(upper, bits) << 16};
    return result.elements;
}

CONVOLUTION_INLINE void store_elements(void *image, long index, bool is_bfloat16, vector elements) {
    if (!is_bfloat16) return store((float *)image + index, elements);
    union {
        vector elements;
        bits integers;
    } value = {elements};
    const bits rounded = (value.integers + 0x7fff + ((value.integers >> 16) & 1)) >> 16;
    // The rounding could carry what is not a number over to infinity or zero.
    const bits result = elements != elements ? (value.integers >> 16) | 0x40 : rounded;
    *(unaligned_halves *)((unsigned short *)image + index) = __builtin_convertvector(result, halves);
}

/// The product of a constant matrix and vectors, once the compiler has unrolled it and dropped the zeros.
CONVOLUTION_INLINE void combine(
    int rows, int columns, const float *matrix, const vector *from, long from_stride, vector *to, long to_stride) {
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) {
        vector sum = 0;
        bool isFirst = true;
#pragma clang loop unroll(full)
        for (int column = 0; column < columns; column++) {
            float factor = matrix[row * columns + column];
            if (factor == 0) continue;
            vector term = from[column * from_stride];
            sum = isFirst ? factor * term : sum + factor * term;
            isFirst = false;
        }
        to[row * to_stride] = sum;
    }
}

/// Puts the function of an ending in the place of `pixels` neighbouring pixels of one or two blocks of channels, `stride`
/// elements apart.
void convolution_activate(
    struct convolution_ending ending, void *elements, long stride, long channels, bool is_bfloat16, long pixels);

/// The activation that follows. What is not a number stays that.
CONVOLUTION_INLINE vector activate(vector value, struct convolution_ending ending) {
    value = value < 0 ? (ending.slope == 0 ? (vector)0 : ending.slope * value) : value;
    return value > ending.upper ? (vector)ending.upper : value;
}

#endif
