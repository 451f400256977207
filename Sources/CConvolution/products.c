#include "vector.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define CONVOLUTION_BFLOAT16 __attribute__((target("avx512f,avx512bf16,fma")))
#endif

/// Bytes of a line of the cache.
#define LINE 64

/// A loop that the compiler takes apart, so that the elements of an array of vectors are registers.
#define UNROLLED _Pragma("clang loop unroll(full)")

// Both kinds of convolution multiply a few rows (pixels, or tiles) by one or two vectors of output channels at a time: as
// many sums as there are registers for. `rows` and `width` are constants wherever a function is inlined, and so is the
// element type. The sum of a row and a vector is `sums[row * width + vector]`.

/// Calls `body(rows, width, ...)` with both as constants, for 1 to CONVOLUTION_ROWS rows of 16 or 32 output channels.
#define WITH_WIDTH(body, rows, channels, ...)                                                                          \
    (channels) == CONVOLUTION_LANES ? body(rows, 1, __VA_ARGS__) : body(rows, 2, __VA_ARGS__)
#define WITH_ROWS(body, rows, channels, ...)                                                                           \
    switch (rows) {                                                                                                    \
    case 1: WITH_WIDTH(body, 1, channels, __VA_ARGS__); break;                                                         \
    case 2: WITH_WIDTH(body, 2, channels, __VA_ARGS__); break;                                                         \
    case 3: WITH_WIDTH(body, 3, channels, __VA_ARGS__); break;                                                         \
    case 4: WITH_WIDTH(body, 4, channels, __VA_ARGS__); break;                                                         \
    case 5: WITH_WIDTH(body, 5, channels, __VA_ARGS__); break;                                                         \
    case 6: WITH_WIDTH(body, 6, channels, __VA_ARGS__); break;                                                         \
    case 7: WITH_WIDTH(body, 7, channels, __VA_ARGS__); break;                                                         \
    case 8: WITH_WIDTH(body, 8, channels, __VA_ARGS__); break;                                                         \
    case 9: WITH_WIDTH(body, 9, channels, __VA_ARGS__); break;                                                         \
    case 10: WITH_WIDTH(body, 10, channels, __VA_ARGS__); break;                                                       \
    }

/// The passes that `count` rows take, of as equal sizes as can be: few rows leave the multipliers waiting.
CONVOLUTION_INLINE long passes_of(long count) {
    return (count + CONVOLUTION_ROWS - 1) / CONVOLUTION_ROWS;
}

CONVOLUTION_INLINE long first_row(long pass, long passes, long count) {
    return count * pass / passes;
}

/// The weights that a pass fetches for later, a line at each of its steps: the first two passes fetch all of the `next`.
/// Left to itself, the processor waits for weights, as it does not look beyond a page. Behind the last, nothing comes of it.
CONVOLUTION_INLINE const char *weights_ahead(const char *next, long pass, long steps, const void *nothing) {
    return pass < 2 ? next + pass * steps * LINE : (const char *)nothing;
}

/// Adds to the sums the products of all taps and input channels, and fetches a line of `ahead` for each channel.
CONVOLUTION_INLINE void accumulate(
    int rows, int width, struct convolution_window window, const void *weights, bool are_bfloat16, const char *ahead,
    vector *sums) {
    long weight = 0;
    for (long tap = 0; tap < window.tap_count; tap++) {
        const float *left = (const float *)window.pixels + window.taps[tap];
        for (long block = 0; block < window.blocks; block++, left += window.block_stride) {
#pragma clang loop unroll_count(2)
            for (int channel = 0; channel < CONVOLUTION_LANES; channel++) {
                __builtin_prefetch(ahead);
                UNROLLED
                for (int column = 0; column < width; column++) {
                    const vector right = load_elements(weights, weight, are_bfloat16);
                    weight += CONVOLUTION_LANES;
                    UNROLLED
                    for (int row = 0; row < rows; row++)
                        sums[row * width + column] += left[row * CONVOLUTION_LANES + channel] * right;
                }
                ahead += LINE;
            }
        }
    }
}

