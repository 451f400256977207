#include "vector.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define CONVOLUTION_MATRICES __attribute__((target("avx512f,avx512bf16,fma,amx-tile,amx-bf16")))

/// Rows of a matrix register, of 64 bytes each: pixels of 32 input channels, pairs of input channels of 16 output channels, or
/// pixels of 16 sums.
#define ROWS 16
/// Input channels of one product of matrices.
#define INNER 32

/// The shapes of the matrix registers, as the processor reads them.
struct shapes {
    unsigned char palette, begin, reserved[14];
    unsigned short bytes[16];
    unsigned char rows[16];
};

// Registers 0 to 3 have the sums of two matrices of pixels and two vectors of output channels, 4 and 5 the pixels, 6 and 7 the
// weights.

CONVOLUTION_MATRICES static void configure(long pixels) {
    struct shapes shapes = {.palette = 1};
    for (int index = 0; index < 8; index++) {
        shapes.bytes[index] = 64;
        shapes.rows[index] = index < 6 ? pixels : ROWS;
    }
    _tile_loadconfig(&shapes);
}

/// Multiplies one or two matrices of pixels, `distance` elements apart, by one or two vectors of output channels, and stores
/// their sums as `[matrix of pixels, vector, pixel, 16]`.
CONVOLUTION_MATRICES static inline __attribute__((always_inline)) void multiply(
    bool has_two, long channels, struct convolution_window window, long distance, const short *weights, float *sums) {
    const bool is_wide = channels > CONVOLUTION_LANES;
    const long stride = channels * 2 * sizeof(short);
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    for (long tap = 0; tap < window.tap_count; tap++) {
        const short *left = (const short *)window.pixels + window.taps[tap];
        for (long block = 0; block < window.blocks; block++, left += window.block_stride) {
            _tile_loadd(6, weights, stride);
            _tile_loadd(4, left, 64);
            _tile_dpbf16ps(0, 4, 6);
            if (is_wide) {
                _tile_loadd(7, weights + 2 * CONVOLUTION_LANES, stride);
                _tile_dpbf16ps(1, 4, 7);
            }
            if (has_two) {
                _tile_loadd(5, left + distance, 64);
                _tile_dpbf16ps(2, 5, 6);
                if (is_wide) _tile_dpbf16ps(3, 5, 7);
            }
            weights += INNER * channels;
        }
    }
    _tile_stored(0, sums, 64);
    if (is_wide) _tile_stored(1, sums + ROWS * CONVOLUTION_LANES, 64);
    if (has_two) {
        _tile_stored(2, sums + 2 * ROWS * CONVOLUTION_LANES, 64);
        if (is_wide) _tile_stored(3, sums + 3 * ROWS * CONVOLUTION_LANES, 64);
    }
}

/// Bias, addend and activation of some neighbouring pixels of 16 output channels.
CONVOLUTION_MATRICES static inline __attribute__((always_inline)) void end(
    const float *sums, long pixels, struct convolution_ending ending, short *destination) {
    const vector bias = load(ending.bias);
    for (long pixel = 0; pixel < pixels; pixel++) {
        const long place = pixel * CONVOLUTION_LANES;
        vector sum = load(sums + place) + bias;
        if (ending.addend) sum += load_elements(ending.addend, place, true);
        sum = activate(sum, ending);
        _mm256_storeu_si256((__m256i *)(destination + place), (__m256i)_mm512_cvtneps_pbh((__m512)sum));
    }
}

CONVOLUTION_MATRICES void convolution_multiply_matrices(
    struct convolution_window window, long pixels, struct convolution_weights weights, struct convolution_ending ending,
    void *destination, long destination_stride) {
    float sums[4 * ROWS * CONVOLUTION_LANES] __attribute__((aligned(64)));
    const long matrices = (pixels + ROWS - 1) / ROWS, rows = (pixels + matrices - 1) / matrices;
    const long distance = rows * INNER, vectors = weights.channels / CONVOLUTION_LANES;
    const short *left = window.pixels;
    configure(rows);
    for (long first = 0; first < matrices; first += 2) {
        const bool has_two = first + 1 < matrices;
        window.pixels = left + first * distance;
        if (weights.channels == CONVOLUTION_LANES) {
            has_two ? multiply(true, 16, window, distance, weights.elements, sums)
                    : multiply(false, 16, window, distance, weights.elements, sums);
        } else {
            has_two ? multiply(true, 32, window, distance, weights.elements, sums)
                    : multiply(false, 32, window, distance, weights.elements, sums);
        }
        for (long matrix = 0; matrix < (has_two ? 2 : 1); matrix++) {
            const long pixel = (first + matrix) * rows, count = pixels - pixel < rows ? pixels - pixel : rows;
            for (long column = 0; column < vectors; column++) {
                const long place = column * destination_stride + pixel * CONVOLUTION_LANES;
                struct convolution_ending own = ending;
                own.bias += column * CONVOLUTION_LANES;
                if (own.addend) own.addend = (const short *)ending.addend + place;
                end(sums + (2 * matrix + column) * ROWS * CONVOLUTION_LANES, count, own, (short *)destination + place);
            }
        }
    }
    _tile_release();
    convolution_activate(ending, destination, destination_stride, weights.channels, true, pixels);
}
#else
void convolution_multiply_matrices(
    struct convolution_window window, long pixels, struct convolution_weights weights, struct convolution_ending ending,
    void *destination, long destination_stride) {
    __builtin_trap();
}
#endif
