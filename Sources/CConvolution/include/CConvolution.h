#ifndef SCANREPORT_CCONVOLUTION_H
#define SCANREPORT_CCONVOLUTION_H

#include <stdbool.h>

// The inner loops of convolutions, for AVX-512: they are in C because Swift cannot compile one function for an
// instruction set that the rest of the program does not ask for. Call them only on processors that have it, but for those
// that run on any. They read and write nothing but what their arguments describe, and keep no state.

/// The channels that lie together in a layout of blocks, and the lanes of a vector register.
#define CONVOLUTION_LANES 16
/// The pixels or tiles that one pass of the products keeps in registers.
#define CONVOLUTION_ROWS 10

/// A batch of images in blocks of channels, `[N, C / 16, H, W, 16]`, of float32 or bfloat16. All that is computed is
/// float32; results that are stored as bfloat16 are rounded to the nearest, ties to even.
struct convolution_images {
    bool is_bfloat16;
    long height, width;
    /// Elements from one image to the next.
    long image_stride;
};

/// A function of each result, which keeps 0.
enum convolution_function {
    convolution_function_none,
    /// x / (1 + exp(-factor * x))
    convolution_function_swish,
    /// x * min(max(x / 6 + 1 / 2, 0), 1)
    convolution_function_hard_swish,
    /// x * (1 + erf(x / sqrt(2))) / 2
    convolution_function_gelu,
};

/// What follows the convolution: bias, then addend, then activation.
struct convolution_ending {
    /// One for each channel of the whole destination, in blocks; padded with zeros.
    const float *bias;
    /// What is added to the result, of the destination's type and layout but for the stride; or null.
    const void *addend;
    long addend_stride;
    /// The factor of negative results: 1 without an activation, 0 for ReLU.
    float slope;
    /// The largest result.
    float upper;
    /// What else is done to what is stored, while it is in the nearest cache.
    enum convolution_function function;
    float factor;
};

// Direct convolutions

/// Brings pixels of an image to where all outputs of some lines, one line behind the other, read neighbouring ones:
/// `[blocks, row_phases, kernel_width, rows, columns, 16]`. A row phase has every `stride`th row from its index on; of
/// these an element of a kernel's row has every `stride`th pixel from its own index on. Zeros outside of the image.
/// Blocks are `block_stride` elements apart. Where the channels of two lie together for each pixel, these are one; zeros stand
/// for the second of an odd last.
struct convolution_gathering {
    /// The first pixel, which may lie before the image.
    long first_row, first_column;
    /// Of outputs: the lines, and those more that the kernel reaches; and the pixels of a line.
    long rows, columns;
    long row_phases, kernel_width, stride, block_stride;
    /// Blocks that lie together: 1 or 2.
    long together;
};

void convolution_gather(
    const void *image, struct convolution_images images, long blocks, struct convolution_gathering gathering,
    void *gathered);

/// Elements of a row of an image of a few channels.
#define CONVOLUTION_IMAGE_ROW 8192

/// The same of an image of a few planes, row-major and of float32, as the first layers read it: for each output, the elements of
/// all channels under a row of the kernel, column by column, are 32 channels of bfloat16, filled with zeros:
/// `[row_phases, rows, columns, 32]`. What a row of outputs reads, and 32 more, is below CONVOLUTION_IMAGE_ROW.
void convolution_gather_image(
    const float *image, struct convolution_images images, long channels, struct convolution_gathering gathering,
    void *gathered);

/// What a convolution reads for its first pixel: at each tap, so many elements behind `pixels`, the channels of all blocks,
/// which are `block_stride` elements apart. The next pixel reads what lies 16 elements behind.
struct convolution_window {
    const void *pixels;
    const long *taps;
    long tap_count;
    long blocks, block_stride;
};

/// Of `channels` output channels, 16 or 32: `[tap, 16 * blocks, channels]` of float32 or bfloat16. Where bfloat16 is
/// multiplied by bfloat16, pairs of input channels lie together: `[tap, 8 * blocks, channels, 2]`.
struct convolution_weights {
    const void *elements;
    bool are_bfloat16;
    long channels;
};

