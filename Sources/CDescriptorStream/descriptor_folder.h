#ifndef SCANREPORT_DESCRIPTOR_FOLDER_H
#define SCANREPORT_DESCRIPTOR_FOLDER_H

enum {
    // The folder holds nothing of this name.
    cdescriptor_missing = -1,
    // There is no such folder: whatever the name is, it is the file system's.
    cdescriptor_not_ours = -2,
};

// The descriptor of this name in the folder of this number, or one of the above.
int cdescriptor_find(int number, const char *name);

// The descriptor that a path of ours stands for (see CDescriptorStream.h), or one of the above.
int cdescriptor_number(const char *path);

#endif
