#ifndef SCANREPORT_CTIFF_SHIM_H
#define SCANREPORT_CTIFF_SHIM_H

#include <tiffio.h>

// TIFFGetField and TIFFSetField are variadic, and Swift cannot call variadic C functions. There is one wrapper
// here per kind of argument list that the tags we use take; which tag takes which is in libtiff's manual page
// TIFFGetField(3tiff). Nothing else is wrapped.

static inline int ctiff_get_uint16(TIFF *tiff, uint32_t tag, uint16_t *value) {
    return TIFFGetField(tiff, tag, value);
}

static inline int ctiff_get_uint16_defaulted(TIFF *tiff, uint32_t tag, uint16_t *value) {
    return TIFFGetFieldDefaulted(tiff, tag, value);
}

static inline int ctiff_get_uint16_pair_defaulted(TIFF *tiff, uint32_t tag, uint16_t *first, uint16_t *second) {
    return TIFFGetFieldDefaulted(tiff, tag, first, second);
}

static inline int ctiff_get_uint32(TIFF *tiff, uint32_t tag, uint32_t *value) {
    return TIFFGetField(tiff, tag, value);
}

static inline int ctiff_get_float(TIFF *tiff, uint32_t tag, float *value) {
    return TIFFGetField(tiff, tag, value);
}

static inline int ctiff_get_double(TIFF *tiff, uint32_t tag, double *value) {
    return TIFFGetField(tiff, tag, value);
}

static inline int ctiff_get_counted_bytes(TIFF *tiff, uint32_t tag, uint32_t *count, const void **values) {
    return TIFFGetField(tiff, tag, count, values);
}

static inline int ctiff_get_string(TIFF *tiff, uint32_t tag, const char **value) {
    return TIFFGetField(tiff, tag, value);
}

// For tags of a fixed number of floats (YCbCrCoefficients, ReferenceBlackWhite): no count is passed.
static inline int ctiff_get_floats(TIFF *tiff, uint32_t tag, const float **values) {
    return TIFFGetField(tiff, tag, values);
}

static inline int ctiff_get_counted_uint16s(TIFF *tiff, uint32_t tag, uint16_t *count, const uint16_t **values) {
    return TIFFGetField(tiff, tag, count, values);
}

static inline int ctiff_get_counted_uint64s(TIFF *tiff, uint32_t tag, uint16_t *count, const uint64_t **values) {
    return TIFFGetField(tiff, tag, count, values);
}

static inline int ctiff_get_colour_map(
    TIFF *tiff, const uint16_t **red, const uint16_t **green, const uint16_t **blue) {
    return TIFFGetField(tiff, TIFFTAG_COLORMAP, red, green, blue);
}

// Integers narrower than int are promoted to int by a variadic call, so this one serves the 16-bit tags.
static inline int ctiff_set_int(TIFF *tiff, uint32_t tag, int value) {
    return TIFFSetField(tiff, tag, value);
}

static inline int ctiff_set_uint32(TIFF *tiff, uint32_t tag, uint32_t value) {
    return TIFFSetField(tiff, tag, value);
}

// Floats are promoted to double by a variadic call.
static inline int ctiff_set_double(TIFF *tiff, uint32_t tag, double value) {
    return TIFFSetField(tiff, tag, value);
}

static inline int ctiff_set_string(TIFF *tiff, uint32_t tag, const char *value) {
    return TIFFSetField(tiff, tag, value);
}

static inline int ctiff_set_int_pair(TIFF *tiff, uint32_t tag, int first, int second) {
    return TIFFSetField(tiff, tag, first, second);
}

static inline int ctiff_set_counted_uint16s(TIFF *tiff, uint32_t tag, int count, const uint16_t *values) {
    return TIFFSetField(tiff, tag, count, values);
}

static inline int ctiff_set_counted_uint64s(TIFF *tiff, uint32_t tag, int count, const uint64_t *values) {
    return TIFFSetField(tiff, tag, count, values);
}

static inline int ctiff_set_colour_map(TIFF *tiff, const uint16_t *red, const uint16_t *green, const uint16_t *blue) {
    return TIFFSetField(tiff, TIFFTAG_COLORMAP, red, green, blue);
}

#endif
