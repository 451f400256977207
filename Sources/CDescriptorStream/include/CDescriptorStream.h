#ifndef SCANREPORT_CDESCRIPTORSTREAM_H
#define SCANREPORT_CDESCRIPTORSTREAM_H

enum { cdescriptor_path_size = 32 };

// The name of an open descriptor, for libraries that open files by name with fopen: /proc/self/fd/N.
//
// Landlock denies a confined process to open even what it holds open already. So this target has a fopen of its own, which
// is linked before libc's: for such a name it gives a stream that reads through the descriptor (with pread, so that any
// number of streams may read one), for every other it calls libc's.
void cdescriptor_path(int descriptor, char path[cdescriptor_path_size]);

#endif
