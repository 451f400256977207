#!/usr/bin/env bash
# oneDNN 2 has generated code for the weights' gradient of depthwise convolutions of 3 x 3, and none for 5 x 5 and 7 x 7.
#
# Forwards, and back to the data, all sizes run on vectors (jit_dw). The gradient with regard to the weights of a 5 x 5 one falls to
# a matrix product for each channel, and its channels must be unblocked for it: no error, no warning. Half of MobileNetV3's and
# EfficientNet's depthwise layers are of 5 x 5; in a U-Net on EfficientNet-Lite0 these few layers take a fifth of a step.
# Ask for the implementation's name, and compute the sum over the pixels for each tap yourself.
#
# Seen with oneDNN 2.6.3 (Debian 12, 2.6.3-1) on AVX-512: jit_dw for 3; x64:gemm:jit for 5 and 7.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -q libdnnl2=2.6.3-1 libdnnl-dev=2.6.3-1 ocl-icd-libopencl1 libgomp1 >log 2>&1 || { cat log >&2; exit 1; }
for package in *.deb; do dpkg -x "$package" root; done
libraries=root/usr/lib/x86_64-linux-gnu

cat >depthwise.c <<'C'
#include <oneapi/dnnl/dnnl.h>
#include <stdio.h>
#include <string.h>

enum { CHANNELS = 64, SIDE = 28 };

static const char *name(dnnl_engine_t engine, const void *operation, dnnl_primitive_desc_t hint, dnnl_primitive_desc_t *made) {
    const char *text = "none";
    if (dnnl_primitive_desc_create(made, operation, NULL, engine, hint) == dnnl_success)
        dnnl_primitive_desc_query(*made, dnnl_query_impl_info_str, 0, &text);
    return text;
}

/* Whether the weights' gradient of a depthwise convolution has generated code, as its forward side and the data's have. */
static int is_generated(dnnl_engine_t engine, int size) {
    dnnl_dims_t image = {1, CHANNELS, SIDE, SIDE}, kernel = {CHANNELS, 1, 1, size, size};
    dnnl_dims_t one = {1, 1}, pad = {size / 2, size / 2};
    dnnl_memory_desc_t data, weights;
    dnnl_memory_desc_init_by_tag(&data, 4, image, dnnl_f32, dnnl_format_tag_any);
    dnnl_memory_desc_init_by_tag(&weights, 5, kernel, dnnl_f32, dnnl_format_tag_any);
    dnnl_convolution_desc_t forward, back, learning;
    dnnl_convolution_forward_desc_init(&forward, dnnl_forward_training, dnnl_convolution_direct, &data, &weights, NULL, &data,
        one, pad, pad);
    dnnl_convolution_backward_data_desc_init(&back, dnnl_convolution_direct, &data, &weights, &data, one, pad, pad);
    dnnl_convolution_backward_weights_desc_init(&learning, dnnl_convolution_direct, &data, &weights, NULL, &data, one, pad, pad);
    dnnl_primitive_desc_t hint, made;
    const char *first = name(engine, &forward, NULL, &hint), *second = name(engine, &back, hint, &made),
               *third = name(engine, &learning, hint, &made);
    printf("%d x %d: forwards %s, to the data %s, to the weights %s\n", size, size, first, second, third);
    return strstr(first, "jit_dw") && strstr(second, "jit_dw") ? strstr(third, "jit_dw") != NULL : -1;
}

int main(void) {
    dnnl_engine_t engine;
    dnnl_engine_create(&engine, dnnl_cpu, 0);
    printf("oneDNN %d.%d.%d\n", dnnl_version()->major, dnnl_version()->minor, dnnl_version()->patch);
    return !(is_generated(engine, 3) == 1 && is_generated(engine, 5) == 0 && is_generated(engine, 7) == 0);
}
C
cc -std=c11 -I root/usr/include depthwise.c -L "$libraries" -ldnnl -Wl,-rpath-link,"$libraries" -o depthwise
LD_LIBRARY_PATH=$libraries ./depthwise
