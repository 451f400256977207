#include "CConvolution.h"

/// The means of windows that lie side by side, summed row by row from their first element on.
static inline __attribute__((always_inline)) void average_row(
    const float *source, long row_length, long rows, long columns, long step, long width, float *destination) {
    for (long x = 0; x < width; x++) {
        float sum = 0;
        for (long row = 0; row < rows; row++)
            for (long column = 0; column < columns; column++) sum += source[row * row_length + x * step + column];
        destination[x] = sum / (float)(rows * columns);
    }
}

void convolution_average_row(
    const float *source, long row_length, long rows, long columns, long step, long width, float *destination) {
    if (rows == 2 && columns == 2 && step == 2) average_row(source, row_length, 2, 2, 2, width, destination);
    else if (rows == 4 && columns == 4 && step == 4) average_row(source, row_length, 4, 4, 4, width, destination);
    else average_row(source, row_length, rows, columns, step, width, destination);
}
