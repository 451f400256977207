#!/usr/bin/env bash
# oneDNN 2 takes the numbers of the first for two post-operations of one function with a sum between them.
#
# An integer convolution may scale its sums, add what the destination held, and shift the result: linear(0.5, 0), sum,
# linear(1, 11). The second linear is computed with 0.5 and 0: status success, from its first to its last implementation
# (AVX2 to AMX). Functions that differ do not disturb each other: clip in place of one linear is right.
#
# Seen with oneDNN 2.6.3 (Debian 12, 2.6.3-1): 20 * 0.5 + 6 + 11 = 27 comes out as 8, (20 * 0.5 + 6) * 0.5.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -q libdnnl2=2.6.3-1 libdnnl-dev=2.6.3-1 ocl-icd-libopencl1 libgomp1 >log 2>&1 || { cat log >&2; exit 1; }
for package in *.deb; do dpkg -x "$package" root; done
libraries=root/usr/lib/x86_64-linux-gnu

cat >twice.c <<'C'
#include <oneapi/dnnl/dnnl.h>
#include <stdio.h>
#include <string.h>

enum { CHANNELS = 16, PIXELS = 64 };

/* 2 times 1 for 10 of the channels, 6 in the destination: linear(0.5, 0), sum, then linear(1, 11) or clip(0, 100). */
static int result(dnnl_engine_t engine, int is_linear) {
    dnnl_dims_t image = {1, CHANNELS, 8, 8}, kernel = {CHANNELS, CHANNELS, 1, 1}, one = {1, 1}, none = {0, 0};
    dnnl_memory_desc_t source, plain, weights, destination;
    dnnl_memory_desc_init_by_tag(&source, 4, image, dnnl_u8, dnnl_nhwc);
    dnnl_memory_desc_init_by_tag(&destination, 4, image, dnnl_u8, dnnl_nhwc);
    dnnl_memory_desc_init_by_tag(&plain, 4, kernel, dnnl_s8, dnnl_oihw);
    dnnl_memory_desc_init_by_tag(&weights, 4, kernel, dnnl_s8, dnnl_format_tag_any);
    dnnl_convolution_desc_t convolution;
    dnnl_convolution_forward_desc_init(&convolution, dnnl_forward_inference, dnnl_convolution_direct, &source, &weights,
        NULL, &destination, one, none, none);
    dnnl_primitive_attr_t attributes;
    dnnl_primitive_attr_create(&attributes);
    dnnl_post_ops_t operations;
    dnnl_post_ops_create(&operations);
    dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_linear, 0.5, 0);
    dnnl_post_ops_append_sum(operations, 1);
    if (is_linear) dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_linear, 1, 11);
    else dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_clip, 0, 100);
    dnnl_primitive_attr_set_post_ops(attributes, operations);
    dnnl_primitive_desc_t descriptor;
    dnnl_primitive_desc_create(&descriptor, &convolution, attributes, engine, NULL);
    const dnnl_memory_desc_t *wanted = dnnl_primitive_desc_query_md(descriptor, dnnl_query_weights_md, 0);
    static char pixels[CHANNELS * PIXELS], results[CHANNELS * PIXELS], numbers[CHANNELS * CHANNELS], moved[1 << 16];
    memset(pixels, 2, sizeof pixels);
    memset(results, 6, sizeof results);
    for (int i = 0; i < CHANNELS * CHANNELS; i++) numbers[i] = i % CHANNELS < 10;
    dnnl_memory_t in, out, from, to;
    dnnl_memory_create(&in, &source, engine, pixels);
    dnnl_memory_create(&out, &destination, engine, results);
    dnnl_memory_create(&from, &plain, engine, numbers);
    dnnl_memory_create(&to, wanted, engine, moved);
    dnnl_stream_t stream;
    dnnl_stream_create(&stream, engine, dnnl_stream_default_flags);
    dnnl_primitive_desc_t copy;
    dnnl_reorder_primitive_desc_create(&copy, &plain, engine, wanted, engine, NULL);
    dnnl_primitive_t first, second;
    dnnl_primitive_create(&first, copy);
    dnnl_primitive_create(&second, descriptor);
    dnnl_primitive_execute(first, stream, 2, (dnnl_exec_arg_t[]){{DNNL_ARG_SRC, from}, {DNNL_ARG_DST, to}});
    dnnl_primitive_execute(second, stream, 3,
        (dnnl_exec_arg_t[]){{DNNL_ARG_SRC, in}, {DNNL_ARG_WEIGHTS, to}, {DNNL_ARG_DST, out}});
    return (unsigned char)results[0];
}

int main(void) {
    dnnl_engine_t engine;
    dnnl_engine_create(&engine, dnnl_cpu, 0);
    int linear = result(engine, 1), clip = result(engine, 0);
    printf("oneDNN %d.%d.%d: linear, sum, linear: %d, not 27; linear, sum, clip: %d\n", dnnl_version()->major,
        dnnl_version()->minor, dnnl_version()->patch, linear, clip);
    return !(linear == 8 && clip == 16);
}
C
cc -std=c11 -I root/usr/include twice.c -L "$libraries" -ldnnl -Wl,-rpath-link,"$libraries" -o twice
LD_LIBRARY_PATH=$libraries ./twice
