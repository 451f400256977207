#!/usr/bin/env bash
# oneDNN copies integers from one grid to another and forgets both zero points, where they go to a part of an image (a submemory) of a
# few channels, channels last. It answers as usual, with the scale applied.
#
# The same reorder, of the same numbers, to an image of its own is right, and so are parts of 8, 16, ... channels that begin at such
# a one. Who joins quantised maps without copies between must join numbers, or look integers up in a table of 256.
#
# Seen with oneDNN 2.6.3 (Debian 12, 2.6.3-1): integers of 8 bits, 120 less a zero point of 100, in steps twice as large, are 10
# more than a zero point of 7: 17. To parts of 8 of 16 channels comes 17, to parts of 4 of 8 or 3 of 11: 60, which is 120 / 2.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -q libdnnl2=2.6.3-1 libdnnl-dev=2.6.3-1 ocl-icd-libopencl1 libgomp1 >log 2>&1 || { cat log >&2; exit 1; }
for package in *.deb; do dpkg -x "$package" root; done
libraries=root/usr/lib/x86_64-linux-gnu

cat >copying.c <<'C'
#include <oneapi/dnnl/dnnl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { SIDE = 8, LEVEL = 120, ZERO = 100, NEW_ZERO = 7, RIGHT = (LEVEL - ZERO) / 2 + NEW_ZERO };

/* Copies a part of `channels` to the channels from `first` on of an image of `all`, and gives the least level that came. */
static int copy(dnnl_engine_t engine, dnnl_stream_t stream, long channels, long first, long all) {
    uint8_t levels[64 * SIDE * SIDE], whole[64 * SIDE * SIDE];
    memset(levels, LEVEL, sizeof levels);
    memset(whole, 255, sizeof whole);
    dnnl_dims_t part = {1, channels, SIDE, SIDE}, image = {1, all, SIDE, SIDE}, origin = {0, first, 0, 0};
    dnnl_memory_desc_t source, full, slice;
    dnnl_memory_desc_init_by_tag(&source, 4, part, dnnl_u8, dnnl_nhwc);
    dnnl_memory_desc_init_by_tag(&full, 4, image, dnnl_u8, dnnl_nhwc);
    dnnl_memory_desc_init_submemory(&slice, &full, part, origin);
    dnnl_primitive_attr_t attributes;
    dnnl_primitive_attr_create(&attributes);
    const float scale = 0.5f;
    const int32_t zero = ZERO, new_zero = NEW_ZERO;
    dnnl_primitive_attr_set_output_scales(attributes, 1, 0, &scale);
    dnnl_primitive_attr_set_zero_points(attributes, DNNL_ARG_SRC, 1, 0, &zero);
    dnnl_primitive_attr_set_zero_points(attributes, DNNL_ARG_DST, 1, 0, &new_zero);
    dnnl_primitive_desc_t descriptor;
    if (dnnl_reorder_primitive_desc_create(&descriptor, &source, engine, &slice, engine, attributes)) return -1;
    const char *kernel;
    dnnl_primitive_desc_query(descriptor, dnnl_query_impl_info_str, 0, &kernel);
    dnnl_primitive_t primitive;
    dnnl_primitive_create(&primitive, descriptor);
    dnnl_memory_t in, out;
    dnnl_memory_create(&in, &source, engine, levels);
    dnnl_memory_create(&out, &slice, engine, whole);
    dnnl_primitive_execute(primitive, stream, 2, (dnnl_exec_arg_t[]){{DNNL_ARG_FROM, in}, {DNNL_ARG_TO, out}});
    dnnl_stream_wait(stream);
    const int found = whole[first];
    printf("%ld channels to %ld of %ld, %s: %d, %d is right\n", channels, first, all, kernel, found, RIGHT);
    return found;
}

int main(void) {
    dnnl_engine_t engine;
    dnnl_engine_create(&engine, dnnl_cpu, 0);
    dnnl_stream_t stream;
    dnnl_stream_create(&stream, engine, dnnl_stream_default_flags);
    printf("oneDNN %d.%d.%d\n", dnnl_version()->major, dnnl_version()->minor, dnnl_version()->patch);
    const int alone = copy(engine, stream, 4, 0, 4), eight = copy(engine, stream, 8, 8, 16);
    const int four = copy(engine, stream, 4, 4, 8), three = copy(engine, stream, 3, 0, 11);
    return !(alone == RIGHT && eight == RIGHT && four == LEVEL / 2 && three == LEVEL / 2);
}
C
cc -std=c11 -I root/usr/include copying.c -L "$libraries" -ldnnl -l:libgomp.so.1 -Wl,-rpath-link,"$libraries" -o copying
OMP_NUM_THREADS=1 LD_LIBRARY_PATH=$libraries ./copying
