#include "vector.h"

/// Sixteen channels of a pixel, of any type, from one address to the other.
CONVOLUTION_INLINE void copy_channels(bool is_bfloat16, char *to, const char *from) {
    if (is_bfloat16) {
        *(unaligned_halves *)to = from ? *(const unaligned_halves *)from : (halves)0;
    } else {
        store((float *)to, from ? load((const float *)from) : (vector)0);
    }
}

CONVOLUTION_INLINE void gather(
    bool is_bfloat16, const char *image, struct convolution_images images, long blocks,
    struct convolution_gathering gathering, char *gathered) {
    const long size = is_bfloat16 ? sizeof(short) : sizeof(float), pixel = CONVOLUTION_LANES * size;
    for (long block = 0; block < blocks; block++) {
        const char *plane = image + block * images.height * images.width * pixel;
        char *to = gathered + block * gathering.block_stride * size;
        for (long copy = 0; copy < gathering.row_phases * gathering.kernel_width; copy++) {
            long row = gathering.first_row + copy / gathering.kernel_width;
            for (long line = 0; line < gathering.rows; line++, row += gathering.stride) {
                const bool has_row = row >= 0 && row < images.height;
                long column = gathering.first_column + copy % gathering.kernel_width;
                for (long count = 0; count < gathering.columns; count++, column += gathering.stride) {
                    const bool is_inside = has_row && column >= 0 && column < images.width;
                    copy_channels(is_bfloat16, to, is_inside ? plane + (row * images.width + column) * pixel : 0);
                    to += pixel;
                }
            }
        }
    }
}

CONVOLUTION_AVX512 void convolution_gather(
    const void *image, struct convolution_images images, long blocks, struct convolution_gathering gathering,
    void *gathered) {
    images.is_bfloat16 ? gather(true, image, images, blocks, gathering, gathered)
                       : gather(false, image, images, blocks, gathering, gathered);
}
