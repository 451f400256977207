#include "tiles.h"

// For tiles of 8 x 8 powers of two round least.
#define POINT_8A 1.0
#define POINT_8B 2.0
#define POINT_8C 0.5

// B' and A' of the points 0, 1, -1 and infinity. Row p of B' holds the coefficients of the polynomial that
// is zero at all points but p; column p of A' holds the powers of p.
//
// clang-format off: a row of a matrix is a line.
static const float source4[16] = {
    -1, 0, 1, 0,
    0, 1, 1, 0,
    0, -1, 1, 0,
    0, -1, 0, 1,
};
static const float result2of4[8] = {
    1, 1, 1, 0,
    0, 1, -1, 1,
};

// The same for the points 0, a, -a, b, -b and infinity.
#define SOURCE_6(a, b)                                                                                                 \
    {                                                                                                                  \
        a * a * b * b, 0, -(a * a + b * b), 0, 1, 0,                                                                   \
        0, -a * b * b, -b * b, a, 1, 0,                                                                                \
        0, a * b * b, -b * b, -a, 1, 0,                                                                                \
        0, -b * a * a, -a * a, b, 1, 0,                                                                                \
        0, b * a * a, -a * a, -b, 1, 0,                                                                                \
        0, a * a * b * b, 0, -(a * a + b * b), 0, 1,                                                                   \
    }
#define RESULT_4OF6(a, b)                                                                                              \
    {                                                                                                                  \
        1, 1, 1, 1, 1, 0,                                                                                              \
        0, a, -a, b, -b, 0,                                                                                            \
        0, a * a, a * a, b * b, b * b, 0,                                                                              \
        0, a * a * a, -a * a * a, b * b * b, -b * b * b, 1,                                                            \
    }

// The same for the points 0, a, -a, b, -b, c, -c and infinity.
#define SOURCE_8_ROW(p, q, r) 0, p * q * q * r * r, q * q * r * r, -p * (q * q + r * r), -(q * q + r * r), p, 1, 0
#define SOURCE_8(a, b, c)                                                                                              \
    {                                                                                                                  \
        -a * a * b * b * c * c, 0, a * a * b * b + a * a * c * c + b * b * c * c, 0, -(a * a + b * b + c * c), 0, 1, 0,\
        SOURCE_8_ROW(a, b, c),                                                                                         \
        SOURCE_8_ROW(-a, b, c),                                                                                        \
        SOURCE_8_ROW(b, a, c),                                                                                         \
        SOURCE_8_ROW(-b, a, c),                                                                                        \
        SOURCE_8_ROW(c, a, b),                                                                                         \
        SOURCE_8_ROW(-c, a, b),                                                                                        \
        0, -a * a * b * b * c * c, 0, a * a * b * b + a * a * c * c + b * b * c * c, 0, -(a * a + b * b + c * c), 0, 1,\
    }
#define ODD_ROW(a, b, c, last) 0, a, -a, b, -b, c, -c, last
#define EVEN_ROW(a, b, c, last) 0, a, a, b, b, c, c, last
#define RESULT_4OF8(a, b, c)                                                                                           \
    {                                                                                                                  \
        1, 1, 1, 1, 1, 1, 1, 0,                                                                                        \
        ODD_ROW(a, b, c, 0),                                                                                           \
        EVEN_ROW(a * a, b * b, c * c, 0),                                                                              \
        ODD_ROW(a * a * a, b * b * b, c * c * c, 1),                                                                   \
    }
#define RESULT_6OF8(a, b, c)                                                                                           \
    {                                                                                                                  \
        1, 1, 1, 1, 1, 1, 1, 0,                                                                                        \
        ODD_ROW(a, b, c, 0),                                                                                           \
        EVEN_ROW(a * a, b * b, c * c, 0),                                                                              \
        ODD_ROW(a * a * a, b * b * b, c * c * c, 0),                                                                   \
        EVEN_ROW(a * a * a * a, b * b * b * b, c * c * c * c, 0),                                                      \
        ODD_ROW(a * a * a * a * a, b * b * b * b * b, c * c * c * c * c, 1),                                           \
    }
