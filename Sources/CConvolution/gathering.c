#include "vector.h"

/// Sixteen channels of a pixel, of any type, from one address to the other; zeros from nowhere.
CONVOLUTION_INLINE void copy_channels(bool is_bfloat16, char *to, const char *from) {
    if (is_bfloat16) {
        *(unaligned_halves *)to = from ? *(const unaligned_halves *)from : (halves)0;
    } else {
        store((float *)to, from ? load((const float *)from) : (vector)0);
    }
}

/// The pixels of a line, from `begin` to before `end` those that lie in the image: `from` is where the first would.
CONVOLUTION_INLINE void copy_line(
    bool is_bfloat16, char *to, long to_step, const char *from, long from_step, long begin, long end, long count) {
    for (long pixel = 0; pixel < begin; pixel++) copy_channels(is_bfloat16, to + pixel * to_step, 0);
    for (long pixel = begin; pixel < end; pixel++)
        copy_channels(is_bfloat16, to + pixel * to_step, from + pixel * from_step);
    for (long pixel = end; pixel < count; pixel++) copy_channels(is_bfloat16, to + pixel * to_step, 0);
}

CONVOLUTION_INLINE long clamp(long value, long most) {
    return value < 0 ? 0 : value > most ? most : value;
}

CONVOLUTION_INLINE void gather(
    bool is_bfloat16, const char *image, struct convolution_images images, long blocks,
    struct convolution_gathering gathering, char *gathered) {
    const long size = is_bfloat16 ? sizeof(short) : sizeof(float), pixel = CONVOLUTION_LANES * size;
    const long step = gathering.together * pixel, columns = gathering.columns, stride = gathering.stride;
    const long whole = (blocks + gathering.together - 1) / gathering.together * gathering.together;
    for (long block = 0; block < whole; block++) {
        const bool is_there = block < blocks;
        const char *plane = image + block * images.height * images.width * pixel;
        char *to =
            gathered + block / gathering.together * gathering.block_stride * size + block % gathering.together * pixel;
        for (long copy = 0; copy < gathering.row_phases * gathering.kernel_width; copy++) {
            const long column = gathering.first_column + copy % gathering.kernel_width;
            const long begin = clamp((stride - 1 - column) / stride, columns);
            const long end = clamp((images.width - column + stride - 1) / stride, columns);
            long row = gathering.first_row + copy / gathering.kernel_width;
            for (long line = 0; line < gathering.rows; line++, row += stride, to += columns * step) {
                const bool has_row = is_there && row >= 0 && row < images.height;
                const char *from = has_row ? plane + (row * images.width + column) * pixel : image;
                copy_line(
                    is_bfloat16, to, step, from, stride * pixel, has_row ? begin : columns, has_row ? end : columns,
                    columns);
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

// Images of a few channels

/// Channels of a product of matrices.
#define INNER 32

/// `count` pixels of a row with their channels together, from the column `first` on; zeros outside of the image.
CONVOLUTION_INLINE void interleave(
    const float *image, struct convolution_images images, long channels, long row, long first, long count,
    unsigned short *to) {
    __builtin_memset(to, 0, (count * channels + INNER) * sizeof *to);
    if (row < 0 || row >= images.height) return;
    const long begin = clamp(-first, count), end = clamp(images.width - first, count);
    for (long channel = 0; channel < channels; channel++) {
        const float *from = image + (channel * images.height + row) * images.width + first;
        for (long pixel = begin; pixel < end; pixel += CONVOLUTION_LANES) {
            unsigned short rounded[CONVOLUTION_LANES];
            const long rest = end - pixel < CONVOLUTION_LANES ? end - pixel : CONVOLUTION_LANES;
            float elements[CONVOLUTION_LANES] = {0};
            if (rest < CONVOLUTION_LANES) __builtin_memcpy(elements, from + pixel, rest * sizeof *from);
            store_elements(rounded, 0, true, load(rest < CONVOLUTION_LANES ? elements : from + pixel));
            for (long index = 0; index < rest; index++) to[(pixel + index) * channels + channel] = rounded[index];
        }
    }
}

CONVOLUTION_AVX512 void convolution_gather_image(
    const float *image, struct convolution_images images, long channels, struct convolution_gathering gathering,
    void *gathered) {
    unsigned short elements[CONVOLUTION_IMAGE_ROW];
    const long used = gathering.kernel_width * channels, step = gathering.stride * channels;
    const long count = (gathering.columns - 1) * gathering.stride + gathering.kernel_width;
    halves masks[2];
    for (int lane = 0; lane < INNER; lane++)
        masks[lane / CONVOLUTION_LANES][lane % CONVOLUTION_LANES] = lane < used ? 0xffff : 0;
    unsigned short *to = gathered;
    for (long phase = 0; phase < gathering.row_phases; phase++) {
        long row = gathering.first_row + phase;
        for (long line = 0; line < gathering.rows; line++, row += gathering.stride) {
            interleave(image, images, channels, row, gathering.first_column, count, elements);
            for (long column = 0; column < gathering.columns; column++, to += INNER) {
                const unsigned short *from = elements + column * step;
                *(unaligned_halves *)to = *(const unaligned_halves *)from & masks[0];
                *(unaligned_halves *)(to + CONVOLUTION_LANES) =
                    *(const unaligned_halves *)(from + CONVOLUTION_LANES) & masks[1];
            }
        }
    }
}
