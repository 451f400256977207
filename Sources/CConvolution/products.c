#include "vector.h"

/// Bytes of a line of the cache.
#define LINE 64

/// The sums of `rows` pixels or tiles for `width` vectors of output channels, in registers, once the compiler has
/// unrolled it for these constants and the weights' type. Meanwhile it fetches a line of `ahead` for each input channel.
CONVOLUTION_INLINE void accumulate(
    int rows, int width, bool is_bfloat16, const float *source, const long *taps, long tap_count, long block_stride,
    long blocks, const void *weights, const char *ahead, vector *sums) {
    long weight = 0;
#pragma clang loop unroll(full)
    for (int index = 0; index < rows * width; index++) sums[index] = 0;
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

/// The part of the next weights to fetch with the group `group` of rows: the first two groups fetch them all. Left to
/// itself, the processor waits for weights, as it does not look beyond a page. Behind the last, nothing comes of it.
CONVOLUTION_INLINE const char *part_of_next(const void *next, long group, long channels, const float *nothing) {
    return group < 2 ? (const char *)next + group * channels * LINE : (const char *)nothing;
}

CONVOLUTION_INLINE void multiply_tiles(
    int rows, int width, bool is_bfloat16, const float *tiles, long block_stride, long blocks, const void *weights,
    const char *ahead, float *result) {
    const long one_tap[1] = {0};
    vector sums[rows * width];
    accumulate(rows, width, is_bfloat16, tiles, one_tap, 1, block_stride, blocks, weights, ahead, sums);
#pragma clang loop unroll(full)
    for (int index = 0; index < rows * width; index++) store(result + index * CONVOLUTION_LANES, sums[index]);
}

CONVOLUTION_AVX512 void winograd_multiply(
    enum winograd_tile tile, const float *transformed, long matrix_stride, long blocks, long count,
    const void *weights, bool are_bfloat16, long lanes, float *result, long result_stride) {
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

CONVOLUTION_INLINE void multiply_pixels(
    int rows, int width, const float *source, const long *taps, long tap_count, long block_stride, long blocks,
    const float *weights, const char *ahead, struct convolution_ending ending, float *destination,
    long destination_stride) {
    vector sums[rows * width];
    accumulate(rows, width, false, source, taps, tap_count, block_stride, blocks, weights, ahead, sums);
#pragma clang loop unroll(full)
    for (int column = 0; column < width; column++) {
        const vector bias = load(ending.bias + column * CONVOLUTION_LANES);
#pragma clang loop unroll(full)
        for (int row = 0; row < rows; row++) {
            const long offset = column * destination_stride + row * CONVOLUTION_LANES;
            vector value = sums[row * width + column] + bias;
            if (ending.addend) value += load((const float *)ending.addend + offset);
            store(destination + offset, activate(value, ending));
        }
    }
}

CONVOLUTION_AVX512 void convolution_multiply(
    const float *source, const long *taps, long tap_count, long block_stride, long blocks, long pixels,
    const float *weights, long lanes, struct convolution_ending ending, float *destination, long destination_stride) {
    const long groups = (pixels + CONVOLUTION_ROWS - 1) / CONVOLUTION_ROWS;
    const long channels = tap_count * blocks * CONVOLUTION_LANES;
    const float *addend = ending.addend;
    for (long group = 0; group < groups; group++) {
        const long first = pixels * group / groups, rows = pixels * (group + 1) / groups - first;
        const float *left = source + first * CONVOLUTION_LANES;
        const char *ahead = part_of_next(weights + channels * lanes, group, channels, left);
        float *to = destination + first * CONVOLUTION_LANES;
        if (addend) ending.addend = addend + first * CONVOLUTION_LANES;
        WITH_ROWS(
            multiply_pixels, rows, left, taps, tap_count, block_stride, blocks, weights, ahead, ending, to,
            destination_stride)
    }
}
