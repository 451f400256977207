#include "vector.h"

/// `rows` tiles times `width` vectors of output channels, in registers; both are constants to the compiler.
/// Meanwhile it fetches a line of `ahead` for each input channel.
WINOGRAD_INLINE void multiply_rows(
    int rows, int width, const float *left, long block_stride, long blocks, const float *right, const float *ahead,
    float *result) {
    vector sums[rows][width];
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++)
#pragma clang loop unroll(full)
        for (int column = 0; column < width; column++) sums[row][column] = 0;
    for (long block = 0; block < blocks; block++, left += block_stride) {
#pragma clang loop unroll_count(2)
        for (int channel = 0; channel < WINOGRAD_LANES; channel++, right += width * WINOGRAD_LANES, ahead += WINOGRAD_LANES) {
            __builtin_prefetch(ahead);
#pragma clang loop unroll(full)
            for (int column = 0; column < width; column++) {
                const vector weights = load(right + column * WINOGRAD_LANES);
#pragma clang loop unroll(full)
                for (int row = 0; row < rows; row++) sums[row][column] += left[row * WINOGRAD_LANES + channel] * weights;
            }
        }
    }
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++)
#pragma clang loop unroll(full)
        for (int column = 0; column < width; column++)
            store(result + (row * width + column) * WINOGRAD_LANES, sums[row][column]);
}

#define ROWS(count)                                                                                                    \
    case count:                                                                                                        \
        return multiply_rows(count, width, left, block_stride, blocks, right, ahead, result);

WINOGRAD_INLINE void multiply_tiles(
    long rows, int width, const float *left, long block_stride, long blocks, const float *right, const float *ahead,
    float *result) {
    switch (rows) {
        ROWS(1) ROWS(2) ROWS(3) ROWS(4) ROWS(5)
        ROWS(6) ROWS(7) ROWS(8) ROWS(9) ROWS(10)
    }
}

WINOGRAD_AVX512 static void multiply_tiles_by_16(
    long rows, const float *left, long block_stride, long blocks, const float *right, const float *ahead,
    float *result) {
    multiply_tiles(rows, 1, left, block_stride, blocks, right, ahead, result);
}

WINOGRAD_AVX512 static void multiply_tiles_by_32(
    long rows, const float *left, long block_stride, long blocks, const float *right, const float *ahead,
    float *result) {
    multiply_tiles(rows, 2, left, block_stride, blocks, right, ahead, result);
}

WINOGRAD_AVX512 void winograd_multiply(
    enum winograd_tile tile, const float *transformed, long matrix_stride, long blocks, long count,
    const float *weights, long lanes, float *result, long result_stride) {
    const long points = tile == winograd_tile_2of4 ? 16 : tile == winograd_tile_4of6 ? 36 : 64;
    const long groups = (count + WINOGRAD_ROWS - 1) / WINOGRAD_ROWS;
    for (long point = 0; point < points; point++) {
        const float *right = weights + point * blocks * WINOGRAD_LANES * lanes;
        for (long group = 0; group < groups; group++) {
            // As equal as can be: few rows leave the multipliers waiting.
            const long first = count * group / groups, rows = count * (group + 1) / groups - first;
            const float *left = transformed + point * matrix_stride + first * WINOGRAD_LANES;
            // The weights of the next point (behind the last, nothing comes of it), a part with each group of tiles:
            // left to itself, the processor waits for them, as it does not look beyond a page.
            const float *ahead = right + (blocks * lanes + group * blocks * WINOGRAD_LANES) * WINOGRAD_LANES;
            float *to = result + point * result_stride + first * lanes;
            if (lanes == WINOGRAD_LANES)
                multiply_tiles_by_16(rows, left, count * WINOGRAD_LANES, blocks, right, ahead, to);
            else
                multiply_tiles_by_32(rows, left, count * WINOGRAD_LANES, blocks, right, ahead, to);
        }
    }
}
