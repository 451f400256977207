#!/usr/bin/env bash
# oneDNN pools planes of rows (NCHW) some five times slower than the same numbers with channels last or in blocks.
#
# Of three channels its plain loop is taken, "simple_nchw"; of 16 or more the name is that of generated code, "jit:avx512_core", as it is
# for the other layouts, though it takes as long. So an image that comes as planes is halved by a loop of one's own, or behind the first
# change of layout.
#
# Seen with oneDNN 2.6.3 (Debian 12, 2.6.3-1) on AVX-512, means of 2 x 2 over 512 x 512, one thread: 3.4 ms by rows, 0.68 with channels
# last, 0.71 in blocks (3 channels); 15.4, 3.1 and 2.7 (64 channels). Largest elements likewise.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -q libdnnl2=2.6.3-1 libdnnl-dev=2.6.3-1 ocl-icd-libopencl1 libgomp1 >log 2>&1 || { cat log >&2; exit 1; }
for package in *.deb; do dpkg -x "$package" root; done
libraries=root/usr/lib/x86_64-linux-gnu

cat >pooling.c <<'C'
#define _GNU_SOURCE
#include <oneapi/dnnl/dnnl.h>
#include <stdio.h>
#include <time.h>

enum { SIDE = 512, ROUNDS = 9 };

static double seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

/* The least processor time of the means of 2 x 2. */
static double pool(dnnl_engine_t engine, dnnl_stream_t stream, long channels, dnnl_format_tag_t layout, const char *name) {
    dnnl_dims_t from = {1, channels, SIDE, SIDE}, to = {1, channels, SIDE / 2, SIDE / 2}, two = {2, 2}, none = {0, 0};
    dnnl_memory_desc_t source, result;
    dnnl_memory_desc_init_by_tag(&source, 4, from, dnnl_f32, layout);
    dnnl_memory_desc_init_by_tag(&result, 4, to, dnnl_f32, layout);
    dnnl_pooling_desc_t means;
    dnnl_pooling_forward_desc_init(
        &means, dnnl_forward_inference, dnnl_pooling_avg_exclude_padding, &source, &result, two, two, none, none);
    dnnl_primitive_desc_t descriptor;
    dnnl_primitive_desc_create(&descriptor, &means, NULL, engine, NULL);
    const char *kernel;
    dnnl_primitive_desc_query(descriptor, dnnl_query_impl_info_str, 0, &kernel);
    dnnl_primitive_t primitive;
    dnnl_primitive_create(&primitive, descriptor);
    dnnl_memory_t in, out;
    dnnl_memory_create(&in, &source, engine, DNNL_MEMORY_ALLOCATE);
    dnnl_memory_create(&out, &result, engine, DNNL_MEMORY_ALLOCATE);
    double least = 1e9;
    for (int round = 0; round < ROUNDS; round++) {
        const double start = seconds();
        dnnl_primitive_execute(
            primitive, stream, 2, (dnnl_exec_arg_t[]){{DNNL_ARG_SRC, in}, {DNNL_ARG_DST, out}});
        dnnl_stream_wait(stream);
        const double taken = seconds() - start;
        if (taken < least) least = taken;
    }
    printf("%ld channels, %s, %s: %.2f ms\n", channels, name, kernel, least * 1e3);
    return least;
}

int main(void) {
    dnnl_engine_t engine;
    dnnl_engine_create(&engine, dnnl_cpu, 0);
    dnnl_stream_t stream;
    dnnl_stream_create(&stream, engine, dnnl_stream_default_flags);
    printf("oneDNN %d.%d.%d\n", dnnl_version()->major, dnnl_version()->minor, dnnl_version()->patch);
    int is_slow = 1;
    for (long channels = 3; channels <= 64; channels += 61) {
        const double rows = pool(engine, stream, channels, dnnl_nchw, "rows");
        const double last = pool(engine, stream, channels, dnnl_nhwc, "channels last");
        const double blocks = pool(engine, stream, channels, dnnl_nChw16c, "blocks of 16");
        is_slow = is_slow && rows > 2 * last && rows > 2 * blocks;
    }
    return !is_slow;
}
C
cc -std=c11 -I root/usr/include pooling.c -L "$libraries" -ldnnl -l:libgomp.so.1 -Wl,-rpath-link,"$libraries" -o pooling
OMP_NUM_THREADS=1 LD_LIBRARY_PATH=$libraries ./pooling