// clang-format on

static const float source6[36] = SOURCE_6(POINT_6A, POINT_6B);
static const float source8[64] = SOURCE_8(POINT_8A, POINT_8B, POINT_8C);
static const float result4of6[24] = RESULT_4OF6(POINT_6A, POINT_6B);
static const float result4of8[32] = RESULT_4OF8(POINT_8A, POINT_8B, POINT_8C);
static const float result6of8[48] = RESULT_6OF8(POINT_8A, POINT_8B, POINT_8C);

const double *winograd_points(enum winograd_tile tile) {
    static const double points4[3] = {0, 1, -1};
    static const double points6[5] = {0, POINT_6A, -POINT_6A, POINT_6B, -POINT_6B};
    static const double points8[7] = {0, POINT_8A, -POINT_8A, POINT_8B, -POINT_8B, POINT_8C, -POINT_8C};
    switch (tile) {
    case winograd_tile_2of4: return points4;
    case winograd_tile_4of6: return points6;
    case winograd_tile_6of8:
    case winograd_tile_4of8: return points8;
    }
}

CONVOLUTION_INLINE void transform_source(
    int n, int m, const float *matrix, bool is_bfloat16, const void *source, struct convolution_images images,
    long blocks, struct winograd_tiles tiles, float *transformed, long block_stride, long matrix_stride) {
    const long plane = images.height * images.width * CONVOLUTION_LANES;
    for (long tile = 0; tile < tiles.count; tile++) {
        struct place at = place(tiles.first + tile, tiles, m);
        const long top = at.row - tiles.pad_top, left = at.column - tiles.pad_left;
        const bool isInside = top >= 0 && left >= 0 && top + n <= images.height && left + n <= images.width;
        const long image = at.image * images.image_stride;
        for (long block = 0; block < blocks; block++) {
            vector half[n * n];
#pragma clang loop unroll(full)
            for (int x = 0; x < n; x++) {
                vector column[n];
                if (isInside) {
                    const long from = image + block * plane + (top * images.width + left + x) * CONVOLUTION_LANES;
#pragma clang loop unroll(full)
                    for (int y = 0; y < n; y++)
                        column[y] = load_elements(source, from + y * images.width * CONVOLUTION_LANES, is_bfloat16);
                } else {
                    for (int y = 0; y < n; y++) {
                        const long row = top + y, at = left + x;
                        const bool isHere = row >= 0 && row < images.height && at >= 0 && at < images.width;
                        const long from = image + block * plane + (row * images.width + at) * CONVOLUTION_LANES;
                        column[y] = isHere ? load_elements(source, from, is_bfloat16) : (vector)0;
                    }
                }
                combine(n, n, matrix, column, 1, half + x, n);
            }
            float *to = transformed + block * block_stride + tile * CONVOLUTION_LANES;
#pragma clang loop unroll(full)
            for (int y = 0; y < n; y++) {
                vector row[n];
                combine(n, n, matrix, half + y * n, 1, row, 1);
#pragma clang loop unroll(full)
                for (int x = 0; x < n; x++) store(to + (y * n + x) * matrix_stride, row[x]);
            }
        }
    }
}

