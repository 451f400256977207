#include "vector.h"

CONVOLUTION_AVX512 void convolution_gather(
    const float *image, struct convolution_images images, long blocks, struct convolution_gathering gathering,
    float *gathered) {
    const long plane = images.height * images.width * CONVOLUTION_LANES;
    for (long block = 0; block < blocks; block++) {
        float *to = gathered + block * gathering.block_stride;
        for (long index = 0; index < gathering.rows; index++) {
            const long row = gathering.first_row + index * gathering.row_step;
            const bool hasRow = row >= 0 && row < images.height;
            const float *from = image + block * plane + row * images.width * CONVOLUTION_LANES;
            for (long phase = 0; phase < gathering.phases; phase++) {
                long column = gathering.first_column + phase;
                for (long count = 0; count < gathering.columns; count++, column += gathering.stride) {
                    const bool isInside = hasRow && column >= 0 && column < images.width;
                    store(to, isInside ? load(from + column * CONVOLUTION_LANES) : (vector)0);
                    to += CONVOLUTION_LANES;
                }
            }
        }
    }
}
