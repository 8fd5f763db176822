// SPDX-License-Identifier: Apache-2.0
// `NAME_replay FOLDER` feeds each file of the folder to the fuzzer it is linked with, so that cases
// once found stay fixed. A case that fails stops the process, and its name is the last one printed.
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

// The copy is exactly as long as the file, so that the address sanitizer sees the first byte past
// it.
static void replay(const char *path) {
    FILE *file = fopen(path, "rb");
    struct stat status;
    uint8_t *data;
    size_t size;

    if (!file || fstat(fileno(file), &status) != 0) {
        perror(path);
        exit(1);
    }
    size = (size_t)status.st_size;
    data = malloc(size);
    if ((!data && size > 0) || fread(data, 1, size, file) != size) {
        perror(path);
        exit(1);
    }
    fclose(file);
    printf("%s (%zu bytes)\n", path, size);
    fflush(stdout);
    LLVMFuzzerTestOneInput(data, size);
    free(data);
}

static int is_case(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

int main(int argc, char **argv) {
    struct dirent **entries;
    int count = argc == 2 ? scandir(argv[1], &entries, is_case, alphasort) : -1;

    if (count < 0) {
        fprintf(stderr, "usage: NAME_replay FOLDER\n");
        return 2;
    }
    for (int i = 0; i < count; i++) {
        char path[4096];

        snprintf(path, sizeof(path), "%s/%s", argv[1], entries[i]->d_name);
        replay(path);
        free(entries[i]);
    }
    free(entries);
    printf("%d passed, 0 failed\n", count);
    return 0;
}
