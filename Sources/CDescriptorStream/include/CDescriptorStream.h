#ifndef SCANREPORT_CDESCRIPTORSTREAM_H
#define SCANREPORT_CDESCRIPTORSTREAM_H

#include <stdbool.h>
#include <stddef.h>

enum { cdescriptor_path_size = 48 };

// The name of an open descriptor, for libraries that open files by name with fopen: /proc/self/fd/N.
//
// Landlock denies a confined process to open even what it holds open already. So this target has a fopen of its own, which
// is linked before libc's: for such a name it gives a stream that reads through the descriptor (with pread, so that any
// number of streams may read one), for every other it calls libc's. Likewise sqlite3_open_v2, for reading.
void cdescriptor_path(int descriptor, char path[cdescriptor_path_size]);

// Several open descriptors under names of their own: /proc/self/fd/N/NAME, N being the folder's number. A file holds no others,
// so no such name leads anywhere else; fopen and GLib's g_file_test answer for those that were given, and for no others.
//
// The names are copied; the descriptors stay open until the folder is removed. False where there is no memory.
bool cdescriptor_add_folder(int number, size_t count, const char *const names[], const int descriptors[]);
void cdescriptor_remove_folder(int number);

#endif
