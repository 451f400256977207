#ifndef SCANREPORT_CJPEG_H
#define SCANREPORT_CJPEG_H

#include <stddef.h>

// Encodes interleaved 8-bit RGB as a baseline JPEG with libjpeg, which reports errors through longjmp: no caller in Swift
// could stand that.
//
// Returns the bytes, which the caller frees with free, and their number; NULL where there is no memory, or a side is none
// that JPEG has.
unsigned char *cjpeg_encode(const unsigned char *rgb, unsigned width, unsigned height, int quality, size_t *size);

// Decodes the brightness of a JPEG, whose sides must be these.
//
// Returns width * height bytes, which the caller frees with free; NULL for what is no such JPEG, is damaged, or where there is no
// memory.
unsigned char *cjpeg_decode_grey(const unsigned char *bytes, size_t size, unsigned width, unsigned height);

// The same of its colours: 3 * width * height bytes.
unsigned char *cjpeg_decode_rgb(const unsigned char *bytes, size_t size, unsigned width, unsigned height);

#endif