// Winograd's products

CONVOLUTION_INLINE void multiply_tiles(
    int rows, int width, struct convolution_window tiles, const void *weights, bool are_bfloat16, const char *ahead,
    float *result) {
    vector sums[rows * width];
    UNROLLED
    for (int index = 0; index < rows * width; index++) sums[index] = 0;
    accumulate(rows, width, tiles, weights, are_bfloat16, ahead, sums);
    UNROLLED
    for (int index = 0; index < rows * width; index++) store(result + index * CONVOLUTION_LANES, sums[index]);
}

CONVOLUTION_AVX512 void winograd_multiply(
    long points, const float *transformed, long matrix_stride, long blocks, long block_stride, long count,
    struct convolution_weights weights, float *result, long result_stride) {
    static const long one_tap[1] = {0};
    const long input_channels = blocks * CONVOLUTION_LANES, channels = weights.channels;
    const long size = weights.are_bfloat16 ? sizeof(short) : sizeof(float);
    const long passes = passes_of(count);
    struct convolution_window tiles = {.taps = one_tap, .tap_count = 1, .blocks = blocks, .block_stride = block_stride};
    for (long point = 0; point < points; point++) {
        const char *right = (const char *)weights.elements + point * input_channels * channels * size;
        const char *next = right + input_channels * channels * size;
        for (long pass = 0; pass < passes; pass++) {
            const long first = first_row(pass, passes, count), rows = first_row(pass + 1, passes, count) - first;
            tiles.pixels = transformed + point * matrix_stride + first * CONVOLUTION_LANES;
            const char *ahead = weights_ahead(next, pass, input_channels, tiles.pixels);
            float *to = result + point * result_stride + first * channels;
            if (weights.are_bfloat16) {
                WITH_ROWS(multiply_tiles, rows, channels, tiles, right, true, ahead, to)
            } else {
                WITH_ROWS(multiply_tiles, rows, channels, tiles, right, false, ahead, to)
            }
        }
    }
}

// Direct products

/// What one pass over some pixels reads and writes, all of one type of elements.
struct pass {
    struct convolution_window window;
    const void *weights;
    const char *ahead;
    struct convolution_ending ending;
    void *destination;
    long destination_stride;
};

/// Where the sum of an index belongs in the destination, in elements.
CONVOLUTION_INLINE long place_of(int index, int width, long destination_stride) {
    return index % width * destination_stride + index / width * CONVOLUTION_LANES;
}

CONVOLUTION_INLINE void add_bias_and_addend(int rows, int width, bool is_bfloat16, struct pass pass, vector *sums) {
    UNROLLED
    for (int index = 0; index < rows * width; index++)
        sums[index] += load(pass.ending.bias + index % width * CONVOLUTION_LANES);
    if (!pass.ending.addend) return;
    UNROLLED
    for (int index = 0; index < rows * width; index++) {
        const long place = place_of(index, width, pass.destination_stride);
        sums[index] += load_elements(pass.ending.addend, place, is_bfloat16);
    }
}

/// What is to be done is asked once for all sums; what is not a number stays that.
CONVOLUTION_INLINE void activate_all(int rows, int width, struct convolution_ending ending, vector *sums) {
    if (ending.slope == 0) {
        UNROLLED
        for (int index = 0; index < rows * width; index++) sums[index] = 0 > sums[index] ? (vector)0 : sums[index];
    } else if (ending.slope != 1) {
        UNROLLED
        for (int index = 0; index < rows * width; index++)
            sums[index] = 0 > sums[index] ? ending.slope * sums[index] : sums[index];
    }
    if (ending.upper < __builtin_inff()) {
        UNROLLED
        for (int index = 0; index < rows * width; index++)
            sums[index] = ending.upper < sums[index] ? (vector)ending.upper : sums[index];
    }
}

