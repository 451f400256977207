#include "vector.h"

// How vectors are handed over does not matter: all that takes them is inlined.
#pragma clang diagnostic ignored "-Wpsabi"

#define LANES 16
#define TARGET CONVOLUTION_AVX512
#define NAMED(name) name##_16
#include "normalisation-lanes.h"
#undef LANES
#undef TARGET
#undef NAMED

#define LANES 8
#define TARGET
#define NAMED(name) name##_8
#include "normalisation-lanes.h"

#define FOR_LANES(name, ...) of.lanes == 16 ? name##_16(of, __VA_ARGS__) : name##_8(of, __VA_ARGS__)

void channel_moments(struct channel_blocks of, const float *data, float *means, float *squares) {
    FOR_LANES(moments, data, means, squares);
}

void channel_totals(struct channel_blocks of, const float *data, float *sums) {
    FOR_LANES(totals, data, sums);
}

void channel_normalise(struct channel_blocks of, struct channel_normalisation by, const float *data, float *result) {
    FOR_LANES(normalise_any, by, data, result);
}

void channel_gradient_sums(
    struct channel_blocks of, struct channel_normalisation by, const float *gradient, const float *data,
    const float *inverses, float *shifts, float *scales) {
    FOR_LANES(sums_any, by, gradient, data, inverses, shifts, scales);
}

void channel_gradient(
    struct channel_blocks of, struct channel_normalisation by, const float *gradient, const float *data,
    const float *shifts, const float *slopes, float *result) {
    FOR_LANES(spread_any, by, gradient, data, shifts, slopes, result);
}
