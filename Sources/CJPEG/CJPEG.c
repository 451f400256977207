#include "CJPEG.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

typedef struct {
    struct jpeg_error_mgr manager;
    jmp_buf exit;
} ErrorExit;

static void leave(j_common_ptr info) {
    longjmp(((ErrorExit *)info->err)->exit, 1);
}

static void say_nothing(j_common_ptr info) {
    (void)info;
}

unsigned char *cjpeg_encode(const unsigned char *rgb, unsigned width, unsigned height, int quality, size_t *size) {
    struct jpeg_compress_struct info;
    ErrorExit errors;
    // Changed between setjmp and longjmp: volatile, so that it is what it was last.
    unsigned char *volatile bytes = NULL;
    unsigned char *buffer = NULL;
    unsigned long length = 0;

    info.err = jpeg_std_error(&errors.manager);
    errors.manager.error_exit = leave;
    errors.manager.output_message = say_nothing;
    if (setjmp(errors.exit)) {
        jpeg_destroy_compress(&info);
        free(bytes);
        return NULL;
    }
    jpeg_create_compress(&info);
    jpeg_mem_dest(&info, &buffer, &length);
    bytes = buffer;
    info.image_width = width;
    info.image_height = height;
    info.input_components = 3;
    info.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, quality, TRUE);
    info.dct_method = JDCT_ISLOW;
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < info.image_height) {
        JSAMPROW row = (JSAMPROW)(rgb + (size_t)info.next_scanline * width * 3);
        jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    *size = length;
    return buffer;
}

static unsigned char *decode(
    const unsigned char *bytes, size_t size, unsigned width, unsigned height, J_COLOR_SPACE colours, size_t samples) {
    struct jpeg_decompress_struct info;
    ErrorExit errors;
    unsigned char *volatile pixels = NULL;

    info.err = jpeg_std_error(&errors.manager);
    errors.manager.error_exit = leave;
    errors.manager.output_message = say_nothing;
    if (setjmp(errors.exit)) {
        jpeg_destroy_decompress(&info);
        free(pixels);
        return NULL;
    }
    jpeg_create_decompress(&info);
    jpeg_mem_src(&info, bytes, size);
    jpeg_read_header(&info, TRUE);
    info.out_color_space = colours;
    info.dct_method = JDCT_ISLOW;
    if (info.image_width == width && info.image_height == height) pixels = malloc(width * samples * height);
    if (pixels != NULL) {
        jpeg_start_decompress(&info);
        while (info.output_scanline < info.output_height) {
            JSAMPROW row = pixels + info.output_scanline * width * samples;
            jpeg_read_scanlines(&info, &row, 1);
        }
        jpeg_finish_decompress(&info);
        // What is cut off or garbled is a warning to libjpeg, which goes on with grey.
        if (errors.manager.num_warnings > 0) {
            free(pixels);
            pixels = NULL;
        }
    }
    jpeg_destroy_decompress(&info);
    return pixels;
}

unsigned char *cjpeg_decode_grey(const unsigned char *bytes, size_t size, unsigned width, unsigned height) {
    return decode(bytes, size, width, height, JCS_GRAYSCALE, 1);
}

unsigned char *cjpeg_decode_rgb(const unsigned char *bytes, size_t size, unsigned width, unsigned height) {
    return decode(bytes, size, width, height, JCS_RGB, 3);
}
