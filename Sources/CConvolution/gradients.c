#include "tiles.h"

#define POINTS 36
#define SIDE 6

// Row p of G holds the powers of the point p, divided by the product of its distances to the other points; column p of A'
// holds the powers of p.
//
// clang-format off: a row of a matrix is a line.
#define DISTANCES_0 (POINT_6A * POINT_6A * POINT_6B * POINT_6B)
#define DISTANCES(p, q) (2 * (p) * (p) * ((p) * (p) - (q) * (q)))
#define KERNEL_ROW(p, q) 1 / DISTANCES(p, q), (p) / DISTANCES(p, q), (p) * (p) / DISTANCES(p, q)
static const float kernel3[SIDE * 3] = {
    1 / DISTANCES_0, 0, 0,
    KERNEL_ROW(POINT_6A, POINT_6B),
    KERNEL_ROW(-POINT_6A, POINT_6B),
    KERNEL_ROW(POINT_6B, POINT_6A),
    KERNEL_ROW(-POINT_6B, POINT_6A),
    0, 0, 1,
};
#define GRADIENT_ROW(p, q) KERNEL_ROW(p, q), (p) * (p) * (p) / DISTANCES(p, q)
static const float gradient4[SIDE * 4] = {
    1 / DISTANCES_0, 0, 0, 0,
    GRADIENT_ROW(POINT_6A, POINT_6B),
    GRADIENT_ROW(-POINT_6A, POINT_6B),
    GRADIENT_ROW(POINT_6B, POINT_6A),
    GRADIENT_ROW(-POINT_6B, POINT_6A),
    0, 0, 0, 1,
};
static const float taps3[3 * SIDE] = {
    1, 1, 1, 1, 1, 0,
    0, POINT_6A, -POINT_6A, POINT_6B, -POINT_6B, 0,
    0, POINT_6A * POINT_6A, POINT_6A * POINT_6A, POINT_6B * POINT_6B, POINT_6B * POINT_6B, 1,
};
// clang-format on

/// `matrix` times a square of `m` x `m` vectors times its transpose, `n` x `n`.
CONVOLUTION_INLINE void transform(int n, int m, const float *matrix, const vector *square, vector *result) {
    vector half[n * m];
#pragma clang loop unroll(full)
    for (int x = 0; x < m; x++) combine(n, m, matrix, square + x, m, half + x, m);
#pragma clang loop unroll(full)
    for (int y = 0; y < n; y++) combine(n, m, matrix, half + y * m, 1, result + y * n, 1);
}

CONVOLUTION_AVX512 void winograd_transform_kernel(
    struct winograd_kernel kernel, long first, long channels, float *transformed) {
    const long inputs = kernel.inputs * CONVOLUTION_LANES;
    for (long channel = 0; channel < channels; channel += CONVOLUTION_LANES) {
        const float *outputs = kernel.elements + (first * CONVOLUTION_LANES + channel) * kernel.output_stride;
        for (long input = 0; input < inputs; input++) {
            const float *taps = outputs + input * kernel.input_stride;
            vector square[9], points[POINTS];
            for (int tap = 0; tap < 9; tap++)
                for (int lane = 0; lane < CONVOLUTION_LANES; lane++)
                    square[kernel.turned ? 8 - tap : tap][lane] = taps[lane * kernel.output_stride + tap];
            transform(SIDE, 3, kernel3, square, points);
            float *to = transformed + input * channels + channel;
#pragma clang loop unroll(full)
            for (int point = 0; point < POINTS; point++) store(to + point * inputs * channels, points[point]);
        }
    }
}