/// `pixels` neighbouring pixels of the weights' output channels: the sum over taps and input channels of a window of the
/// weights' type. What bias, addend and destination point to is the first pixel's; their blocks of channels are
/// `destination_stride` elements apart. bfloat16 needs a processor with AVX512-BF16.
void convolution_multiply(
    struct convolution_window window, long pixels, struct convolution_weights weights, struct convolution_ending ending,
    void *destination, long destination_stride);

/// The same in the processor's matrix registers (AMX), of bfloat16 by bfloat16: at each tap and `block_stride` elements apart,
/// the window has 32 channels of each pixel, and the next pixel 32 elements behind. Pixels are read up to a multiple of 16,
/// whatever lies there. The processor must have them, and the process leave to use them.
void convolution_multiply_matrices(
    struct convolution_window window, long pixels, struct convolution_weights weights, struct convolution_ending ending,
    void *destination, long destination_stride);

// Resampling

/// How an axis becomes longer or shorter: each output is a sum of `taps` elements, with weights.
struct convolution_axis {
    const int *indices;
    const float *weights;
    long taps;
};

/// A row of `width` pixels of one block of channels: what `rows` and `columns` make of a block of an image, which begins
/// at `image`.
void convolution_resample(
    const void *image, struct convolution_images images, struct convolution_axis rows, struct convolution_axis columns,
    long row, long width, void *destination);

// Averaging

/// A row of `width` means of windows of `rows` x `columns` elements, `step` elements apart, the first of which begins at
/// `source`, in a row-major plane.
void convolution_average_row(
    const float *source, long row_length, long rows, long columns, long step, long width, float *destination);

// Joining

/// Copies `pixels` neighbouring pixels of a part's channels, float32, to where they lie in the whole: from the channel
/// `first` on. Both are in blocks of channels, so many elements apart as the strides say; what fills the part's last block
/// goes with it, as far as the whole's `blocks` reach, so that parts must come in their order.
void convolution_join(
    const float *part, long part_blocks, long part_stride, float *whole, long blocks, long whole_stride, long first,
    long pixels);

/// Copies `pixels` neighbouring pixels of a part, a byte for each of its channels, to pixels that are `stride` bytes apart, each
/// byte as the table of 256 has it.
void convolution_join_levels(
    const unsigned char *part, long channels, unsigned char *whole, long stride, long pixels,
    const unsigned char *table);

// Winograd's minimal filtering
//
// A tile of n x n inputs gives m x m outputs, where n = m + r - 1 for a kernel of r x r:
//
//     Y = A' [ (G g G') . (B' d B) ] A
//
// summed over the input channels, with matrices that follow from interpolation points: 0, pairs +-p, and infinity.
// Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2016; the construction for any points is
// Cook and Toom's, in the form of Blahut, Fast Algorithms for Signal Processing, 2010.

/// The sides of a tile.
enum winograd_tile {
    /// n = 4, m = 2, r = 3
    winograd_tile_2of4,
    /// n = 6, m = 4, r = 3
    winograd_tile_4of6,
    /// n = 8, m = 6, r = 3
    winograd_tile_6of8,
    /// n = 8, m = 4, r = 5
    winograd_tile_4of8,
};

/// Where the tiles of a batch lie: row by row, image by image.
struct winograd_tiles {
    long across, per_image;
    /// Rows and columns of zeros before the first of the source.
    long pad_top, pad_left;
    /// The tiles to work on.
    long first, count;
};

/// The n - 1 finite interpolation points of a tile, 0 first.
const double *winograd_points(enum winograd_tile tile);

/// B' d B of `tiles` for `blocks` blocks of channels, to `transformed`: `[n * n, blocks, count, 16]`, where matrices
/// are `matrix_stride` elements apart, and blocks `block_stride`.
void winograd_transform_source(
    enum winograd_tile tile, const void *source, struct convolution_images images, long blocks,
    struct winograd_tiles tiles, float *transformed, long block_stride, long matrix_stride);

