#ifndef SCANREPORT_CONEDNN_H
#define SCANREPORT_CONEDNN_H

#include <oneapi/dnnl/dnnl.h>
#include <oneapi/dnnl/dnnl_debug.h>

#if DNNL_VERSION_MAJOR != 2
#error "scanreport is written for the descriptors of oneDNN 2.x: install that version's headers (libdnnl-dev)"
#endif

// The OpenMP runtime that oneDNN is linked with. Declared here because <omp.h> lies in the C
// compiler's own folder, which Swift's importer does not search.
void omp_set_num_threads(int num_threads);
int omp_get_max_threads(void);
int omp_get_thread_num(void);
int omp_get_num_threads(void);
// What compilers turn a parallel region into.
void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);

// A union that Swift imports without a usable accessor for its first member.
static inline const dnnl_blocking_desc_t *scanreport_blocking(const dnnl_memory_desc_t *descriptor) {
    return &descriptor->format_desc.blocking;
}

#endif
