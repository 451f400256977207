#ifndef SCANREPORT_CCONVOLUTION_TILES_H
#define SCANREPORT_CCONVOLUTION_TILES_H

#include "vector.h"

// Points whose powers stay near 1 round least; for tiles of 6 x 6 that are these two, reciprocals of one another.
#define POINT_6A 0.75
#define POINT_6B (4.0 / 3.0)

/// Where the outputs of a tile begin.
struct place {
    long image, row, column;
};

CONVOLUTION_INLINE struct place place(long tile, struct winograd_tiles tiles, int m) {
    long inImage = tile % tiles.per_image;
    return (struct place){tile / tiles.per_image, inImage / tiles.across * m, inImage % tiles.across * m};
}

#endif