/// `[points, blocks, count, 16]` times the weights, `[points, 16 * blocks, channels]` of either type; the result is
/// `[points, count, channels]`, where matrices are `result_stride` elements apart.
void winograd_multiply(
    long points, const float *transformed, long matrix_stride, long blocks, long block_stride, long count,
    struct convolution_weights weights, float *result, long result_stride);

/// A' r A of `tiles`, and what follows, to the block `block` (and with 32 channels the next) of the destination.
void winograd_transform_result(
    enum winograd_tile tile, const float *result, long result_stride, long channels, struct winograd_tiles tiles,
    struct convolution_ending ending, void *destination, struct convolution_images images, long block);

// Learning, by tiles of 6 x 6 inputs and 4 x 4 outputs of kernels of 3 x 3, all float32
//
// The gradient with regard to the kernel correlates the source with the gradient of what came out: 6 x 6 inputs and 4 x 4
// gradients give 3 x 3 taps, so that it has the same points as the way forwards, and the same transform of the source.

/// Of a kernel, where its elements are: that of an output and an input channel begins at `output * output_stride + input *
/// input_stride` and has 3 x 3 elements, which are read backwards where it is `turned`. Channels are in blocks of 16.
struct winograd_kernel {
    const float *elements;
    long output_stride, input_stride;
    bool turned;
    long inputs, outputs;
};

/// G g G' of a group of `channels` output channels, 16 or 32, from the block `first` on: `[36, 16 * inputs, channels]`.
void winograd_transform_kernel(struct winograd_kernel kernel, long first, long channels, float *transformed);

/// G d G' of gradients, `[36, blocks, count, 16]` in the way of `winograd_transform_source`.
void winograd_transform_gradient(
    const float *gradient, struct convolution_images images, long blocks, struct winograd_tiles tiles,
    float *transformed, long block_stride, long matrix_stride);

/// What two sides of some tiles have at one point: `[blocks, count, 16]`, where blocks are `stride` elements apart.
struct winograd_side {
    const float *elements;
    long blocks, stride;
};

/// The products of all pairs of a source's and a gradient's channels, summed over `count` tiles and added to `sums`,
/// `[16 * source.blocks, 16 * gradient.blocks]`; or put there where it `begins`.
void winograd_correlate(
    struct winograd_side source, struct winograd_side gradient, long count, bool begins, float *sums);

/// A' s A of sums that are `stride` elements apart from point to point, for the input channels from `first` to `end`:
/// `[16 * outputs, 16 * inputs, 3, 3]`.
void winograd_transform_sums(
    const float *sums, long stride, long inputs, long outputs, long first, long end, float *gradient);

// Batch normalisation, on any processor

/// Images whose channels lie in blocks, `[images, blocks, pixels, lanes]`: 16 lanes with AVX-512, and 8 without.
struct channel_blocks {
    long images, blocks, pixels, lanes;
};

/// For each channel, `(x - mean) * factor + shift`; then, where it is rectified, what is below 0 or above a limit is cut off.
struct channel_normalisation {
    const float *means, *factors, *shifts;
    bool is_rectified;
    float upper;
};

/// Mean, and sum of squared distances from it, of each channel. Those of runs are joined as by Chan, Golub and LeVeque,
/// "Updating formulae and a pairwise algorithm for computing sample variances", 1979.
void channel_moments(struct channel_blocks of, const float *data, float *means, float *squares);

/// The sum of each channel.
void channel_totals(struct channel_blocks of, const float *data, float *sums);

void channel_normalise(struct channel_blocks of, struct channel_normalisation by, const float *data, float *result);

/// For each channel, the sum of the gradient before the rectifier, and of its products with `(x - mean) * inverse`.
void channel_gradient_sums(
    struct channel_blocks of, struct channel_normalisation by, const float *gradient, const float *data,
    const float *inverses, float *shifts, float *scales);

/// `factor * (g - shift - (x - mean) * slope)` of the gradient `g` before the rectifier.
void channel_gradient(
    struct channel_blocks of, struct channel_normalisation by, const float *gradient, const float *data,
    const float *shifts, const float *slopes, float *result);

#endif
