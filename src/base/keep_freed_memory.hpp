#pragma once

#include <malloc.h>

#include <climits>

namespace syncline {

/// From now on blocks of up to 32 MiB, glibc's most, come from memory that the process keeps when
/// they are freed. Otherwise each message of some megabytes is mapped anew, and the kernel clears
/// page after page: a good part of what it costs to receive one. For whole programs, not for
/// libraries.
inline void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
}

}  // namespace syncline