CONVOLUTION_INLINE void multiply_pixels(int rows, int width, struct pass pass) {
    vector sums[rows * width];
    UNROLLED
    for (int index = 0; index < rows * width; index++) sums[index] = 0;
    accumulate(rows, width, pass.window, pass.weights, false, pass.ahead, sums);
    add_bias_and_addend(rows, width, false, pass, sums);
    activate_all(rows, width, pass.ending, sums);
    UNROLLED
    for (int index = 0; index < rows * width; index++)
        store((float *)pass.destination + place_of(index, width, pass.destination_stride), sums[index]);
}

CONVOLUTION_AVX512 static void multiply_float32(long rows, long channels, const struct pass *pass) {
    WITH_ROWS(multiply_pixels, rows, channels, *pass)
}

#if defined(__x86_64__)
/// Adds to the sums two channels at a time: a processor with AVX512-BF16 multiplies pairs and adds them in float32.
CONVOLUTION_BFLOAT16 static inline __attribute__((always_inline)) void accumulate_pairs(
    int rows, int width, struct convolution_window window, const short *weights, const char *ahead, vector *sums) {
    for (long tap = 0; tap < window.tap_count; tap++) {
        const short *left = (const short *)window.pixels + window.taps[tap];
        for (long block = 0; block < window.blocks; block++, left += window.block_stride) {
#pragma clang loop unroll_count(2)
            for (int channel = 0; channel < CONVOLUTION_LANES; channel += 2) {
                __builtin_prefetch(ahead);
                UNROLLED
                for (int column = 0; column < width; column++) {
                    const __m512bh right = (__m512bh)_mm512_loadu_si512(weights);
                    weights += 2 * CONVOLUTION_LANES;
                    UNROLLED
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
}

CONVOLUTION_BFLOAT16 static inline __attribute__((always_inline)) void multiply_pixel_pairs(
    int rows, int width, struct pass pass) {
    vector sums[rows * width];
    UNROLLED
    for (int index = 0; index < rows * width; index++) sums[index] = 0;
    add_bias_and_addend(rows, width, true, pass, sums);
    accumulate_pairs(rows, width, pass.window, pass.weights, pass.ahead, sums);
    activate_all(rows, width, pass.ending, sums);
    UNROLLED
    for (int index = 0; index < rows * width; index++) {
        short *to = (short *)pass.destination + place_of(index, width, pass.destination_stride);
        _mm256_storeu_si256((__m256i *)to, (__m256i)_mm512_cvtneps_pbh(sums[index]));
    }
}

CONVOLUTION_BFLOAT16 static void multiply_bfloat16(long rows, long channels, const struct pass *pass) {
    WITH_ROWS(multiply_pixel_pairs, rows, channels, *pass)
}
#else
static void multiply_bfloat16(long rows, long channels, const struct pass *pass) {
    __builtin_trap();
}
#endif

CONVOLUTION_AVX512 void convolution_multiply(
    struct convolution_window window, long pixels, struct convolution_weights weights, struct convolution_ending ending,
    void *destination, long destination_stride) {
    const bool are_bfloat16 = weights.are_bfloat16;
    const long size = are_bfloat16 ? sizeof(short) : sizeof(float);
    const long input_channels = window.tap_count * window.blocks * CONVOLUTION_LANES;
    const char *next = (const char *)weights.elements + input_channels * weights.channels * size;
    const long passes = passes_of(pixels);
    for (long index = 0; index < passes; index++) {
        const long first = first_row(index, passes, pixels), rows = first_row(index + 1, passes, pixels) - first;
        const long offset = first * CONVOLUTION_LANES * size;
        struct pass pass = {
            .window = window, .weights = weights.elements, .ending = ending, .destination_stride = destination_stride};
        pass.window.pixels = (const char *)window.pixels + offset;
        pass.ahead = weights_ahead(next, index, are_bfloat16 ? input_channels / 2 : input_channels, pass.window.pixels);
        pass.destination = (char *)destination + offset;
        if (ending.addend) pass.ending.addend = (const char *)ending.addend + offset;
        are_bfloat16 ? multiply_bfloat16(rows, weights.channels, &pass)
                     : multiply_float32(rows, weights.channels, &pass);
        convolution_activate(ending, pass.destination, destination_stride, weights.channels, are_bfloat16, rows);
    }
}