CONVOLUTION_AVX512 void winograd_transform_gradient(
    const float *gradient, struct convolution_images images, long blocks, struct winograd_tiles tiles,
    float *transformed, long block_stride, long matrix_stride) {
    const long plane = images.height * images.width * CONVOLUTION_LANES;
    for (long tile = 0; tile < tiles.count; tile++) {
        const struct place at = place(tiles.first + tile, tiles, 4);
        const bool isInside = at.row + 4 <= images.height && at.column + 4 <= images.width;
        for (long block = 0; block < blocks; block++) {
            const float *from = gradient + at.image * images.image_stride + block * plane +
                                (at.row * images.width + at.column) * CONVOLUTION_LANES;
            vector square[16], points[POINTS];
            if (isInside) {
#pragma clang loop unroll(full)
                for (int index = 0; index < 16; index++)
                    square[index] = load(from + (index / 4 * images.width + index % 4) * CONVOLUTION_LANES);
            } else {
                for (int index = 0; index < 16; index++) {
                    const bool isHere = at.row + index / 4 < images.height && at.column + index % 4 < images.width;
                    square[index] =
                        isHere ? load(from + (index / 4 * images.width + index % 4) * CONVOLUTION_LANES) : (vector)0;
                }
            }
            transform(SIDE, 4, gradient4, square, points);
            float *to = transformed + block * block_stride + tile * CONVOLUTION_LANES;
#pragma clang loop unroll(full)
            for (int point = 0; point < POINTS; point++) store(to + point * matrix_stride, points[point]);
        }
    }
}

/// The sums of `rows` of the source's channels with 16 or 32 of the gradient's.
CONVOLUTION_INLINE void correlate(
    int rows, int width, const float *source, const float *gradient, long stride, long count, bool begins, float *sums,
    long row_stride) {
    vector sum[rows * width];
#pragma clang loop unroll(full)
    for (int index = 0; index < rows * width; index++) sum[index] = 0;
    for (long tile = 0; tile < count; tile++) {
        const float *left = source + tile * CONVOLUTION_LANES, *right = gradient + tile * CONVOLUTION_LANES;
#pragma clang loop unroll(full)
        for (int column = 0; column < width; column++) {
            const vector slopes = load(right + column * stride);
#pragma clang loop unroll(full)
            for (int row = 0; row < rows; row++) sum[row * width + column] += left[row] * slopes;
        }
    }
#pragma clang loop unroll(full)
    for (int index = 0; index < rows * width; index++) {
        float *to = sums + index / width * row_stride + index % width * CONVOLUTION_LANES;
        store(to, begins ? sum[index] : load(to) + sum[index]);
    }
}

/// Tiles of three blocks of channels that stay in the nearest cache.
#define TILES_AT_ONCE 128

CONVOLUTION_AVX512 void winograd_correlate(
    struct winograd_side source, struct winograd_side gradient, long count, bool begins, float *sums) {
    const long outputs = gradient.blocks * CONVOLUTION_LANES;
    for (long first = 0; first < count; first += TILES_AT_ONCE, begins = false) {
        const long tiles = count - first < TILES_AT_ONCE ? count - first : TILES_AT_ONCE;
        for (long output = 0; output < gradient.blocks; output += 2) {
            const float *right = gradient.elements + output * gradient.stride + first * CONVOLUTION_LANES;
            for (long input = 0; input < source.blocks; input++) {
                const float *left = source.elements + input * source.stride + first * CONVOLUTION_LANES;
                float *to = sums + input * CONVOLUTION_LANES * outputs + output * CONVOLUTION_LANES;
                if (output + 1 < gradient.blocks) {
                    correlate(8, 2, left, right, gradient.stride, tiles, begins, to, outputs);
                    correlate(8, 2, left + 8, right, gradient.stride, tiles, begins, to + 8 * outputs, outputs);
                } else {
                    correlate(16, 1, left, right, gradient.stride, tiles, begins, to, outputs);
                }
            }
        }
    }
}

CONVOLUTION_AVX512 void winograd_transform_sums(
    const float *sums, long stride, long inputs, long outputs, long first, long end, float *gradient) {
    const long columns = outputs * CONVOLUTION_LANES, output_stride = inputs * CONVOLUTION_LANES * 9;
    for (long block = 0; block < outputs; block++) {
        for (long input = first; input < end; input++) {
            const float *from = sums + input * columns + block * CONVOLUTION_LANES;
            vector points[POINTS], taps[9];
#pragma clang loop unroll(full)
            for (int point = 0; point < POINTS; point++) points[point] = load(from + point * stride);
            transform(3, SIDE, taps3, points, taps);
            float *to = gradient + block * CONVOLUTION_LANES * output_stride + input * 9;
            for (int lane = 0; lane < CONVOLUTION_LANES; lane++)
#pragma clang loop unroll(full)
                for (int tap = 0; tap < 9; tap++) to[lane * output_stride + tap] = taps[tap][lane];
        }
    }
}
