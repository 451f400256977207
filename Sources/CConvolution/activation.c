#include "vector.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/// x * 2 to the power of a whole number.
CONVOLUTION_INLINE vector scaled(vector x, vector power) {
#if defined(__x86_64__)
    return (vector)_mm512_scalef_ps((__m512)x, (__m512)power);
#else
    union {
        bits integers;
        vector elements;
    } factor = {__builtin_convertvector(power + 127, bits) << 23};
    return x * factor.elements;
#endif
}

/// 1 / x to one unit in the last place or two, by Newton's method; a division takes several times as long.
CONVOLUTION_INLINE vector reciprocal(vector x) {
#if defined(__x86_64__)
    const vector near = (vector)_mm512_rcp14_ps((__m512)x);
    return near * (2 - x * near);
#else
    return 1 / x;
#endif
}

/// e to the power of x: 2 to the power of a whole number, times a polynomial for what is left, to 3e-7 of the result. Beyond
/// 80, as at 80: nothing that follows is too small for the processor to be fast. What is not a number stays that.
CONVOLUTION_INLINE vector exponential(vector x) {
    x = x < -80 ? (vector)-80 : x;
    x = x > 80 ? (vector)80 : x;
    const vector whole = __builtin_elementwise_roundeven(x * 1.44269504f);
    const vector rest = (x - whole * 0.693359375f) + whole * 2.12194440e-4f;
    vector sum = 0.00828929059f * rest + 0.0418978221f;
    sum = sum * rest + 0.166676521f;
    sum = sum * rest + 0.499991506f;
    sum = sum * rest + 0.999999701f;
    return scaled(sum * rest + 1, whole);
}

/// Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 1964, 7.1.26; to 1.5e-7.
CONVOLUTION_INLINE vector gelu(vector x) {
    vector argument = __builtin_elementwise_abs(x) * 0.70710678f;
    argument = argument > 20 ? (vector)20 : argument;
    const vector t = reciprocal(1 + 0.3275911f * argument);
    vector sum = 1.061405429f * t - 1.453152027f;
    sum = sum * t + 1.421413741f;
    sum = sum * t - 0.284496736f;
    sum = sum * t + 0.254829592f;
    const vector tail = 0.5f * sum * t * exponential(-argument * argument);
    return x * (x < 0 ? tail : 1 - tail);
}

CONVOLUTION_INLINE vector hard_swish(vector x) {
    vector gate = x * (1.0f / 6) + 0.5f;
    gate = gate < 0 ? (vector)0 : gate;
    return x * (gate > 1 ? (vector)1 : gate);
}

#define FOR_EACH(expression)                                                                                           \
    for (long channel = 0; channel < channels; channel += CONVOLUTION_LANES) {                                         \
        for (long pixel = 0; pixel < pixels; pixel++) {                                                                \
            const long index = channel / CONVOLUTION_LANES * stride + pixel * CONVOLUTION_LANES;                       \
            const vector x = load_elements(elements, index, is_bfloat16);                                              \
            store_elements(elements, index, is_bfloat16, expression);                                                  \
        }                                                                                                              \
    }

CONVOLUTION_AVX512 void convolution_activate(
    struct convolution_ending ending, void *elements, long stride, long channels, bool is_bfloat16, long pixels) {
    switch (ending.function) {
    case convolution_function_none: break;
    case convolution_function_swish: FOR_EACH(x * reciprocal(1 + exponential(-ending.factor * x))) break;
    case convolution_function_hard_swish: FOR_EACH(hard_swish(x)) break;
    case convolution_function_gelu: FOR_EACH(gelu(x)) break;
    }
}