CONVOLUTION_INLINE void transform_result(
    int n, int m, const float *matrix, bool is_bfloat16, const float *result, long result_stride, long channels,
    struct winograd_tiles tiles, struct convolution_ending ending, void *destination, struct convolution_images images,
    long first_block) {
    const long plane = images.height * images.width * CONVOLUTION_LANES;
    for (long channel = 0; channel < channels; channel += CONVOLUTION_LANES) {
        const long block = first_block + channel / CONVOLUTION_LANES;
        const vector bias = load(ending.bias + block * CONVOLUTION_LANES);
        for (long tile = 0; tile < tiles.count; tile++) {
            struct place at = place(tiles.first + tile, tiles, m);
            const float *from = result + tile * channels + channel;
            vector half[m * n];
#pragma clang loop unroll(full)
            for (int x = 0; x < n; x++) {
                vector column[n];
#pragma clang loop unroll(full)
                for (int y = 0; y < n; y++) column[y] = load(from + (y * n + x) * result_stride);
                combine(m, n, matrix, column, 1, half + x, n);
            }
            const long offset = block * plane + (at.row * images.width + at.column) * CONVOLUTION_LANES;
            const long to = at.image * images.image_stride + offset;
            const long addend = at.image * ending.addend_stride + offset;
            const long rows = images.height - at.row, columns = images.width - at.column;
#pragma clang loop unroll(full)
            for (int y = 0; y < m; y++) {
                if (y >= rows) break;
                vector row[m];
                combine(m, n, matrix, half + y * n, 1, row, 1);
#pragma clang loop unroll(full)
                for (int x = 0; x < m; x++) {
                    if (x >= columns) break;
                    const long pixel = (y * images.width + x) * CONVOLUTION_LANES;
                    vector value = row[x] + bias;
                    if (ending.addend) value += load_elements(ending.addend, addend + pixel, is_bfloat16);
                    store_elements(destination, to + pixel, is_bfloat16, activate(value, ending));
                }
                if (ending.function != convolution_function_none) {
                    const long size = is_bfloat16 ? sizeof(short) : sizeof(float);
                    char *first = (char *)destination + (to + y * images.width * CONVOLUTION_LANES) * size;
                    convolution_activate(ending, first, 0, CONVOLUTION_LANES, is_bfloat16, columns < m ? columns : m);
                }
            }
        }
    }
}

#define TRANSFORM_SOURCE(n, m, matrix)                                                                                 \
    images.is_bfloat16                                                                                                 \
        ? transform_source(                                                                                            \
              n, m, matrix, true, source, images, blocks, tiles, transformed, block_stride, matrix_stride)             \
        : transform_source(                                                                                            \
              n, m, matrix, false, source, images, blocks, tiles, transformed, block_stride, matrix_stride)

CONVOLUTION_AVX512 void winograd_transform_source(
    enum winograd_tile tile, const void *source, struct convolution_images images, long blocks,
    struct winograd_tiles tiles, float *transformed, long block_stride, long matrix_stride) {
    switch (tile) {
    case winograd_tile_2of4: return TRANSFORM_SOURCE(4, 2, source4);
    case winograd_tile_4of6: return TRANSFORM_SOURCE(6, 4, source6);
    case winograd_tile_6of8: return TRANSFORM_SOURCE(8, 6, source8);
    case winograd_tile_4of8: return TRANSFORM_SOURCE(8, 4, source8);
    }
}

#define TRANSFORM_RESULT(n, m, matrix)                                                                                 \
    images.is_bfloat16                                                                                                 \
        ? transform_result(                                                                                            \
              n, m, matrix, true, result, result_stride, channels, tiles, ending, destination, images, block)          \
        : transform_result(                                                                                            \
              n, m, matrix, false, result, result_stride, channels, tiles, ending, destination, images, block)

CONVOLUTION_AVX512 void winograd_transform_result(
    enum winograd_tile tile, const float *result, long result_stride, long channels, struct winograd_tiles tiles,
    struct convolution_ending ending, void *destination, struct convolution_images images, long block) {
    switch (tile) {
    case winograd_tile_2of4: return TRANSFORM_RESULT(4, 2, result2of4);
    case winograd_tile_4of6: return TRANSFORM_RESULT(6, 4, result4of6);
    case winograd_tile_6of8: return TRANSFORM_RESULT(8, 6, result6of8);
    case winograd_tile_4of8: return TRANSFORM_RESULT(8, 4, result4of8);
    }
}
