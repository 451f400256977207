#include "vector.h"

/// The sum of a row's pixels that one output pixel is of.
CONVOLUTION_INLINE vector
resampled(const void *image, long row, struct convolution_axis columns, long taps, long position, bool is_bfloat16) {
    vector sum = 0;
#pragma clang loop unroll_count(2)
    for (long tap = position * taps; tap < (position + 1) * taps; tap++)
        sum +=
            columns.weights[tap] * load_elements(image, (row + columns.indices[tap]) * CONVOLUTION_LANES, is_bfloat16);
    return sum;
}

CONVOLUTION_INLINE void resample_row(
    const void *image, struct convolution_images images, struct convolution_axis rows, long row_taps,
    struct convolution_axis columns, long column_taps, long row, long width, void *destination, bool is_bfloat16) {
    for (long column = 0; column < width; column++) {
        vector sum = 0;
        for (long tap = row * row_taps; tap < (row + 1) * row_taps; tap++)
            sum += rows.weights[tap] *
                   resampled(image, rows.indices[tap] * images.width, columns, column_taps, column, is_bfloat16);
        store_elements(destination, column * CONVOLUTION_LANES, is_bfloat16, sum);
    }
}

CONVOLUTION_AVX512 void convolution_resample(
    const void *image, struct convolution_images images, struct convolution_axis rows, struct convolution_axis columns,
    long row, long width, void *destination) {
    if (images.is_bfloat16) {
        resample_row(image, images, rows, rows.taps, columns, columns.taps, row, width, destination, true);
    } else if (rows.taps == 2 && columns.taps == 2) {
        resample_row(image, images, rows, 2, columns, 2, row, width, destination, false);
    } else if (rows.taps == 1 && columns.taps == 1) {
        resample_row(image, images, rows, 1, columns, 1, row, width, destination, false);
    } else {
        resample_row(image, images, rows, rows.taps, columns, columns.taps, row, width, destination, false);
    }
}
