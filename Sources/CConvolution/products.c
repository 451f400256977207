#include "vector.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define CONVOLUTION_BFLOAT16 __attribute__((target("avx512f,avx512bf16,fma")))
#endif

/// Bytes of a line of the cache.
#define LINE 64

#define FOR_EACH_SUM _Pragma("clang loop unroll(full)") for (int index = 0; index < rows * width; index++)

/// The part of the next weights to fetch with the group `group` of rows, a line at each of its steps: the first two
/// groups fetch them all. Left to itself, the processor waits for weights, as it does not look beyond a page. Behind the
/// last, nothing comes of it.
CONVOLUTION_INLINE const char *part_of_next(const void *next, long group, long steps, const void *nothing) {
    return group < 2 ? (const char *)next + group * steps * LINE : (const char *)nothing;
}

/// Adds to the sums of `rows` pixels or tiles for `width` vectors of output channels, in registers, once the compiler has
/// unrolled it for these constants and the weights' type. Meanwhile it fetches a line of `ahead` for each input channel.
CONVOLUTION_INLINE void accumulate(
    int rows, int width, bool is_bfloat16, const float *source, const long *taps, long tap_count, long block_stride,
    long blocks, const void *weights, const char *ahead, vector *sums) {
    long weight = 0;
    for (long tap = 0; tap < tap_count; tap++) {
        const float *left = source + taps[tap];
        for (long block = 0; block < blocks; block++, left += block_stride) {
#pragma clang loop unroll_count(2)
            for (int channel = 0; channel < CONVOLUTION_LANES; channel++) {
                __builtin_prefetch(ahead);
#pragma clang loop unroll(full)
                for (int column = 0; column < width; column++) {
                    const vector right = load_elements(weights, weight, is_bfloat16);
                    weight += CONVOLUTION_LANES;
#pragma clang loop unroll(full)
                    for (int row = 0; row < rows; row++)
                        sums[row * width + column] += left[row * CONVOLUTION_LANES + channel] * right;
                }
                ahead += LINE;
            }
        }
    }
}

/// Calls `body` with the number of rows, and of vectors of channels, as constants.
#define WITH_WIDTH(body, rows, ...) lanes == CONVOLUTION_LANES ? body(rows, 1, __VA_ARGS__) : body(rows, 2, __VA_ARGS__)
#define WITH_ROWS(body, rows, ...)                                                                                     \
    switch (rows) {                                                                                                    \
    case 1: WITH_WIDTH(body, 1, __VA_ARGS__); break;                                                                   \
    case 2: WITH_WIDTH(body, 2, __VA_ARGS__); break;                                                                   \
    case 3: WITH_WIDTH(body, 3, __VA_ARGS__); break;                                                                   \
    case 4: WITH_WIDTH(body, 4, __VA_ARGS__); break;                                                                   \
    case 5: WITH_WIDTH(body, 5, __VA_ARGS__); break;                                                                   \
    case 6: WITH_WIDTH(body, 6, __VA_ARGS__); break;                                                                   \
    case 7: WITH_WIDTH(body, 7, __VA_ARGS__); break;                                                                   \
    case 8: WITH_WIDTH(body, 8, __VA_ARGS__); break;                                                                   \
    case 9: WITH_WIDTH(body, 9, __VA_ARGS__); break;                                                                   \
    case 10: WITH_WIDTH(body, 10, __VA_ARGS__); break;                                                                 \
    }

// Winograd's products

CONVOLUTION_INLINE void multiply_tiles(
    int rows, int width, bool is_bfloat16, const float *tiles, long block_stride, long blocks, const void *weights,
    const char *ahead, float *result) {
    const long one_tap[1] = {0};
    vector sums[rows * width];
    FOR_EACH_SUM sums[index] = 0;
    accumulate(rows, width, is_bfloat16, tiles, one_tap, 1, block_stride, blocks, weights, ahead, sums);
    FOR_EACH_SUM store(result + index * CONVOLUTION_LANES, sums[index]);
}

CONVOLUTION_AVX512 void winograd_multiply(
    enum winograd_tile tile, const float *transformed, long matrix_stride, long blocks, long count, const void *weights,
    bool are_bfloat16, long lanes, float *result, long result_stride) {
    const long points = tile == winograd_tile_2of4 ? 16 : tile == winograd_tile_4of6 ? 36 : 64;
    const long groups = (count + CONVOLUTION_ROWS - 1) / CONVOLUTION_ROWS;
    const long channels = blocks * CONVOLUTION_LANES;
    const long bytes = channels * lanes * (are_bfloat16 ? sizeof(short) : sizeof(float));
    for (long point = 0; point < points; point++) {
        const char *right = (const char *)weights + point * bytes;
        for (long group = 0; group < groups; group++) {
            // As equal as can be: few rows leave the multipliers waiting.
            const long first = count * group / groups, rows = count * (group + 1) / groups - first;
            const float *tiles = transformed + point * matrix_stride + first * CONVOLUTION_LANES;
            const char *ahead = part_of_next(right + bytes, group, channels, tiles);
            float *to = result + point * result_stride + first * lanes;
            if (are_bfloat16) {
                WITH_ROWS(multiply_tiles, rows, true, tiles, count * CONVOLUTION_LANES, blocks, right, ahead, to)
            } else {
                WITH_ROWS(multiply_tiles, rows, false, tiles, count * CONVOLUTION_LANES, blocks, right, ahead, to)
            }
        }
    }
}

// Direct products

