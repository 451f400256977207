#include "descriptor_folder.h"

#include "CDescriptorStream.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    char *name;
    int descriptor;
};

struct folder {
    struct folder *next;
    int number;
    size_t count;
    struct entry entries[];
};

static struct folder *folders;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void free_folder(struct folder *folder) {
    for (size_t i = 0; i < folder->count; i++) free(folder->entries[i].name);
    free(folder);
}

bool cdescriptor_add_folder(int number, size_t count, const char *const names[], const int descriptors[]) {
    struct folder *folder = malloc(sizeof *folder + count * sizeof folder->entries[0]);
    if (!folder) return false;
    *folder = (struct folder){.number = number, .count = 0};
    for (; folder->count < count; folder->count++) {
        char *name = strdup(names[folder->count]);
        if (!name) {
            free_folder(folder);
            return false;
        }
        folder->entries[folder->count] = (struct entry){name, descriptors[folder->count]};
    }
    pthread_mutex_lock(&lock);
    folder->next = folders;
    folders = folder;
    pthread_mutex_unlock(&lock);
    return true;
}

void cdescriptor_remove_folder(int number) {
    pthread_mutex_lock(&lock);
    struct folder **link = &folders;
    while (*link && (*link)->number != number) link = &(*link)->next;
    struct folder *folder = *link;
    if (folder) *link = folder->next;
    pthread_mutex_unlock(&lock);
    if (folder) free_folder(folder);
}

int cdescriptor_find(int number, const char *name) {
    int found = cdescriptor_not_ours;
    pthread_mutex_lock(&lock);
    struct folder *folder = folders;
    while (folder && folder->number != number) folder = folder->next;
    if (folder) {
        found = cdescriptor_missing;
        for (size_t i = 0; i < folder->count && found < 0; i++) {
            if (strcmp(folder->entries[i].name, name) == 0) found = folder->entries[i].descriptor;
        }
    }
    pthread_mutex_unlock(&lock);
    return found;
}