/// What the products of some pixels read and write, all of one type of elements; strides and taps count elements.
struct products {
    const void *source;
    const long *taps;
    long tap_count, block_stride, blocks;
    const void *weights;
    const char *ahead;
    struct convolution_ending ending;
    void *destination;
    long destination_stride;
};

/// Where the sum of an index belongs in the destination.
#define OFFSET(index) ((index) % width * products.destination_stride + (index) / width * CONVOLUTION_LANES)

/// Adds bias and addend.
CONVOLUTION_INLINE void offset(int rows, int width, bool is_bfloat16, struct products products, vector *sums) {
    FOR_EACH_SUM sums[index] += load(products.ending.bias + index % width * CONVOLUTION_LANES);
    const void *addend = products.ending.addend;
    if (addend) FOR_EACH_SUM sums[index] += load_elements(addend, OFFSET(index), is_bfloat16);
}

/// Applies the activation. What is to be done is asked once for all sums; what is not a number stays that.
CONVOLUTION_INLINE void finish(int rows, int width, struct convolution_ending ending, vector *sums) {
    if (ending.slope == 0) {
        FOR_EACH_SUM sums[index] = 0 > sums[index] ? (vector)0 : sums[index];
    } else if (ending.slope != 1) {
        FOR_EACH_SUM sums[index] = 0 > sums[index] ? ending.slope * sums[index] : sums[index];
    }
    if (ending.upper < __builtin_inff())
        FOR_EACH_SUM sums[index] = ending.upper < sums[index] ? (vector)ending.upper : sums[index];
}

CONVOLUTION_INLINE void multiply_pixels(int rows, int width, struct products products) {
    vector sums[rows * width];
    FOR_EACH_SUM sums[index] = 0;
    accumulate(
        rows, width, false, products.source, products.taps, products.tap_count, products.block_stride, products.blocks,
        products.weights, products.ahead, sums);
    offset(rows, width, false, products, sums);
    finish(rows, width, products.ending, sums);
    FOR_EACH_SUM store((float *)products.destination + OFFSET(index), sums[index]);
}

CONVOLUTION_AVX512 static void multiply_float32(long rows, long lanes, struct products products) {
    WITH_ROWS(multiply_pixels, rows, products)
}

#if defined(__x86_64__)
/// The same for bfloat16: two channels at a time, whose products are added in float32.
CONVOLUTION_BFLOAT16 static inline __attribute__((always_inline)) void multiply_pixel_pairs(
    int rows, int width, struct products products) {
    vector sums[rows * width];
    const short *weights = products.weights;
    const char *ahead = products.ahead;
    FOR_EACH_SUM sums[index] = 0;
    offset(rows, width, true, products, sums);
    for (long tap = 0; tap < products.tap_count; tap++) {
        const short *left = (const short *)products.source + products.taps[tap];
        for (long block = 0; block < products.blocks; block++, left += products.block_stride) {
#pragma clang loop unroll_count(2)
            for (int channel = 0; channel < CONVOLUTION_LANES; channel += 2) {
                __builtin_prefetch(ahead);
#pragma clang loop unroll(full)
                for (int column = 0; column < width; column++) {
                    const __m512bh right = (__m512bh)_mm512_loadu_si512(weights);
                    weights += 2 * CONVOLUTION_LANES;
#pragma clang loop unroll(full)
                    for (int row = 0; row < rows; row++) {
                        int pair;
                        __builtin_memcpy(&pair, left + row * CONVOLUTION_LANES + channel, sizeof pair);
                        vector *sum = &sums[row * width + column];
                        *sum = _mm512_dpbf16_ps(*sum, (__m512bh)_mm512_set1_epi32(pair), right);
                    }
                }
                ahead += LINE;
            }
        }
    }
    finish(rows, width, products.ending, sums);
    FOR_EACH_SUM {
        const __m256i rounded = (__m256i)_mm512_cvtneps_pbh(sums[index]);
        _mm256_storeu_si256((__m256i *)((short *)products.destination + OFFSET(index)), rounded);
    }
}

CONVOLUTION_BFLOAT16 static void multiply_bfloat16(long rows, long lanes, struct products products) {
    WITH_ROWS(multiply_pixel_pairs, rows, products)
}
#else
static void multiply_bfloat16(long rows, long lanes, struct products products) {
    __builtin_trap();
}
#endif

CONVOLUTION_AVX512 void convolution_multiply(
    const void *source, const long *taps, long tap_count, long block_stride, long blocks, long pixels,
    const void *weights, bool is_bfloat16, long lanes, struct convolution_ending ending, void *destination,
    long destination_stride) {
    const long size = is_bfloat16 ? sizeof(short) : sizeof(float);
    const long groups = (pixels + CONVOLUTION_ROWS - 1) / CONVOLUTION_ROWS;
    const long channels = tap_count * blocks * CONVOLUTION_LANES, steps = is_bfloat16 ? channels / 2 : channels;
    const char *next = (const char *)weights + channels * lanes * size;
    for (long group = 0; group < groups; group++) {
        const long first = pixels * group / groups, rows = pixels * (group + 1) / groups - first;
        const long offset = first * CONVOLUTION_LANES * size;
        const char *left = (const char *)source + offset;
        struct products products = {
            left,
            taps,
            tap_count,
            block_stride,
            blocks,
            weights,
            part_of_next(next, group, steps, left),
            ending,
            (char *)destination + offset,
            destination_stride};
        if (ending.addend) products.ending.addend = (const char *)ending.addend + offset;
        is_bfloat16 ? multiply_bfloat16(rows, lanes, products) : multiply_float32(rows, lanes, products);
    }
}
